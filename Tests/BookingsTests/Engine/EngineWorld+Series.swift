import Access
import Kernel

/// Bookings that repeat, asked for as the service does.
extension EngineWorld {
    mutating func reserveSeries(
        _ tag: Int, _ party: EngineParty, _ wishes: [EngineWish], isAtomic: Bool
    ) async throws -> String {
        let bookings = wishes.map { _ in "\(identifiers.make(centre: 1) as BookingID)" }
        for (number, id) in bookings.enumerated() { ids[tag + number] = id }
        seriesIDs[tag] = "\(identifiers.make(centre: 1) as BookingID)"
        let lines = wishes.first?.lines ?? []
        return try await ask(
            """
            (select string_agg(v.outcome, ' ' order by v.number) from bookings.reserve_series(
                $1, 'FREQ=DAILY', '{}', '{}', 'Europe/Brussels', $2, $3, $4, 'demonstration', '{}', '{}', 0, null, null, null, null,
                $5::uuid[], $6::integer[], $7::uuid[], $7::text[], $8::timestamptz[],
                array(select t from unnest($8::timestamptz[]) with ordinality u (t, n), unnest($5::uuid[]) order by n),
                array(select t from unnest($9::timestamptz[]) with ordinality u (t, n), unnest($5::uuid[]) order by n), false) v)
            """,
            [
                seriesIDs[tag], isAtomic ? "atomic" : "bestEffort", key(party.rawValue), organisation(party), Self.list(lines.map(room)),
                Self.list(lines.map { "\($0.seats)" }), Self.list(bookings), Self.list(wishes.map { at($0.starts) }),
                Self.list(wishes.map { at($0.ends) }),
            ])
    }

    mutating func changeSeries(
        _ model: NaiveEngine, _ tag: Int, from: Int?, to lines: [EngineWish.Line], moved: Int, length: Int, firstTag: Int
    ) async throws -> String {
        let standing = model.standing(of: tag, from: from).map { model.entries[$0] }
        let starts = standing.map { max(0, $0.starts + moved) }
        let bookings = standing.map { _ in "\(identifiers.make(centre: 1) as BookingID)" }
        for (number, id) in bookings.enumerated() { ids[firstTag + number] = id }
        return try await ask(
            """
            (select string_agg(v.outcome, ' ' order by v.number) from bookings.change_series(
                $1, $2, (select s.version from bookings.series s where s.centre_id = 1 and s.id = $1::uuid), null,
                $3::uuid[], $4::integer[], $5::integer[], $6::uuid[], $6::text[],
                array(select t from unnest($7::timestamptz[]) with ordinality u (t, n), unnest($3::uuid[]) order by n),
                array(select t from unnest($8::timestamptz[]) with ordinality u (t, n), unnest($3::uuid[]) order by n), false) v)
            """,
            [
                seriesIDs[tag], seriesKey(model, tag), Self.list(lines.map(room)), Self.list(lines.map { "\($0.seats)" }),
                Self.list(standing.map { "\($0.occurrence + 1)" }), Self.list(bookings), Self.list(starts.map(at)),
                Self.list(starts.map { at($0 + length) }),
            ])
    }
}
