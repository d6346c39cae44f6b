import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPTypes

@testable import HTTPEdge

/// The bytes of a connection, as they come from a socket.
enum ConnectionInput {
    /// The first byte says where the bytes are cut in two, as a network cuts them; the rest is what a client sends.
    static func read(_ bytes: [UInt8]) {
        guard let cut = bytes.first.map(Int.init) else { return }
        let sent = Array(bytes.dropFirst())
        let whole = requests(in: [sent])
        let inParts = requests(in: [Array(sent.prefix(cut)), Array(sent.dropFirst(cut))])
        precondition(whole == inParts, "the requests depend on how the network cuts them: \(whole) and \(inParts)")
        for request in whole {
            let (lengths, codings) = (request.headerFields[values: .contentLength], request.headerFields[values: .transferEncoding])
            precondition(lengths.count + codings.count <= 1, "two ends in \(request)")
            precondition(request.path?.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } ?? true, "an address with a space in \(request)")
        }
    }

    /// The heads that come through the decoder and the guard.
    private static func requests(in parts: [[UInt8]]) -> [HTTPRequest] {
        let channel = EmbeddedChannel()
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        do {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false)
            try channel.pipeline.syncOperations.addHandler(RequestHeadGuard())
            try channel.pipeline.syncOperations.addHandler(HTTPPartCodec())
        } catch {
            preconditionFailure("\(error)")
        }
        var requests: [HTTPRequest] = []
        for part in parts where !part.isEmpty {
            // After an error the connection is over: nothing that follows is a request.
            guard (try? channel.writeInbound(ByteBuffer(bytes: part))) != nil else { break }
        }
        while let part = try? channel.readInbound(as: HTTPRequestPart.self) {
            if case .head(let head) = part { requests.append(head) }
        }
        return requests
    }
}
