import HTTPEdge

/// Where a booking stands.
package enum BookingState: String, CaseIterable, Sendable, RequestValue, JSONWritable {
    case draft
    case requested
    case waitlisted
    case held
    case conditional
    case confirmed
    case suspended
    case inUse
    case completed
    case rejected
    case cancelledByUser
    case cancelledByCentre
    case cancelledByNetwork
    case expired
    case noShow
}
