/// A reason why the private PostgreSQL could not be prepared, started or kept running.
///
/// The message is written for the person who started the program: it says what was found and what to do.
package struct ManagedPostgresError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, in one word.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Name: String {
            case binariesMissing, versionUnsupported, dataOfAnotherVersion, accountMissing, pathUnusable, stateLocked
            case creationFailed, orphanRunning, startFailed, notReady, systemCall
        }

        private let name: Name

        package static let binariesMissing = Code(name: .binariesMissing)
        package static let versionUnsupported = Code(name: .versionUnsupported)
        package static let dataOfAnotherVersion = Code(name: .dataOfAnotherVersion)
        package static let accountMissing = Code(name: .accountMissing)
        package static let pathUnusable = Code(name: .pathUnusable)
        package static let stateLocked = Code(name: .stateLocked)
        package static let creationFailed = Code(name: .creationFailed)
        package static let orphanRunning = Code(name: .orphanRunning)
        package static let startFailed = Code(name: .startFailed)
        package static let notReady = Code(name: .notReady)
        package static let systemCall = Code(name: .systemCall)

        package var description: String { name.rawValue }
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
