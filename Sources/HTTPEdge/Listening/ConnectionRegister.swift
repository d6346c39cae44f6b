import Metrics
import Locking

/// Counts the open connections of each client.
final class ConnectionRegister: Sendable {
    private let open = Mutex<[IPAddress: Int]>([:])
    private let most: Int
    private let refused = Counter(label: "http.server.connections_refused")

    /// - Parameter most: of one client; 0 is no limit.
    init(most: Int) {
        self.most = most
    }

    func admit(_ client: IPAddress) -> Bool {
        let isAdmitted = open.withLock { open in
            let count = open[client] ?? 0
            guard most == 0 || count < most else { return false }
            open[client] = count + 1
            return true
        }
        if !isAdmitted { refused.increment() }
        return isAdmitted
    }

    func release(_ client: IPAddress) {
        open.withLock { open in
            let count = (open[client] ?? 1) - 1
            open[client] = count > 0 ? count : nil
        }
    }

    /// Clients that have a connection.
    var count: Int { open.withLock { $0.count } }
}
