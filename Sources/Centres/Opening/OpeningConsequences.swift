package import Kernel
package import Postgres

/// What a change of opening hours means for bookings: asked of whoever keeps them, in the transaction of the change.
package struct OpeningConsequences: Sendable {
    /// A line of a booking to come that is in use while its resource is no longer open.
    package struct Outside: Sendable {
        package let booking: BookingID
        package let reference: String
        package let line: Int16
        package let resource: ResourceID
        package let period: Period

        package init(booking: BookingID, reference: String, line: Int16, resource: ResourceID, period: Period) {
            self.booking = booking
            self.reference = reference
            self.line = line
            self.resource = resource
            self.period = period
        }
    }

    package typealias Ask =
        @Sendable (_ transaction: borrowing PostgresTransaction, _ centreNumber: Int16, _ days: ClosedRange<LocalDay>) async throws ->
        [Outside]

    let outside: Ask

    package init(outside: @escaping Ask) {
        self.outside = outside
    }
}
