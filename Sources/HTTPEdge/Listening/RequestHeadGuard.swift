import NIOCore
import NIOHTTP1

/// A head that the parser takes although another server could read it otherwise (RFC 9112, 11.2).
struct RequestHeadError: Error {}

/// Refuses heads whose meaning two servers in a row could see differently, so that no request hides inside another.
final class RequestHeadGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private var hasRefused = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What follows a refused head is not looked at: where it ends is what can't be known.
        if hasRefused { return }
        if case .head(let head) = unwrapInboundIn(data), !Self.isPlain(head) {
            hasRefused = true
            context.fireErrorCaught(head.method == .CONNECT ? HTTPParserError.invalidMethod : RequestHeadError())
            return
        }
        context.fireChannelRead(data)
    }

    static func isPlain(_ head: HTTPRequestHead) -> Bool {
        hasOneHost(head) && hasOneLength(head) && head.method != .CONNECT && isTarget(head.uri)
            && head.headers.allSatisfy { $0.value.utf8.allSatisfy(isVisible) }
    }

    /// RFC 9112, 3.2: exactly one in HTTP/1.1.
    private static func hasOneHost(_ head: HTTPRequestHead) -> Bool {
        let hosts = head.headers["host"]
        guard hosts.count == 1 || (hosts.isEmpty && head.version == .http1_0) else { return false }
        return hosts.allSatisfy { host in host.utf8.allSatisfy { $0 > 0x20 && !notInHosts.contains($0) } }
    }

    private static let notInHosts = Set("/?#@,\\\"<>^`{|}".utf8)

    /// A length or chunks, never both, said once and in the one way that everybody reads alike (RFC 9112, 6).
    private static func hasOneLength(_ head: HTTPRequestHead) -> Bool {
        let codings = head.headers["transfer-encoding"]
        let lengths = head.headers["content-length"]
        if !codings.isEmpty {
            return codings.count == 1 && codings[0].lowercased() == "chunked" && lengths.isEmpty && head.version == .http1_1
        }
        return lengths.count <= 1 && lengths.allSatisfy { !$0.isEmpty && $0.utf8.count <= 15 && $0.utf8.allSatisfy(isDigit) }
    }

    private static func isTarget(_ target: String) -> Bool {
        target.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
            && (target.utf8.first == UInt8(ascii: "/") || target == "*" || isAbsolute(target))
    }

    private static func isAbsolute(_ target: String) -> Bool {
        let start = target.prefix(8).lowercased()
        return start.hasPrefix("http://") || start == "https://"
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isVisible(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F || byte == 0x09
    }
}
