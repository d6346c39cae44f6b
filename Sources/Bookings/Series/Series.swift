import Access
import HTTPEdge
import Kernel
import Labels
import Postgres

/// Bookings that recur, each of them a booking of its own.
struct Series: Sendable {
    let row: SQL.FindSeries.Row
    let occurrences: [OccurrenceVerdict]
}

/// What became of one occurrence, or would.
struct OccurrenceVerdict: Sendable {
    enum Outcome: String, Sendable, JSONWritable {
        case booked
        case wouldBook
        case refused
    }

    let number: Int32
    /// When the rule has it start.
    let start: Instant
    let outcome: Outcome
    /// When it takes place; nil for one that was refused long ago.
    let period: Period?
    let booking: BookingID?
    let reference: String?
    let state: String?
    let flags: [String]?
    let conditionalUntil: LocalDay?
    let rules: [RuleExplanation]
    var alternatives: [Alternative] = []
}

extension OccurrenceVerdict {
    init(_ row: SQL.ListOccurrences.Row) throws {
        number = row.number
        start = row.occurrenceStarts
        outcome = row.bookingId == nil ? .refused : .booked
        period = if let starts = row.starts, let ends = row.ends { Period(start: starts, end: ends) } else { nil }
        booking = row.bookingId
        reference = row.reference
        state = row.state
        flags = row.flags
        conditionalUntil = row.conditionalUntil
        rules = try row.rules.map(RuleExplanation.list) ?? []
    }

    /// - Parameter row: a verdict on an item of a plan.
    init(_ row: SQL.ReserveSeries.Row, of item: SeriesPlan.Item) throws {
        number = item.number
        start = item.start
        outcome = row.outcome == "refused" ? .refused : row.outcome == "created" ? .booked : .wouldBook
        let starts = item.periods.map(\.start).min()
        let ends = item.periods.map(\.end).max()
        period = if let starts, let ends { Period(start: starts, end: ends) } else { nil }
        booking = outcome == .booked ? row.bookingId : nil
        reference = outcome == .booked ? row.reference : nil
        state = outcome == .refused ? nil : row.state
        flags = outcome == .refused ? nil : row.flags
        conditionalUntil = row.conditionalUntil
        rules = try row.rules.map(RuleExplanation.list) ?? []
    }

    func write(to json: inout JSONWriter, speaker: Speaker) {
        json.object { json in
            json.member("number", number)
            json.member("start", start)
            json.member("verdict", outcome)
            json.member("period", period)
            json.member("bookingId", booking)
            json.member("reference", reference)
            json.member("state", state)
            json.member("flags", flags)
            json.member("conditionalUntil", conditionalUntil)
            if !rules.isEmpty { json.array("rules", rules) { rule, json in rule.write(to: &json, speaker: speaker) } }
            if !alternatives.isEmpty { json.array("alternatives", alternatives) }
        }
    }
}

extension Series {
    /// The members of the contract's `BookingSeries`; the caller opens the object.
    func writeMembers(to json: inout JSONWriter, speaker: Speaker) {
        json.member("id", row.id)
        json.member("organisationId", row.organisationId)
        json.member("rule", row.rule)
        json.array("excludedDates", row.excluded)
        json.array("additionalDates", row.additional)
        json.member("zone", row.zone)
        json.member("mode", row.mode)
        json.member("booked", occurrences.count { $0.outcome == .booked })
        json.member("refused", occurrences.count { $0.outcome == .refused })
        json.array("occurrences", occurrences) { occurrence, json in occurrence.write(to: &json, speaker: speaker) }
        json.member("createdAt", row.createdAt)
        json.member("version", row.version)
    }
}

extension Bookings {
    /// One series with what became of its occurrences, if the caller may see it.
    /// - Throws: ``BookingRefusal/notFound`` for a missing one and for another's alike.
    func findSeries(_ id: SeriesID, in transaction: borrowing PostgresTransaction) async throws -> Series {
        let row = try await transaction.first(SQL.FindSeries(id: id))
        guard let row else { throw BookingRefusal.notFound }
        return Series(row: row, occurrences: try await transaction.all(SQL.ListOccurrences(id: id)).map { try OccurrenceVerdict($0) })
    }

    func findSeries(_ id: SeriesID, for principal: Principal) async throws -> Series {
        async let row = database.first(SQL.FindSeries(id: id), settings: principal.settings)
        let occurrences = try await database.all(SQL.ListOccurrences(id: id), settings: principal.settings)
        guard let row = try await row else { throw BookingRefusal.notFound }
        return Series(row: row, occurrences: try occurrences.map { try OccurrenceVerdict($0) })
    }
}
