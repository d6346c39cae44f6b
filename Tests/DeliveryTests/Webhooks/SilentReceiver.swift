import NIOCore
import NIOPosix

/// Takes connections and says nothing.
enum SilentReceiver {
    static func serving(_ body: (Int) async throws -> Void) async throws {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        try await body(channel.localAddress?.port ?? 0)
        try await channel.close()
    }
}
