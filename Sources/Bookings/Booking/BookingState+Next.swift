extension BookingState {
    /// The states that may follow this one; a state follows itself when something else of the booking changes.
    ///
    /// `bookings.may_become` holds the database to the same table.
    package var next: Set<BookingState> {
        switch self {
        case .draft: Self.cancelled.union([.draft, .requested, .waitlisted, .held, .conditional, .confirmed, .expired])
        case .requested: Self.cancelled.union([.requested, .conditional, .confirmed, .suspended, .rejected, .expired])
        case .waitlisted: Self.cancelled.union([.waitlisted, .held, .requested, .conditional, .confirmed, .expired])
        case .held: Self.cancelled.union([.held, .requested, .conditional, .confirmed, .suspended, .expired])
        case .conditional, .confirmed: Self.cancelled.union([.conditional, .confirmed, .requested, .suspended, .inUse, .noShow])
        case .suspended: Self.cancelled.union([.suspended, .requested, .held, .conditional, .confirmed, .expired])
        case .inUse: [.inUse, .completed]
        case .completed: [.completed]
        case .rejected, .cancelledByUser, .cancelledByCentre, .cancelledByNetwork, .expired, .noShow: []
        }
    }

    /// Whether a booking in this state takes room.
    package var takesRoom: Bool {
        switch self {
        case .held, .requested, .conditional, .confirmed, .inUse: true
        default: false
        }
    }

    /// Whether nothing follows any more.
    package var isFinal: Bool { next.subtracting([self]).isEmpty }

    private static let cancelled: Set<BookingState> = [.cancelledByUser, .cancelledByCentre, .cancelledByNetwork]
}
