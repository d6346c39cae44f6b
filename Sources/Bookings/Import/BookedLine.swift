import HTTPEdge
import Kernel

/// A line of a booking as it stands, as a table would ask for it.
struct BookedLine: Sendable {
    let row: SQL.ListBookedLines.Row

    /// What ``BookingRow/body(of:in:offer:for:)`` makes of the cells.
    var body: [String: JSONValue] {
        var line: [String: JSONValue] = [
            "resourceId": .string("\(row.resourceId)"), "start": .string(row.starts.rfc3339), "end": .string(row.ends.rfc3339),
        ]
        if row.isExclusive { line["exclusive"] = .boolean(true) } else { line["seats"] = .integer(Int64(row.seats)) }
        line["persons"] = row.persons.map { .integer(Int64($0)) }
        var body: [String: JSONValue] = ["activity": .string(row.activity), "organisationId": .string("\(row.organisationId)")]
        body["lines"] = .array([.object(line)])
        body["offerId"] = row.offerId.map { .string("\($0)") }
        if !heads.isEmpty {
            body["audiences"] = .array(
                heads.map { .object(["audience": .string($0.audience), "headCount": .integer(Int64($0.headCount))]) })
        }
        if row.accompanying != 0 { body["accompanying"] = .integer(Int64(row.accompanying)) }
        body["title"] = row.title.map { .string($0.composed) }
        var contact: [String: JSONValue] = [:]
        contact["name"] = row.contactName.map { .string($0.composed) }
        contact["email"] = row.contactEmail.map { .string($0) }
        if !contact.isEmpty { body["contact"] = .object(contact) }
        body["programme"] = row.programme.map { .string($0.composed) }
        body["supervision"] = row.supervision.map { .string($0) }
        if !holders.isEmpty {
            body["holders"] = .array(holders.map { .object(["role": .string($0.role), "holderId": .string("\($0.holder)")]) })
        }
        return body
    }

    /// In the order of the columns.
    /// - Parameter ownReference: of the row that made the booking; nil: none did, or another organisation's.
    func cells(_ ownReference: String?) -> [String] {
        let zone = Zone(row.zone)
        return BookingColumn.allCases.map { column -> String in
            switch column {
            case .ownReference: row.number == 1 ? ownReference ?? row.reference : "\(row.reference)/\(row.number)"
            case .resource: "\(row.resourceId)"
            case .site: row.site
            case .centre: row.centre ?? ""
            case .start: TableMoment.text(of: row.starts, in: zone)
            case .end: TableMoment.text(of: row.ends, in: zone)
            case .seats: row.isExclusive ? "" : "\(row.seats)"
            case .exclusive: row.isExclusive ? "true" : ""
            case .persons: row.persons.map { "\($0)" } ?? ""
            case .activity: row.activity
            case .audiences: heads.map { "\($0.audience):\($0.headCount)" }.joined(separator: " ")
            case .accompanying: row.accompanying == 0 ? "" : "\(row.accompanying)"
            case .title: row.title ?? ""
            case .contactName: row.contactName ?? ""
            case .contactEmail: row.contactEmail ?? ""
            case .programme: row.programme ?? ""
            case .offer: row.offerId.map { "\($0)" } ?? ""
            case .supervision: row.supervision ?? ""
            case .organisation: "\(row.organisationId)"
            case .holders: holders.map { "\($0.role):\($0.holder)" }.joined(separator: " ")
            case .reference: row.reference
            case .state: row.state
            case .resourceName: row.resourceName
            case .createdAt: row.createdAt.rfc3339
            }
        }
    }

    private var heads: [(audience: String, headCount: Int32)] {
        zip(row.audiences, row.headCounts).map { (audience: $0, headCount: $1) }.sorted { $0.audience < $1.audience }
    }

    private var holders: [(role: String, holder: HolderID)] {
        zip(row.holderRoles, row.holders).map { (role: $0, holder: $1) }.sorted { "\($0.role):\($0.holder)" < "\($1.role):\($1.holder)" }
    }
}
