import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// What stands between a connection's socket and the task that answers its requests.
struct RequestChannel: ServerChildChannel {
    let responder: any HTTPResponder<GuestContext>
    let settings: ListenerSettings

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<ServedConnection> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            // Names and values of headers were validated by their types.
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
                withEncoderConfiguration: .init(), withDecoderLimitConfiguration: settings.decoderLimits)
            try pipeline.addHandler(HTTPPartCodec())
            try pipeline.addHandler(ConnectionGuard(settings: settings.guardSettings))
            try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: settings.idleTimeout, logger: logger))
            return try ServedConnection(channel: channel)
        }
    }

    func handle(value connection: ServedConnection, logger: Logger) async {
        await connection.serve(responder, serverName: settings.serverName, logger: logger)
    }
}

extension ListenerSettings {
    fileprivate var guardSettings: ConnectionGuard.Settings {
        ConnectionGuard.Settings(
            bodyDeadline: TimeAmount(bodyDeadline), writeStallDeadline: TimeAmount(writeStallDeadline),
            lingerDeadline: TimeAmount(lingerDeadline))
    }

    fileprivate var decoderLimits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = headerLimitBytes
        limits.maxHeaderListSize = headerLimitBytes
        limits.maxHeaderFieldCount = headerLimitCount
        return limits
    }
}
