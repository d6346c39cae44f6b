import Postgres
import Schema
import TestSupport
import Testing

@Suite("Allowances that quotas gave")
struct AllowanceMoveTests {
    @Test func `become those of the agreement there is, or are asked for, and end as quotas`() async throws {
        try await withTestDatabase { database in
            let network = try await TestNetwork.make(in: database)
            let (manager, company) = (try #require(network.keys["manager"]), try #require(network.keys["company"]))
            try await database.owner.execute(
                script: """
                    alter table bookings.quota drop constraint quota_allowance_is_past;
                    insert into access.agreement (
                        centre_id, id, organisation_id, during, state, requested_at, requested_by, decided_at, decided_by, allowance_hours)
                    select 1, ('01990000-0000-7000-8400-0000000000a' || n)::uuid, x.organisation, '[2026-01-01,2029-01-01)', 'approved',
                           now(), '\(company)', now(), '\(manager)', x.hours
                    from (values (1, '\(network.company)'::uuid, null), (2, '\(network.centreOrganisation)'::uuid, 7))
                        as x (n, organisation, hours);
                    insert into bookings.quota (
                        centre_id, id, organisation_id, kind, resource_id, period, most_minutes, during, created_at, created_by)
                    select x.centre_id, ('01990000-0000-7000-8' || x.tail)::uuid, x.organisation, x.kind, x.resource, x.period, 90,
                           '[2026-01-01,)', now(), '\(manager)'
                    from (values
                        (1, '400-0000000000b1', '\(network.company)'::uuid, 'allowance', null::uuid, 'week'),
                        (1, '400-0000000000b2', '\(network.centreOrganisation)'::uuid, 'allowance', null, 'year'),
                        (1, '400-0000000000b3', '\(network.school)'::uuid, 'allowance', '\(network.platform)'::uuid, 'month'),
                        (0, '000-0000000000b4', '\(network.school)'::uuid, 'allowance', null, 'year'),
                        (1, '400-0000000000b5', '\(network.school)'::uuid, 'limit', null, 'year'))
                        as x (centre_id, tail, organisation, kind, resource, period);
                    """)
            try await database.owner.execute(script: try Self.move())
            let agreements = try await database.owner.queryText(
                """
                select right(id::text, 2) || ' ' || state || ' ' || allowance_hours || ' ' || coalesce(cardinality(platforms), 0)
                from access.agreement where centre_id = 1 order by id
                """)
            #expect(
                agreements.map(\.first) == ["a1 approved 78 0", "a2 approved 7 0", "b3 requested 18 1"],
                "90 minutes a week, what was agreed on, 90 minutes a month")
            let quotas = try await database.owner.queryText(
                """
                select right(q.id::text, 2) || ' ' || (q.ended_at is not null) || ' ' || coalesce(right(q.agreement_id::text, 2), '-')
                from bookings.quota q order by right(q.id::text, 2)
                """)
            #expect(quotas.map(\.first) == ["b1 true a1", "b2 true a2", "b3 true b3", "b4 true -", "b5 false -"])
            let counted = try await database.owner.queryText("select has_quota from access.organisation where kind <> 'network'")
            #expect(counted.map(\.first) == ["t", "t", "t"])
        }
    }

    @Test func `a quota that is one cannot be written any more`() async throws {
        try await withTestDatabase { database in
            let network = try await TestNetwork.make(in: database)
            let manager = try #require(network.keys["manager"])
            let error = await #expect(throws: PostgresError.self) {
                _ = try await database.owner.queryText(
                    """
                    select bookings.set_quota('01990000-0000-7000-8400-0000000000aa', $1, 'allowance', null, 'year', 30, null,
                                              '2027-01-01', null, null, $2)
                    """, ["\(network.company)", "\(manager)"])
            }
            #expect(error?.constraint == "quota_allowance_is_past", "not as it must be: an allowance beside those of agreements")
        }
    }

    /// The part of the migration that moves what there is.
    private static func move() throws -> String {
        let text = try #require(EmbeddedMigrations.all.first { $0.name == "funding" }).text
        let start = try #require(text.firstRange(of: "create function bookings.move_allowances()"))
        let end = try #require(text.firstRange(of: "drop function bookings.move_allowances();"))
        return String(text[start.lowerBound..<end.upperBound])
    }
}
