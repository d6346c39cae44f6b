import Glibc
import Locking

/// Passes bytes between a TCP port and a Unix socket until told to stop, and then holds both ends open without a word: a half-open
/// connection, as a lost cable or a stuck middlebox leaves it.
final class SilentProxy: Sendable {
    let port: UInt16
    private let listener: CInt
    private let target: String
    private let state = Mutex(State())

    private struct State {
        var isSilent = false
        var isOver = false
        var accepted = 0
        var threads = 0
    }

    /// - Parameter target: path of the server's socket, for example `/tmp/x/.s.PGSQL.5432`.
    init(target: String) throws {
        self.target = target
        let host = try SilentHost()
        port = host.port
        listener = dup(host.descriptor)
        begin { $0.accept() }
    }

    /// How many connections came since the beginning.
    var accepted: Int { state.withLock { $0.accepted } }

    /// Connections made from now on are served; those of before stay open and dead.
    func fallSilent() { state.withLock { $0.isSilent = true } }

    func speakAgain() { state.withLock { $0.isSilent = false } }

    /// Ends every thread and closes what is open.
    func stop() {
        state.withLock { $0.isOver = true }
        while state.withLock({ $0.threads }) > 0 { usleep(10_000) }
        close(listener)
    }

    private func begin(_ body: @escaping @Sendable (SilentProxy) -> Void) {
        state.withLock { $0.threads += 1 }
        var thread = pthread_t()
        let box = Unmanaged.passRetained(
            Body { [self] in
                body(self)
                state.withLock { $0.threads -= 1 }
            })
        pthread_create(
            &thread, nil,
            { box in
                if let box { Unmanaged<Body>.fromOpaque(box).takeRetainedValue().run() }
                return nil
            }, box.toOpaque())
        pthread_detach(thread)
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private func accept() {
        while !state.withLock({ $0.isOver }) {
            guard isReadable(listener) else { continue }
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0, let server = connectToTarget() else { continue }
            state.withLock { $0.accepted += 1 }
            begin { $0.pump(client, server) }
        }
    }

    private func pump(_ client: CInt, _ server: CInt) {
        defer {
            close(client)
            close(server)
        }
        while !state.withLock({ $0.isOver }) {
            // Dead for good: what was silent once never speaks again.
            if state.withLock({ $0.isSilent }) { break }
            if isReadable(client), !pass(client, server) { return }
            if isReadable(server, milliseconds: 0), !pass(server, client) { return }
        }
        while !state.withLock({ $0.isOver }) { usleep(10_000) }
    }

    private func pass(_ from: CInt, _ to: CInt) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(from, &buffer, buffer.count)
        return count > 0 && send(to, buffer, count, CInt(MSG_NOSIGNAL)) == count
    }

    private func isReadable(_ socket: CInt, milliseconds: Int32 = 5) -> Bool {
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, milliseconds) > 0
    }

    private func connectToTarget() -> CInt? {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: target.utf8) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return status == 0 ? descriptor : nil
    }
}
