package import Hummingbird
package import Kernel

/// What both contexts offer to handlers.
package protocol EdgeContext: RequestContext {
    var guest: GuestContext { get }
    var bodyLimit: Int { get set }
}

extension GuestContext: EdgeContext {
    package var guest: GuestContext { self }
}

extension MemberContext: EdgeContext {}

extension EdgeContext {
    package var requestID: String { guest.requestID }
    package var receivedAt: Instant { guest.receivedAt }
    package var deadline: ContinuousClock.Instant { guest.deadline }
    package var timeLeft: Duration { guest.timeLeft }
    package var speaker: Speaker { guest.speaker }
}
