import Kernel
import NIOCore
import Testing

@testable import HTTPEdge

@Suite struct ContentCodingTests {
    @Test(
        arguments: [
            (nil, nil), ("", nil), ("gzip", .gzip), ("GZip", .gzip), ("deflate", .deflate), ("br", nil), ("br, gzip;q=0.2", .gzip),
            ("gzip;q=0", nil), ("gzip;q=0, deflate", .deflate), ("gzip;q=0.5, deflate;q=0.8", .deflate), ("deflate, gzip", .gzip),
            ("*", .gzip), ("*;q=0", nil), ("gzip;q=0, *", .deflate), ("identity", nil), ("identity, gzip;q=0.5", nil),
            ("identity;q=0.5, gzip", .gzip), ("gzip;q=x", nil), ("gzip ; q=1.0", .gzip), ("gzip, deflate, br, zstd", .gzip),
        ] as [(String?, ContentCoding?)])
    func `the form is one that is asked for`(header: String?, expected: ContentCoding?) {
        #expect(ContentCoding(acceptEncoding: header) == expected)
    }

    @Test(arguments: [UInt64(3), .random(in: 0 ... .max)])
    func `what is compressed comes back as it was`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 1...200 {
            let words = ["a", "é", "open", "\"day\":", String(random.next())]
            let text = (0..<Int.random(in: 0...2_000, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }.joined()
            for coding in ContentCoding.allCases {
                let body = ByteBuffer(string: text)
                #expect(inflated(try Deflating.compress(body, as: coding)) == text, "seed \(seed)")
            }
        }
    }
}
