import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// The end of a connection's pipeline: puts the parts of requests together, gives them to the connection's task one after the other,
/// and writes its answers.
///
/// In the place of the framework's asynchronous channel, which passes every part of a request and of an answer through a queue with a
/// lock and a wake-up of its own: measured, a quarter of what a small read costs. Confined to the loop.
final class RequestIntake: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Most requests that wait behind the one that is being answered; then nothing is read.
    private static let mostWaiting = 8

    private enum Arriving {
        case nothing
        /// A head whose body, if it has one, may be here before anybody asks for it.
        case whole(HTTPRequest, ByteBuffer?)
        /// Handed out; the rest of the body follows.
        case streamed(ArrivingBody.Source)
    }

    private var context: ChannelHandlerContext?
    private var arriving = Arriving.nothing
    private var waiting: [Request] = []
    private var taker: CheckedContinuation<Request?, Never>?
    private var writer: CheckedContinuation<Void, Never>?
    private var isBodyFull = false
    private var isHeld = false
    private var isOver = false

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end(with: ChannelError.ioOnClosedChannel)
        self.context = nil
    }

    // MARK: The task's side

    /// The next request; nil when there will be none.
    func next() async -> Request? {
        if !waiting.isEmpty {
            let request = waiting.removeFirst()
            resumeReading()
            return request
        }
        guard !isOver else { return nil }
        return await withCheckedContinuation { taker = $0 }
    }

    /// Writes parts of an answer; returns when the client has taken so much of it that more may follow.
    func write(_ parts: [HTTPResponsePart]) async {
        guard let context else { return }
        for part in parts { context.write(wrapOutboundOut(part), promise: nil) }
        context.flush()
        guard !context.channel.isWritable, context.channel.isActive else { return }
        await withCheckedContinuation { writer = $0 }
    }

    // MARK: Inbound

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), arriving) {
        case (.head(let head), _): arriving = .whole(head, nil)
        case (.body(let bytes), .whole(let head, nil)): arriving = .whole(head, bytes)
        case (.body(let bytes), .whole(let head, let first?)):
            stream(head, [first, bytes], context: context)
        case (.body(let bytes), .streamed(let source)):
            if source.yield(bytes) == .stopProducing { isBodyFull = true }
        case (.end, .whole(let head, let body)):
            arriving = .nothing
            hand(Request(head: head, body: RequestBody(buffer: body ?? ByteBuffer())))
        case (.end, .streamed(let source)):
            arriving = .nothing
            isBodyFull = false
            source.finish()
        case (.body, .nothing), (.end, .nothing): break
        }
    }

    /// What did not come whole is handed out all the same: it may be refused by its head, or take its time.
    func channelReadComplete(context: ChannelHandlerContext) {
        if case .whole(let head, let body) = arriving { stream(head, body.map { [$0] } ?? [], context: context) }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { end(with: ChannelError.eof) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(with: ChannelError.ioOnClosedChannel)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(with: error)
        context.close(promise: nil)
    }

    private func stream(_ head: HTTPRequest, _ begun: [ByteBuffer], context: ChannelHandlerContext) {
        let body = ArrivingBody.make(for: self, on: context.eventLoop)
        arriving = .streamed(body.source)
        for bytes in begun where body.source.yield(bytes) == .stopProducing { isBodyFull = true }
        hand(Request(head: head, body: RequestBody(asyncSequence: body.sequence)))
    }

    private func hand(_ request: Request) {
        guard !isOver else { return }
        guard let taker = taker.take() else { return waiting.append(request) }
        taker.resume(returning: request)
    }

    private func end(with error: any Error) {
        isOver = true
        if case .streamed(let source) = arriving { source.finish(error) }
        arriving = .nothing
        taker.take()?.resume(returning: nil)
        writer.take()?.resume()
    }

    // MARK: Outbound

    func read(context: ChannelHandlerContext) {
        if waiting.count < Self.mostWaiting, !isBodyFull {
            context.read()
        } else {
            isHeld = true
        }
    }

    /// Somebody waits for more of the body, or nobody will.
    func bodyIsWanted() {
        isBodyFull = false
        resumeReading()
    }

    private func resumeReading() {
        guard isHeld else { return }
        isHeld = false
        context?.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { writer.take()?.resume() }
        context.fireChannelWritabilityChanged()
    }
}
