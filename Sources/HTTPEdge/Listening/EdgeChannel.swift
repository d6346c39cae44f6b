import Hummingbird
import HummingbirdCore
import Logging
import Metrics
import NIOCore
import NIOHTTP1
import NIOSSL

/// One connection: everything that stands between its socket and its requests.
struct EdgeChannel: ServerChildChannel {
    /// The client has as many connections as it may.
    struct TooManyConnections: Error {}

    let responder: any HTTPResponder<GuestContext>
    let settings: ListenerSettings
    let register: ConnectionRegister

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<ServedConnection> {
        channel.eventLoop.makeCompletedFuture {
            try admit(channel)
            let pipeline = channel.pipeline.syncOperations
            if let certificates = settings.certificates {
                try pipeline.addHandler(NIOSSLServerHandler(context: certificates.current))
                try pipeline.addHandler(HandshakeGuard(deadline: TimeAmount(settings.handshakeDeadline)))
            }
            let connectionGuard = ConnectionGuard(settings: guardSettings, refused: RefusalLog(logger: logger, channel: channel).write)
            try pipeline.addHandler(ByteWatch(connectionGuard))
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
                withEncoderConfiguration: .init(), withDecoderLimitConfiguration: settings.decoderLimits)
            try pipeline.addHandler(RequestHeadGuard())
            try pipeline.addHandler(HTTPPartCodec(isSecure: settings.certificates != nil))
            try pipeline.addHandler(connectionGuard)
            try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: settings.idleTimeout, logger: logger))
            return try ServedConnection(channel: channel)
        }
    }

    func handle(value connection: ServedConnection, logger: Logger) async {
        await connection.serve(responder, serverName: settings.serverName, logger: logger)
    }

    /// Who has too many connections is cut off without a word: an answer would cost what the limit saves.
    private func admit(_ channel: any Channel) throws {
        guard let address = channel.remoteAddress.flatMap(IPAddress.init), !settings.forwarding.isProxy(address) else { return }
        guard register.admit(address.subscriber) else {
            channel.close(promise: nil)
            throw TooManyConnections()
        }
        channel.closeFuture.whenComplete { [register] _ in register.release(address.subscriber) }
    }

    private var guardSettings: ConnectionGuard.Settings {
        ConnectionGuard.Settings(
            headDeadline: TimeAmount(settings.headDeadline), bodyDeadline: TimeAmount(settings.bodyDeadline),
            writeStallDeadline: TimeAmount(settings.writeStallDeadline), lingerDeadline: TimeAmount(settings.lingerDeadline))
    }
}

extension ListenerSettings {
    fileprivate var decoderLimits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = headerLimitBytes
        limits.maxHeaderListSize = headerLimitBytes
        limits.maxHeaderFieldCount = headerLimitCount
        return limits
    }
}

/// Says what was refused below the router, which no middleware sees.
struct RefusalLog: Sendable {
    let logger: Logger
    let channel: any Channel

    func write(status: Int, requestID: String) {
        var metadata: Logger.Metadata = ["status": .stringConvertible(status), "request_id": .string(requestID)]
        if let address = channel.remoteAddress.flatMap(IPAddress.init) { metadata["client_address"] = .string(address.description) }
        logger.info("Request refused before it was whole", metadata: metadata)
        Counter(label: "http.server.malformed_requests", dimensions: [("http.response.status_code", String(status))]).increment()
    }
}
