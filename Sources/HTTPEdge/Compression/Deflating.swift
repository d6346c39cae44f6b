import CZlib
import NIOCore

/// A body that the library could not make smaller.
struct DeflateError: Error {
    let code: Int32
}

/// A whole body at once through zlib.
enum Deflating {
    /// Fast rather than small: most of what can be gained is gained by the first level.
    private static let level: Int32 = 1
    private static let windowBits: Int32 = 15
    /// Added to the bits of the window: the gzip format.
    private static let gzipFormat: Int32 = 16

    static func compress(_ body: ByteBuffer, as coding: ContentCoding) throws(DeflateError) -> ByteBuffer {
        var stream = z_stream()
        let bits = coding == .gzip ? windowBits + gzipFormat : windowBits
        let begun = deflateInit2_(
            &stream, level, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard begun == Z_OK else { throw DeflateError(code: begun) }
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(body.readableBytes)))
        var compressed = ByteBuffer()
        var code = Z_OK
        compressed.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { output in
            body.withUnsafeReadableBytes { input in
                // The library does not write to its input; its header leaves the word out.
                stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
                stream.avail_out = UInt32(bound)
                code = deflate(&stream, Z_FINISH)
                return bound - Int(stream.avail_out)
            }
        }
        guard code == Z_STREAM_END else { throw DeflateError(code: code) }
        return compressed
    }
}
