import HTTPEdge
import Kernel

/// A table or a calendar of bookings, read.
struct BookingFile: Sendable {
    private(set) var entries: [BookingEntry]
    /// Nil: a table.
    let calendar: BookingCalendar?
    /// What is wrong with it beside its entries.
    private var faults: [TableFault]
    /// What became of events that are no entries.
    private var lines: [ImportReport.Line] = []

    /// - Parameter organisation: whom a line books for that does not say.
    init(_ rows: [BookingRow], _ things: NamedThings, faults: [TableFault], for organisation: OrganisationID) {
        entries = rows.map { BookingEntry($0, things, for: organisation) }
        calendar = nil
        self.faults = faults
    }

    init(_ calendar: BookingCalendar, _ things: NamedThings, for organisation: OrganisationID) {
        entries = calendar.rows.map { BookingEntry($0, things, for: organisation) }
        self.calendar = calendar
        faults = calendar.faults
        lines = calendar.refused.map { ImportReport.Line(line: $0, outcome: .refused) }
    }

    /// Each takes a lock for each of its days.
    var lineDays: Int { entries.compactMap(\.request).flatMap(\.lines).map(\.wholeDays).reduce(0, +) }

    /// Notes what the calendar leaves behind; of an event that is elsewhere now nothing new is booked before that is cleared.
    mutating func note(_ survey: CalendarSurvey) {
        faults += survey.faults
        lines += survey.lines
        for index in entries.indices {
            guard let reference = entries[index].calendarUID.flatMap({ survey.left[$0] }) else { continue }
            entries[index].stop(entries[index].origin.fault(.start, "eventMoved", ["reference": .text(reference)]))
        }
    }

    func report(_ order: ImportOrder, _ entered: [ImportedBooking]) -> ImportReport {
        let faults = self.faults + entered.flatMap(\.faults)
        guard calendar != nil else { return ImportReport(order, faults: faults, lines: entered.map(\.line)) }
        return ImportReport(order, faults: faults, components: lines + entered.map(\.line))
    }

    /// What refuses every line for a reason that is no matter of single lines.
    func commonRefusal(of entered: [ImportedBooking]) -> BookingRefusal? {
        let outcomes = entered.compactMap(\.reserved)
        return faults.isEmpty && outcomes.count == entered.count ? outcomes.commonRefusal : nil
    }
}
