package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore

extension Edge {
    /// The HTTP application, a service; build it after the slices have declared their routes.
    /// - Parameter onRunning: called with the bound port once connections are accepted (nil on a Unix socket).
    package func application(
        listener: ListenerSettings = ListenerSettings(), logger: Logger, onRunning: @escaping @Sendable (Int?) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        Application(
            router: router,
            server: HTTPServerBuilder { responder in
                LoopBoundChannel(base: HTTP1Channel(responder: responder, configuration: listener.channelConfiguration))
            },
            configuration: ApplicationConfiguration(
                address: listener.address, serverName: listener.serverName, backlog: listener.backlog,
                availableConnectionsDelegate: MaximumAvailableConnections(listener.maximumConnections, logger: logger)),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port) },
            logger: logger)
    }
}

extension ListenerSettings {
    var channelConfiguration: HTTP1Channel.Configuration {
        let guardSettings = ConnectionGuard.Settings(
            bodyDeadline: TimeAmount(bodyDeadline), writeStallDeadline: TimeAmount(writeStallDeadline),
            lingerDeadline: TimeAmount(lingerDeadline))
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(settings: guardSettings)],
            idleTimeout: TimeAmount(idleTimeout),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: headerLimitBytes, maxHeaderListSize: headerLimitBytes, maxHeaderFieldCount: headerLimitCount))
    }
}
