import Locking

/// The roles that the sign-in page of a demo network offers, each with a key of that network.
///
/// Opened by the command that serves the demo, once its network is loaded; nothing else opens it.
package final class DemoDoors: Sendable {
    package struct Door: Sendable {
        /// As the demo's file of keys calls it.
        package let role: String
        package let key: String

        package init(role: String, key: String) {
            self.role = role
            self.key = key
        }
    }

    private let doors = Mutex<[Door]>([])

    package init() {}

    package var all: [Door] { doors.withLock { $0 } }

    package func open(_ opened: [Door]) {
        doors.withLock { $0 = opened }
    }
}
