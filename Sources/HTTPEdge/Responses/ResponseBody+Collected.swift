import HTTPTypes
package import Hummingbird
package import NIOCore

extension ResponseBody {
    /// The whole body, as it would be sent.
    package func collected() async throws -> ByteBuffer {
        let collected = CollectedBody()
        try await write(BodyCollector(collected: collected))
        return collected.buffer
    }
}

private final class CollectedBody {
    var buffer = ByteBuffer()
}

private struct BodyCollector: ResponseBodyWriter {
    let collected: CollectedBody

    mutating func write(_ buffer: ByteBuffer) async throws {
        if collected.buffer.readableBytes == 0 {
            collected.buffer = buffer
        } else {
            collected.buffer.writeImmutableBuffer(buffer)
        }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
