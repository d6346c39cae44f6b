import HTTPEdge
import Kernel

/// A line of a table, or an occurrence of an event, as the booking that it asks for.
struct BookingEntry: Sendable {
    let origin: BookingOrigin
    let ownReference: String
    let calendarUID: String?
    /// Nil where something is wrong with it, or its names stand for nothing now.
    let request: ReserveRequest?
    /// Of what it says, whatever its cells look like; nil as ``request`` is.
    let contentHash: [UInt8]?
    /// Of its own words, whatever they stand for.
    let wordsHash: [UInt8]
    /// What is wrong with it, unless it was entered before.
    private(set) var faults: [TableFault]
}

extension BookingEntry {
    /// - Parameter organisation: whom a line books for that does not say.
    init(_ row: BookingRow, _ things: NamedThings, for organisation: OrganisationID) {
        let origin = row.wording.origin
        var request: ReserveRequest?
        var contentHash: [UInt8]?
        var faults: [TableFault] = []
        do throws(NamedThings.Missing) {
            let found = try things.resource(row.wording)
            let offer = try things.offer(row.wording, at: found.id)
            let body = row.body(of: found.id, in: found.zone, offer: offer, for: organisation)
            switch ReserveRequest.read(body) {
            case .success(let read):
                request = read
                contentHash = Self.contentHash(of: body)
            case .failure(let refused): faults = refused.issues.map { origin.told(TableFault($0, at: origin.line)) }
            }
        } catch {
            faults = [origin.fault(error.column, error.code)]
        }
        self.init(
            origin: origin, ownReference: row.ownReference, calendarUID: row.calendarUID, request: request, contentHash: contentHash,
            wordsHash: row.wordsHash, faults: faults)
    }

    /// Keeps it from being booked, unless it was entered before.
    mutating func stop(_ fault: TableFault) { faults.append(fault) }

    /// Of the body that ``BookingRow/body(of:in:offer:for:)`` makes.
    static func contentHash(of body: [String: JSONValue]) -> [UInt8] {
        RequestFingerprint(method: "booking-imports", path: "1", body: body).bytes
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
