import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Ends connections that are too slow or out of step, after saying why where that is still possible.
///
/// The framework's idle timer starts anew with every byte of a body, and knows nothing of clients that do not read;
/// it answers what it can't parse with an empty 400.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    struct Settings: Sendable {
        let bodyDeadline: TimeAmount
        let writeStallDeadline: TimeAmount
        let lingerDeadline: TimeAmount
    }

    private let settings: Settings
    private var state = ConnectionState()
    private var readTimer: Scheduled<Void>?
    private var stallTimer: Scheduled<Void>?
    private var unflushed = 0

    init(settings: Settings) {
        self.settings = settings
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopTimers()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopTimers()
        context.fireChannelInactive()
    }

    // MARK: Inbound

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            perform(state.readHead(), context: context)
            context.fireChannelRead(data)
        case .body:
            context.fireChannelRead(data)
        case .end:
            context.fireChannelRead(data)
            perform(state.readEnd(), context: context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A socket's failure leaves nobody to answer; anything else comes from the decoders in front of this handler.
        guard !(error is IOError), !(error is ChannelError), state.failed() == .answerAndClose else {
            context.fireErrorCaught(error)
            return
        }
        answer(error as? HTTPParserError == .headerOverflow ? .headersTooLarge : .requestMalformed, context: context)
    }

    // MARK: Outbound

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.kind != .informational:
            state.wroteHead(closes: head.headerFields[.connection]?.lowercased() == "close")
            context.write(data, promise: promise)
        case .head, .body:
            context.write(data, promise: promise)
        case .end:
            let sent = promise ?? context.eventLoop.makePromise()
            unflushed += 1
            sent.futureResult.assumeIsolated().whenComplete { _ in self.answerSent(context: context) }
            context.write(data, promise: sent)
        }
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        if unflushed > 0 { watchForStall(context: context) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        relax()
        if !context.channel.isWritable || unflushed > 0 { watchForStall(context: context) }
        context.fireChannelWritabilityChanged()
    }

    private func answerSent(context: ChannelHandlerContext) {
        unflushed -= 1
        if unflushed == 0 { relax() }
        perform(state.wroteEnd(), context: context)
    }

    // MARK: Deadlines

    private func perform(_ action: ConnectionState.Action, context: ChannelHandlerContext) {
        switch action {
        case .nothing: break
        case .bodyEnded:
            readTimer?.cancel()
            readTimer = nil
        case .awaitBody:
            readTimer?.cancel()
            readTimer = context.eventLoop.assumeIsolated().scheduleTask(in: settings.bodyDeadline) {
                self.bodyIsLate(context: context)
            }
        case .linger:
            readTimer?.cancel()
            readTimer = context.eventLoop.assumeIsolated().scheduleTask(in: settings.lingerDeadline) {
                context.close(promise: nil)
            }
        case .close: context.close(promise: nil)
        case .answerAndClose: answer(.requestMalformed, context: context)
        }
    }

    private func bodyIsLate(context: ChannelHandlerContext) {
        if state.failed() == .answerAndClose {
            answer(.requestTooSlow, context: context)
        } else {
            context.close(promise: nil)
        }
    }

    private func watchForStall(context: ChannelHandlerContext) {
        guard stallTimer == nil else { return }
        stallTimer = context.eventLoop.assumeIsolated().scheduleTask(in: settings.writeStallDeadline) {
            context.close(promise: nil)
        }
    }

    private func relax() {
        stallTimer?.cancel()
        stallTimer = nil
    }

    private func stopTimers() {
        readTimer?.cancel()
        relax()
    }

    /// Nothing is known of the client's language here, so it is the default one.
    private func answer(_ problem: Problem, context: ChannelHandlerContext) {
        var response = problem.response(requestID: "", speaker: Speaker(.french, catalogue: .edge))
        response.headers[.connection] = "close"
        context.write(wrapOutboundOut(.head(response.head)), promise: nil)
        let body = problem.body(requestID: "", speaker: Speaker(.french, catalogue: .edge))
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
    }
}
