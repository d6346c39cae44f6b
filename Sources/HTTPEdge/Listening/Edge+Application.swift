package import Hummingbird
import HummingbirdCore
package import Logging

extension Edge {
    /// The HTTP application, a service; build it after the slices have declared their routes.
    /// - Parameter onRunning: called with the bound port once connections are accepted (nil on a Unix socket).
    package func application(
        listener: ListenerSettings = ListenerSettings(), logger: Logger, onRunning: @escaping @Sendable (Int?) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        let register = ConnectionRegister(most: listener.maximumConnectionsPerAddress)
        let responder = router.buildResponder()
        return Application(
            responder: responder,
            // The framework's own way to the responder writes through a channel of its own; ours goes straight to the same one.
            server: HTTPServerBuilder { _ in EdgeChannel(responder: responder, settings: listener, register: register) },
            configuration: ApplicationConfiguration(
                address: listener.address, serverName: listener.serverName, backlog: listener.backlog,
                availableConnectionsDelegate: MaximumAvailableConnections(listener.maximumConnections, logger: logger)),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port) },
            logger: logger)
    }
}
