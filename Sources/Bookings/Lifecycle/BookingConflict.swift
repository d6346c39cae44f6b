import HTTPEdge

/// Why a booking, as it stands now, does not do what is asked of it.
package enum BookingConflict: String, CaseIterable, Sendable {
    /// No hold, no offer and no draft.
    case notHeld
    case holdExpired
    case notRequested
    case requestExpired
    case notChangeable
    /// Its first line would go to another centre than the one it lives at.
    case otherCentre
    case notUsable
    case notInUse
    case tooEarly
    case tooLate
    case alreadyCheckedIn
    case labelSuspended
    case notWaiting

    /// The code of the problem.
    var code: String {
        switch self {
        case .labelSuspended: "useSuspended"
        default: rawValue
        }
    }
}
