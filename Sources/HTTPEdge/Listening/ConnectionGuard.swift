import FoundationEssentials
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
        let headDeadline: TimeAmount
        let bodyDeadline: TimeAmount
        let writeStallDeadline: TimeAmount
        let lingerDeadline: TimeAmount
    }

    private let settings: Settings
    /// Told the status and the id of each request that is refused here.
    private let refused: (Int, String) -> Void
    private var state = ConnectionState()
    private let readTimer = LazyTimer()
    private let stallTimer = LazyTimer()
    private var unflushed = 0

    init(settings: Settings, refused: @escaping (Int, String) -> Void) {
        self.settings = settings
        self.refused = refused
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopTimers()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopTimers()
        context.fireChannelInactive()
    }

    // MARK: Inbound

    func bytesArrived() {
        state.readBytes()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if state.isOver { return }
        switch unwrapInboundIn(data) {
        case .head:
            state.readHead()
            context.fireChannelRead(data)
        case .body:
            context.fireChannelRead(data)
        case .end:
            context.fireChannelRead(data)
            perform(state.readEnd(), context: context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        perform(state.readComplete(), context: context)
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A socket's failure leaves nobody to answer.
        guard let problem = Self.problem(of: error), state.failed() == .answerAndClose else {
            context.fireErrorCaught(error)
            return
        }
        answer(problem, context: context)
    }

    /// Nil for what does not come from the decoders in front of this handler.
    private static func problem(of error: any Error) -> Problem? {
        switch error {
        case HTTPParserError.headerOverflow: .headersTooLarge
        case HTTPParserError.invalidMethod: .methodUnknown
        case is HTTPParserError, is RequestHeadError: .requestMalformed
        default: nil
        }
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
        stallTimer.stop()
        if !context.channel.isWritable || unflushed > 0 { watchForStall(context: context) }
        context.fireChannelWritabilityChanged()
    }

    private func answerSent(context: ChannelHandlerContext) {
        unflushed -= 1
        if unflushed == 0 { stallTimer.stop() }
        perform(state.wroteEnd(), context: context)
    }

    // MARK: Deadlines

    private func perform(_ action: ConnectionState.Action, context: ChannelHandlerContext) {
        switch action {
        case .nothing: break
        case .awaitHead: awaitRest(for: settings.headDeadline, context: context)
        case .awaitBody: awaitRest(for: settings.bodyDeadline, context: context)
        case .linger:
            readTimer.start(in: settings.lingerDeadline, on: context.eventLoop) { context.close(promise: nil) }
        case .close: context.close(promise: nil)
        case .answerAndClose: answer(.requestMalformed, context: context)
        }
    }

    private func awaitRest(for deadline: TimeAmount, context: ChannelHandlerContext) {
        readTimer.start(in: deadline, on: context.eventLoop) { self.requestIsLate(context: context) }
    }

    private func requestIsLate(context: ChannelHandlerContext) {
        guard state.isLate else { return }
        if state.failed() == .answerAndClose {
            answer(.requestTooSlow, context: context)
        } else {
            context.close(promise: nil)
        }
    }

    private func watchForStall(context: ChannelHandlerContext) {
        guard !stallTimer.isRunning else { return }
        stallTimer.start(in: settings.writeStallDeadline, on: context.eventLoop) { context.close(promise: nil) }
    }

    private func stopTimers() {
        readTimer.end()
        stallTimer.end()
    }

    /// Nothing is known of the client's language here, so it is the default one.
    private func answer(_ problem: Problem, context: ChannelHandlerContext) {
        let requestID = UUID().uuidString.lowercased()
        refused(problem.status.code, requestID)
        let speaker = Speaker(.french, catalogue: .edge)
        var response = problem.response(requestID: requestID, speaker: speaker)
        response.headers[.connection] = "close"
        response.headers[.requestID] = requestID
        context.write(wrapOutboundOut(.head(response.head)), promise: nil)
        context.write(wrapOutboundOut(.body(problem.body(requestID: requestID, speaker: speaker))), promise: nil)
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
    }
}
