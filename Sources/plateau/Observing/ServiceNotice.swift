import FoundationEssentials
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#endif

/// Tells systemd how far the service is (sd_notify(3)), where it asks to be told.
struct ServiceNotice: Sendable {
    /// A socket's path, or its abstract name after an `@`.
    let address: String

    /// Nil unless started with `Type=notify`.
    static var fromEnvironment: ServiceNotice? {
        ProcessInfo.processInfo.environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : ServiceNotice(address: $0) }
    }

    /// Lost when nobody listens: the service runs all the same.
    func send(_ state: String) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        var path = Array(address.utf8)
        guard path.count < MemoryLayout.size(ofValue: name.sun_path) else { return }
        if path.first == UInt8(ascii: "@") { path[0] = 0 }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path) }
        // An abstract name ends where the address says, a path with a zero byte.
        let length = MemoryLayout<sa_family_t>.size + path.count + (path.first == 0 ? 0 : 1)
        let bytes = Array(state.utf8)
        _ = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), target, socklen_t(length))
            }
        }
    }
}

/// Says that the service is going, as soon as it is told to.
struct StoppingNotice: Service {
    func run() async throws {
        try await gracefulShutdown()
        ServiceNotice.fromEnvironment?.send("STOPPING=1")
    }
}
