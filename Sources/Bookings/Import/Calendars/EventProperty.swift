import HTTPEdge
import Recurrence

extension BookingColumn {
    /// Where an event of a calendar says what a column of a table says; nil: nowhere.
    var eventProperty: String? {
        switch self {
        case .ownReference: "UID"
        case .start: "DTSTART"
        case .end: "DTEND"
        case .title: "SUMMARY"
        case .reference, .state, .resourceName, .createdAt: nil
        default: Self.prefix + Self.hyphenated(rawValue)
        }
    }

    /// Properties of this house, which other programs pass over (RFC 5545, section 3.8.8.2).
    static let prefix = "X-PLATEAU-"

    /// What a query may say of every event that does not say it itself; who is meant and whom to ask stands in no address.
    static let queried: [BookingColumn] = [
        .resource, .site, .centre, .seats, .exclusive, .persons, .activity, .audiences, .accompanying, .programme, .offer, .supervision,
        .organisation,
    ]

    /// `contactName` as `CONTACT-NAME`.
    private static func hyphenated(_ name: String) -> String {
        String(name.flatMap { $0.isUppercase ? ["-", $0] : [$0] }).uppercased()
    }
}

/// What the query of an import says of every event that does not say it itself.
struct EventDefaults: Sendable {
    let cells: [BookingColumn: String]
}

extension EventDefaults {
    init(reading query: inout QueryReader) {
        var cells: [BookingColumn: String] = [:]
        for column in BookingColumn.queried { cells[column] = query.optional(column.rawValue, maximum: 300) }
        self.cells = cells
    }
}

/// The properties of an event as the cells of a line, and where each of them stands.
struct EventCells {
    /// By the properties that say them.
    private static let columns = Dictionary(
        BookingColumn.allCases.compactMap { column in column.eventProperty.map { ($0, column) } },
        uniquingKeysWith: { first, _ in first })

    private(set) var cells: [BookingColumn: String]
    private(set) var places: [BookingColumn: BookingOrigin.Place] = [:]
    /// Of properties that nobody knows, or that stand there twice.
    private(set) var faults: [TableFault] = []

    init(_ component: CalendarComponent, _ defaults: EventDefaults) {
        cells = defaults.cells
        for line in component.properties {
            guard let column = Self.columns[line.name] else {
                if line.name.hasPrefix(BookingColumn.prefix) { refuse(line, "propertyUnknown", ["property": .text(line.shownName)]) }
                continue
            }
            if places.updateValue(BookingOrigin.Place(line: line.number, property: line.name), forKey: column) != nil {
                refuse(line, "twice")
            }
            if ![.ownReference, .start, .end].contains(column) { cells[column] = line.plainText }
        }
        // Stronger than a usual resource, weaker than one that is named for Plateau.
        if places[.resource] == nil, let location = component.property("LOCATION")?.line, !location.plainText.allSatisfy(\.isWhitespace) {
            cells[.resource] = location.plainText
            places[.resource] = BookingOrigin.Place(line: location.number, property: location.name)
        }
        if let duration = component.property("DURATION")?.line, places[.end] == nil {
            places[.end] = BookingOrigin.Place(line: duration.number, property: duration.name)
        }
    }

    private mutating func refuse(_ line: CalendarLine, _ code: String, _ arguments: [String: TextArgument] = [:]) {
        faults.append(EventFault(line, code, arguments).told)
    }
}

extension CalendarLine {
    fileprivate var shownName: String { String(name.prefix(60)) }
}
