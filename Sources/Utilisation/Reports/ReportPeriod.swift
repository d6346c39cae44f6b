import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

/// The local days that a report is about, both ends included.
struct ReportPeriod: Hashable {
    /// Of what is sealed, or counted again from the rows as they were known.
    static let longestDays = 366
    /// Of a centre as it is known now: totals are added up, a label's whole term and the next.
    static let longestDaysOfTotals = 3_700
    /// Of every centre together.
    static let longestDaysOfNetwork = 1_100

    let first: LocalDay
    let last: LocalDay

    /// Reads `from` and `to`; what is wrong with them is told with the rest of the query.
    static func read(_ query: inout QueryReader, longestDays: Int = longestDays) -> ReportPeriod? {
        let from: LocalDay? = query.required("from")
        let to: LocalDay? = query.required("to")
        guard let from, let to else { return nil }
        return checked(from, to, longestDays: longestDays) { query.refuse("to", $0) }
    }

    /// Reads the days and the moment of a report: as known at an earlier one it is counted again, and shorter.
    static func readKnown(_ query: inout QueryReader) -> (period: ReportPeriod?, knownAt: Instant?) {
        let knownAt: Instant? = query.optional("knownAt")
        return (read(&query, longestDays: knownAt == nil ? longestDaysOfTotals : longestDays), knownAt)
    }

    static func checked(_ from: LocalDay, _ to: LocalDay, longestDays: Int, refuse: (Text) -> Void) -> ReportPeriod? {
        if to < from {
            refuse(Text("reason.dayBefore"))
            return nil
        }
        if to >= from.adding(days: longestDays) {
            refuse(Text("reason.tooManyDays", ["days": .number(longestDays)]))
            return nil
        }
        return ReportPeriod(first: from, last: to)
    }
}

extension ReportPeriod {
    /// Of a report of the whole network, which is asked for by its days alone.
    /// - Throws: 400 with all that is wrong with the query.
    init(ofNetwork request: Request) throws(Problem) {
        var query = QueryReader(request)
        let period = Self.read(&query, longestDays: Self.longestDaysOfNetwork)
        try query.finish()
        guard let period else { throw .notFound }
        self = period
    }
}

/// A centre of which figures are asked for by somebody who may see them.
struct ReportedCentre {
    let id: CentreID
    let number: Int16
    let zone: String
    let now: Instant
}

extension Utilisation {
    /// - Throws: 404 when there is no such centre, 403 to who neither works there nor looks after the network.
    func centre(asked context: MemberContext) async throws -> ReportedCentre {
        let id: CentreID = try context.path("centreId")
        guard let found = try await database.first(SQL.CentreReported(id: id)) else { throw Problem.notFound }
        try context.principal.require(.centreStaff, .centreManager, .networkManager, .networkAuditor, at: id.centreColumn)
        return ReportedCentre(id: id, number: id.centreColumn, zone: found.zone, now: found.now)
    }
}

extension ReportedCentre {
    /// - Throws: ``LabelRefusal/knownAtInFuture``.
    func check(knownAt: Instant?) throws {
        if let knownAt, knownAt > now { throw LabelRefusal.knownAtInFuture }
    }

    /// What every report of some days begins with.
    func writeMembers(_ period: ReportPeriod, to json: inout JSONWriter) {
        json.member("centreId", id)
        json.member("from", period.first)
        json.member("to", period.last)
        json.member("zone", zone)
        json.member("knownAt", now)
    }
}
