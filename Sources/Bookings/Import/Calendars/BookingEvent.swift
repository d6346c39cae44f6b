import HTTPEdge
import Recurrence

/// An event of a calendar as a booking that it asks for, its names and times not yet looked at.
struct BookingEvent: Sendable {
    let component: CalendarComponent
    let origin: BookingOrigin
    /// Nil when its `UID` cannot be read.
    let uid: String?
    /// By itself (`STATUS`), or by the message that brings it (`METHOD`; RFC 5546, section 3.2.5).
    let isCancelled: Bool
    /// What it is to be; nil when something is wrong with that, or nobody asks since it is cancelled.
    let wording: BookingWording?
    let faults: [TableFault]

    /// - Parameter isCancelling: whether the message that brings it cancels what it names.
    init(_ component: CalendarComponent, isCancelling: Bool, _ defaults: EventDefaults) {
        self.component = component
        let read = EventCells(component, defaults)
        let status = component.property("STATUS")?.line
        var places = read.places
        if let status { places[.state] = BookingOrigin.Place(line: status.number, property: status.name) }
        let origin = BookingOrigin(line: component.line, places: places)
        self.origin = origin
        uid = try? ImportedEvent.uid(of: component)
        isCancelled = isCancelling || status?.value.uppercased() == "CANCELLED"
        guard !isCancelled else {
            wording = nil
            faults = []
            return
        }
        var cells = TableCells(line: component.line, read.cells)
        let wording = BookingWording(&cells, origin)
        faults =
            read.faults
            + cells.faults.map { fault in
                // What is missing is named as an event would say it.
                let told = origin.told(fault)
                guard fault.code == "missing", told.column == fault.column else { return told }
                let property = fault.column == "resource" ? "LOCATION" : fault.column.flatMap(BookingColumn.init(rawValue:))?.eventProperty
                return TableFault(line: told.line, column: property, code: told.code, reason: told.reason)
            }
        self.wording = faults.isEmpty ? wording : nil
    }

    /// Whether a property says a time that is of no zone: by the clock of where it is booked.
    func isFloating(_ property: String) -> Bool {
        guard let line = component.property(property)?.line else { return false }
        return line.parameters["TZID"] == nil && line.value.last != "Z" && line.value.last != "z"
    }
}

/// The events of a file, read as far as they can be before names are looked up.
struct BookingEvents: Sendable {
    private(set) var events: [BookingEvent] = []
    /// Of what is no event.
    private(set) var faults: [(component: Int, fault: TableFault)] = []

    init(_ calendars: [CalendarComponent], _ defaults: EventDefaults) {
        for calendar in calendars {
            // Once: a hostile calendar has as many properties as events.
            let isCancelling = calendar.property("METHOD")?.line.value.uppercased() == "CANCEL"
            for component in calendar.components where component.name != "VTIMEZONE" && !component.name.hasPrefix("X-") {
                if component.name == "VEVENT" {
                    events.append(BookingEvent(component, isCancelling: isCancelling, defaults))
                } else {
                    faults.append((component.line, EventFault(line: component.line, property: nil, "noEvent").told))
                }
            }
        }
    }

    var wordings: [BookingWording] { events.compactMap(\.wording) }
}
