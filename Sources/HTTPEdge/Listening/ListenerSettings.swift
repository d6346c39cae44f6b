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
    /// Connections of one client; 0 is no limit.
    ///
    /// Proxies that are believed have none.
    package var maximumConnectionsPerAddress: Int
    package var forwarding: Forwarding
    /// The certificate; nil speaks HTTP without TLS.
    package var certificates: CertificateHolder?
    /// A connection on which nothing whole was received for this long is closed.
    package var idleTimeout: Duration
    /// For a TLS handshake.
    package var handshakeDeadline: Duration
    /// From a request's first byte to the end of its head.
    package var headDeadline: Duration
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
        maximumConnectionsPerAddress: Int = 0,
        forwarding: Forwarding = Forwarding(),
        certificates: CertificateHolder? = nil,
        idleTimeout: Duration = .seconds(60),
        handshakeDeadline: Duration = .seconds(10),
        headDeadline: Duration = .seconds(10),
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
        self.maximumConnectionsPerAddress = maximumConnectionsPerAddress
        self.forwarding = forwarding
        self.certificates = certificates
        self.idleTimeout = idleTimeout
        self.handshakeDeadline = handshakeDeadline
        self.headDeadline = headDeadline
        self.bodyDeadline = bodyDeadline
        self.writeStallDeadline = writeStallDeadline
        self.lingerDeadline = lingerDeadline
        self.headerLimitBytes = headerLimitBytes
        self.headerLimitCount = headerLimitCount
    }
}
