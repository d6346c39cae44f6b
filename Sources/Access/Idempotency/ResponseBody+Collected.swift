import HTTPTypes
import Hummingbird
import NIOCore

extension ResponseBody {
    /// The whole body, as it would be sent.
    func collectedBytes() async throws -> [UInt8] {
        let collected = CollectedBody()
        try await write(BodyCollector(collected: collected))
        return Array(collected.buffer.readableBytesView)
    }
}

private final class CollectedBody {
    var buffer = ByteBuffer()
}

private struct BodyCollector: ResponseBodyWriter {
    let collected: CollectedBody

    mutating func write(_ buffer: ByteBuffer) async throws {
        collected.buffer.writeImmutableBuffer(buffer)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
