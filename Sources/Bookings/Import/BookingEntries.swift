import HTTPEdge
import Kernel

/// A line of a table as the booking that it asks for.
struct BookingEntry: Sendable {
    let line: Int
    let ownReference: String
    let request: ReserveRequest
    /// Of what it says, whatever its cells look like.
    let contentHash: [UInt8]
}

/// The bookings that a table asks for, and what is wrong with the lines that ask for none.
struct BookingEntries: Sendable {
    private(set) var entries: [BookingEntry] = []
    private(set) var faults: [TableFault]

    /// - Parameter organisation: whom a line books for that does not say.
    init(_ rows: [BookingRow], _ things: NamedThings, faults: [TableFault], for organisation: OrganisationID) {
        self.faults = faults
        for row in rows { add(row, things, for: organisation) }
    }

    /// Each takes a lock for each of its days.
    var lineDays: Int { entries.flatMap(\.request.lines).map(\.wholeDays).reduce(0, +) }

    private mutating func add(_ row: BookingRow, _ things: NamedThings, for organisation: OrganisationID) {
        do throws(NamedThings.Missing) {
            let found = try things.resource(row)
            let offer = try things.offer(row, at: found.id)
            let body = row.body(of: found.id, in: found.zone, offer: offer, for: organisation)
            switch ReserveRequest.read(body) {
            case .success(let request):
                entries.append(
                    BookingEntry(
                        line: row.line, ownReference: row.ownReference, request: request,
                        contentHash: RequestFingerprint(method: "booking-imports", path: "1", body: body).bytes))
            case .failure(let refused):
                faults += refused.issues.map { TableFault($0, at: row.line) }
            }
        } catch {
            faults.append(TableFault(line: row.line, column: error.column.rawValue, code: error.code))
        }
    }
}

extension TableFault {
    /// What is wrong with a member of the body that a line stands for.
    init(_ issue: ProblemIssue, at line: Int) {
        let key = issue.detail.key.rawValue
        let code = issue.code ?? String(key.dropFirst(key.hasPrefix("reason.") ? 7 : 0))
        self.init(line: line, column: BookingColumn(pointer: issue.name)?.rawValue, code: code, reason: issue.detail)
    }
}
