package import Hummingbird
package import Kernel
package import NIOCore

/// What a handler knows of any request, whoever sent it.
package struct GuestContext: RequestContext {
    package typealias Source = ApplicationRequestContextSource

    package var coreContext: CoreRequestContextStorage
    /// The caller's `X-Request-Id` when it is sane, else a new one; also in the response and in every log line.
    package var requestID = ""
    /// When the request arrived.
    package var receivedAt = Instant(microsecondsSince1970: 0)
    /// The moment after which nobody waits for the answer any more.
    package var deadline = ContinuousClock.now
    /// The largest body that this route reads, in bytes.
    package var bodyLimit = 1_048_576
    /// What `Accept-Language` asks for.
    package var askedLanguage: SpokenLanguage?
    /// Set by authentication.
    package var principal: Principal?
    /// What the inner layers tell the outer ones about the request.
    package let notes = RequestNotes()
    /// The address of the peer, as the socket gives it.
    package let remoteAddress: SocketAddress?
    /// The address of who asks: the peer's, or the one that believed proxies give.
    package var clientAddress: IPAddress?
    var catalogue = TextCatalogue.edge

    package init(source: ApplicationRequestContextSource) {
        self.coreContext = .init(source: source)
        self.remoteAddress = source.channel.remoteAddress
    }

    /// For what a handler asks of another route: the caller is known already, all else is the outer request's.
    init(inside outer: GuestContext, as principal: Principal?) {
        self.coreContext = .init(source: outer)
        self.remoteAddress = outer.remoteAddress
        self.clientAddress = outer.clientAddress
        self.requestID = outer.requestID
        self.receivedAt = outer.receivedAt
        self.deadline = outer.deadline
        self.askedLanguage = outer.speaker.language
        self.catalogue = outer.catalogue
        self.principal = principal
    }

    package var maxUploadSize: Int { bodyLimit }

    /// Says texts in the language asked for, else in the principal's, else in French.
    package var speaker: Speaker {
        Speaker(askedLanguage ?? notes.language ?? .french, catalogue: catalogue)
    }

    /// The time left before the deadline, zero when it has passed.
    package var timeLeft: Duration {
        max(.zero, ContinuousClock.now.duration(to: deadline))
    }
}

extension TextCatalogue {
    /// Only what the edge says.
    static let edge = TextCatalogue()
}
