import NIOCore
import NIOPosix
import NIOSSL

/// A bare socket, for what a sound client never sends.
enum RawConnection {
    /// Sends the pieces one after another, then gives all that comes back until the server closes or the time is over.
    static func exchange(
        port: Int, pieces: [String], pause: Duration = .zero, patience: Duration = .seconds(5), tls: NIOSSLContext? = nil
    ) async throws -> Outcome {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        let channel = try await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                if let tls {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: "localhost"))
                }
                return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
        return try await channel.executeThenClose { inbound, outbound in
            try await withThrowingTaskGroup(of: Outcome?.self) { group in
                group.addTask { await read(inbound) }
                group.addTask {
                    for piece in pieces {
                        try? await outbound.write(ByteBuffer(string: piece))
                        try await Task.sleep(for: pause)
                    }
                    try await Task.sleep(for: patience)
                    return Outcome(text: "", isClosed: false)
                }
                let outcome = try await group.next() ?? nil
                group.cancelAll()
                return outcome ?? Outcome(text: "", isClosed: false)
            }
        }
    }

    /// Sends, and never reads; ends with the closure.
    static func leaveUnread<Value: Sendable>(port: Int, text: String, _ body: () async throws -> Value) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.autoRead, value: false)
            .connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
        let value = try await body()
        try? await channel.close().get()
        return value
    }

    struct Outcome {
        let text: String
        let isClosed: Bool

        /// Of each answer, in order.
        var statuses: [Int] {
            text.split(separator: "HTTP/1.1 ", omittingEmptySubsequences: false).dropFirst().compactMap { Int($0.prefix(3)) }
        }
    }

    /// Holds connections open, as many as asked for, while `body` runs; ends with it.
    static func holding<Value: Sendable>(_ count: Int, port: Int, _ body: ([any Channel]) async throws -> Value) async throws -> Value {
        var channels: [any Channel] = []
        for _ in 0..<count {
            channels.append(
                try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: port).get())
        }
        // The server has taken them all in when the last one is answered.
        let value = try await body(channels)
        for channel in channels { try? await channel.close().get() }
        return value
    }

    private static func read(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async -> Outcome {
        var text = ""
        do {
            for try await buffer in inbound { text += String(buffer: buffer) }
        } catch {
            // A reset after the answer ends the reading as a close does.
        }
        return Outcome(text: text, isClosed: true)
    }
}
