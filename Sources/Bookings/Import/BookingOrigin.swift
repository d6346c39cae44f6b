import HTTPEdge

/// Where a booking that is imported is asked for: a line of a table, or an event of a calendar, whose properties have lines of their own.
struct BookingOrigin: Sendable {
    struct Place: Sendable {
        let line: Int
        let property: String
    }

    /// Of the file, from 1; where an event begins.
    let line: Int
    /// Empty for a table, whose columns are named as they are.
    private let places: [BookingColumn: Place]

    init(line: Int, places: [BookingColumn: Place] = [:]) {
        self.line = line
        self.places = places
    }

    /// A fault of a column, where the column stands.
    func told(_ fault: TableFault) -> TableFault {
        guard let place = fault.column.flatMap(BookingColumn.init(rawValue:)).flatMap({ places[$0] }) else { return fault }
        return TableFault(line: place.line, column: place.property, code: fault.code, reason: fault.reason)
    }

    func fault(_ column: BookingColumn?, _ code: String, _ arguments: [String: TextArgument] = [:]) -> TableFault {
        told(TableFault(line: line, column: column?.rawValue, code: code, arguments))
    }
}
