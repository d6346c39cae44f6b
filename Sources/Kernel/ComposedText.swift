import Foundation

extension String {
    /// The same text in Unicode's normal form C, in which an accent is one scalar with its letter wherever there is one.
    package var composed: String { precomposedStringWithCanonicalMapping }
}
