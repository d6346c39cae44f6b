/// What the engine answered, and what it chose where the choice is its own.
struct EngineSeen: Sendable {
    /// Somebody who waited was offered room.
    struct Offer: Sendable {
        let tag: Int
        /// As ``EngineSeen/machines``, when it was made.
        let machines: [Int: [EngineRoom]]
    }

    var answer = ""
    /// What the booking has become.
    var state = ""
    /// By tag, of the bookings that left the choice.
    var machines: [Int: [EngineRoom]] = [:]
    var offers: [Offer] = []
    /// The waiting list came first, so that what was offered was offered before the command was judged.
    var asksWaitingFirst = false

    /// It has what it asked for, and does not only wait for it.
    var isServed: Bool { ["created", "changed", "confirmed"].contains(answer) && state != "waitlisted" }
}
