package import Composition

extension Secrets {
    /// The same in every test, so that fixtures can make keys.
    package static let forTests = Secrets(root: Array(repeating: 7, count: 32))
}
