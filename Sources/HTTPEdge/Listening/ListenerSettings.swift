package import Hummingbird
import NIOCore

/// How the listener treats connections.
package struct ListenerSettings: Sendable {
    package var address: BindAddress
    package var serverName: String
    /// Connections that wait to be accepted.
    package var backlog: Int
    /// Connections held at once; further ones wait in the backlog.
    package var maximumConnections: Int
    /// A connection on which nothing whole was received for this long is closed; bounds slow header lines too.
    package var idleTimeout: Duration
    /// From a request's head to the end of its body.
    package var bodyDeadline: Duration
    /// How long a client may leave an answer unread.
    package var writeStallDeadline: Duration
    /// How long a client may go on sending a body after the answer that closes the connection.
    package var lingerDeadline: Duration
    /// All header lines of a request together.
    package var headerLimitBytes: Int
    package var headerLimitCount: Int

    package init(
        address: BindAddress = .hostname("127.0.0.1", port: 8080),
        serverName: String = "plateau",
        backlog: Int = 1024,
        maximumConnections: Int = 4096,
        idleTimeout: Duration = .seconds(60),
        bodyDeadline: Duration = .seconds(30),
        writeStallDeadline: Duration = .seconds(30),
        lingerDeadline: Duration = .seconds(2),
        headerLimitBytes: Int = 32_768,
        headerLimitCount: Int = 100
    ) {
        self.address = address
        self.serverName = serverName
        self.backlog = backlog
        self.maximumConnections = maximumConnections
        self.idleTimeout = idleTimeout
        self.bodyDeadline = bodyDeadline
        self.writeStallDeadline = writeStallDeadline
        self.lingerDeadline = lingerDeadline
        self.headerLimitBytes = headerLimitBytes
        self.headerLimitCount = headerLimitCount
    }
}
