import HTTPTypes
import Kernel
import NIOCore

@testable import HTTPEdge

/// What proxies and collectors write into the head of a request.
enum ForwardedInput {
    private static let peer = IPAddress("10.0.0.1")
    private static let stranger = IPAddress("192.0.2.1")
    private static let proxies = ["10.0.0.0/8", "2001:db8::/32"].compactMap { AddressRange($0) }

    static func readClient(_ bytes: [UInt8]) {
        guard let text = text(bytes) else { return }
        if let address = IPAddress(text) {
            precondition(IPAddress(address.description) == address, "\(address) is read otherwise than it is written")
            precondition(address.subscriber.subscriber == address.subscriber)
        }
        if let range = AddressRange(text), !text.contains("/") { precondition(IPAddress(text).map(range.contains) ?? false) }
        guard HTTPField.isValidValue(text) else { return }
        for field in Forwarding.Field.allCases {
            let forwarding = Forwarding(proxies: proxies, field: field)
            let headers: HTTPFields = [field.name: text]
            precondition(forwarding.client(peer: stranger, headers: headers) == stranger, "a stranger says who it is")
            precondition(forwarding.client(peer: peer, headers: headers) != nil, "nobody asks")
            precondition(Forwarding().client(peer: peer, headers: headers) == peer, "nobody is believed, and yet someone is")
        }
    }

    static func readTrace(_ bytes: [UInt8]) {
        guard let text = text(bytes), let trace = TraceContext(traceparent: text) else { return }
        precondition(TraceContext(traceparent: trace.traceparent) == trace, "\(trace.traceparent) is read otherwise than it is written")
        precondition(trace.traceID.utf8.count == 32 && trace.spanText.utf8.count == 16)
    }

    static func readCoding(_ bytes: [UInt8]) {
        guard let text = text(bytes), let coding = ContentCoding(acceptEncoding: text) else { return }
        let wish = text.lowercased()
        precondition(wish.contains(coding.rawValue) || wish.contains("*"), "\(coding) was not asked for")
    }

    /// What a digest says, then the bytes that it should be of.
    static func readDigest(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
        guard let header = text(Array(parts[0])), HTTPField.isValidValue(header) else { return }
        let body = parts.count > 1 ? Array(parts[1]) : []
        let hasPassed = (try? ContentDigest([.contentDigest: header]).check(body)) != nil
        let name = header.lowercased()
        guard hasPassed, !name.contains(","), name.hasPrefix("sha-256=") || name.hasPrefix("sha-512=") else { return }
        // Of a body that differs in one byte the same digest is never true.
        precondition((try? ContentDigest([.contentDigest: header]).check(body + [0])) == nil, "a digest of two bodies: \(header)")
    }
}
