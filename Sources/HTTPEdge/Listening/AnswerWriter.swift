import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTPTypes

/// Takes an answer's parts from its body: a small one is kept whole, so that it goes out in one piece; a stream is sent on as it comes.
final class AnswerWriter: ResponseBodyWriter {
    private static let mostKept = 65_536

    private let channel: any Channel
    private let isStream: Bool
    /// What has not been sent.
    private(set) var parts: [HTTPResponsePart]

    init(_ response: Response, channel: any Channel) {
        self.channel = channel
        isStream = response.body.contentLength.map { $0 > Self.mostKept } ?? true
        parts = [.head(response.head)]
    }

    func write(_ buffer: ByteBuffer) async throws {
        parts.append(.body(buffer))
        try await sendStream()
    }

    func finish(_ trailers: HTTPFields?) async throws {
        parts.append(.end(trailers))
        try await sendStream()
    }

    /// Waits until the socket has taken it: a slow client holds up its own answer, and nothing piles up.
    private func sendStream() async throws {
        guard isStream, let last = parts.popLast() else { return }
        for part in parts { channel.write(part, promise: nil) }
        parts = []
        try await channel.writeAndFlush(last).get()
    }
}
