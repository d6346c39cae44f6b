import CZlib
import NIOCore

/// What a client makes of a compressed body; nil when it is none, or goes on after its end.
func inflated(_ body: ByteBuffer, atMost limit: Int = 1 << 20) -> String? {
    var stream = z_stream()
    // 32: whichever of the two formats it is.
    guard inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var input = Array(body.readableBytesView)
    var output = [UInt8](repeating: 0, count: limit)
    let code = input.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            return inflate(&stream, Z_FINISH)
        }
    }
    guard code == Z_STREAM_END, stream.avail_in == 0 else { return nil }
    return String(decoding: output.prefix(limit - Int(stream.avail_out)), as: UTF8.self)
}
