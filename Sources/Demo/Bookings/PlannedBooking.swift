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

    /// When a line was really used.
    struct Use: Sendable {
        let checkedIn: Instant
        let checkedOut: Instant
        /// When that was recorded: long after the end where nobody checked out.
        let closed: Instant
        let isForgotten: Bool
    }

    /// Who came, told when they left.
    struct Attendance: Sendable {
        /// Parallel to the audiences of the need.
        let headCounts: [Int]
        let at: Instant
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
    var transitions: [Transition]
    /// One a line; empty when nobody checked in.
    var uses: [Use] = []
    var attendance: Attendance?

    var createdAt: Instant { transitions[0].at }
    var initialState: BookingState { transitions[0].state }
    var state: BookingState { transitions[transitions.count - 1].state }
}

/// The states that occur in the demo network, as the database spells them.
enum BookingState: String, Sendable {
    case conditional, confirmed, inUse, completed, noShow, cancelledByUser, cancelledByCentre, cancelledByNetwork

    /// Whether the booking's lines take room.
    var occupies: Bool {
        switch self {
        case .conditional, .confirmed, .inUse, .completed: true
        case .noShow, .cancelledByUser, .cancelledByCentre, .cancelledByNetwork: false
        }
    }
}
