import Kernel

/// A booking with all of its life so far, before it is written.
struct PlannedBooking: Sendable {
    struct Line: Sendable {
        /// Index into the network's resources.
        let resource: Int
        let period: Period
        let seats: Int
        let isExclusive: Bool
    }

    struct Transition: Sendable {
        let state: BookingState
        let at: Instant
        /// Index of the key that caused it; nil: the passing of time, or a decision.
        let key: Int?
        let reason: String?
    }

    let id: BookingID
    let reference: BookingReference
    /// Index into the network's organisations.
    let organisation: Int
    let need: Need
    /// What the gate answered when it was made.
    let gate: Eligibility.Answer
    /// Whether any of its lines stands under a provisional label.
    let isProvisional: Bool
    let lines: [Line]
    /// In order; never empty.
    let transitions: [Transition]

    var createdAt: Instant { transitions[0].at }
    var initialState: BookingState { transitions[0].state }
    var state: BookingState { transitions[transitions.count - 1].state }
}

/// The states that occur in the demo network, as the database spells them.
enum BookingState: String, Sendable {
    case conditional, confirmed, completed, cancelledByUser, cancelledByCentre, cancelledByNetwork

    /// Whether the booking's lines take room.
    var occupies: Bool {
        switch self {
        case .conditional, .confirmed, .completed: true
        case .cancelledByUser, .cancelledByCentre, .cancelledByNetwork: false
        }
    }
}
