package import Centres
import Kernel
import Postgres

extension Bookings {
    /// Which bookings a change of opening hours leaves outside.
    package static let openingConsequences = OpeningConsequences { transaction, centreNumber, days in
        let rows = try await transaction.all(
            SQL.OutsideOpening(centreNumber: centreNumber, firstDay: days.lowerBound, lastDay: days.upperBound))
        return rows.compactMap { row in
            Period(start: row.starts, end: row.ends).map {
                OpeningConsequences.Outside(
                    booking: row.bookingId, reference: row.reference, line: row.line, resource: row.resourceId, period: $0)
            }
        }
    }
}
