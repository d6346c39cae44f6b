import HTTPEdge

/// Booked against bookable time, in workstation-minutes.
///
/// *Bookable* is the opening time of the site times the workstations; *booked* is use within it (buffers left out);
/// *booked outside* is use outside opening hours. Source: the definitions of the domain, section "Utilisation".
struct OccupancyFigures: Hashable, Sendable {
    var bookableMinutes: Int64 = 0
    var bookedMinutes: Int64 = 0
    var bookedOutsideMinutes: Int64 = 0
    var bookings: Int64 = 0

    /// Booked over bookable, 0 to 1, to four decimals; nil when nothing was bookable.
    var occupancy: Double? {
        guard bookableMinutes > 0 else { return nil }
        return (Double(bookedMinutes) / Double(bookableMinutes) * 10_000).rounded() / 10_000
    }

    static func + (left: OccupancyFigures, right: OccupancyFigures) -> OccupancyFigures {
        OccupancyFigures(
            bookableMinutes: left.bookableMinutes + right.bookableMinutes, bookedMinutes: left.bookedMinutes + right.bookedMinutes,
            bookedOutsideMinutes: left.bookedOutsideMinutes + right.bookedOutsideMinutes, bookings: left.bookings + right.bookings)
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("bookableMinutes", bookableMinutes)
        json.member("bookedMinutes", bookedMinutes)
        json.member("bookedOutsideMinutes", bookedOutsideMinutes)
        json.member("bookings", bookings)
        json.member("occupancy", occupancy)
    }
}
