import Composition
import HTTPTypes
import Postgres
import TestSupport
import Testing
import Utilisation

@Suite("plateau verify-totals")
struct VerifyTotalsTests {
    private static func verify(_ database: TestDatabase) throws -> Program.Ended {
        try Program.run(
            ["verify-totals"],
            environment: [
                "PLATEAU_DATABASE_URL": database.pool.configuration.connectionString,
                "PLATEAU_SECRETS_ROOT": String(repeating: "0f", count: 32),
            ])
    }

    @Test
    func `a corrupt figure is named with where it stands and what both sides say, and left as it is`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let booked = try await server.send(
                .post, "/v1/bookings", key: network.companyKey,
                json: """
                    {"activity": "demonstration", "audiences": [{"audience": "worker", "headCount": 2}], "lines": [
                      {"resourceId": "\(network.platform)", "start": "2027-06-01T10:00:00+02:00", "end": "2027-06-01T12:00:00+02:00",
                       "seats": 2}]}
                    """)
            #expect(booked.status == .created, "\(booked.body)")
            // Marked and not yet in the totals: what a read adds.
            let unfolded = try Self.verify(server.database)
            #expect(unfolded.status == 0 && unfolded.output.contains("The totals are what the bookings come to"), "\(unfolded)")
            _ = try await server.house.utilisation.foldTotals()
            #expect(try Self.verify(server.database).status == 0)

            let changed = try await server.database.owner.queryText(
                """
                update utilisation.total set booked = booked + 60 where grain = 'day' and is_own and resource_id = $1
                returning booked::text
                """, ["\(network.platform)"])
            #expect(changed == [["14460"]])
            let found = try Self.verify(server.database)
            #expect(found.status == 1)
            let line = "utilisation.total, centre 1, day 2027-06-01, resource \(network.platform), own t, company, demonstration, booked: "
            #expect(found.output == line + "held 14460, recomputed 14400\n", "\(found.output)")
            #expect(found.errors.contains("The figures that differ from the bookings: 1"), "\(found.errors)")
            let left = try await server.database.owner.queryText(
                "select booked::text from utilisation.total where grain = 'day' and is_own and resource_id = $1", ["\(network.platform)"])
            #expect(left == changed)

            _ = try await server.database.owner.queryText(
                "update utilisation.total set booked = booked - 60 where grain = 'day' and is_own and resource_id = $1",
                ["\(network.platform)"])
            _ = try await server.database.owner.queryText(
                "update utilisation.week_total set booked[36] = booked[36] + 1 where grain = 'month' and resource_id = $1",
                ["\(network.platform)"])
            let hour = "utilisation.week_total, centre 1, month 2027-06-01, resource \(network.platform), weekday 2, hour 11, booked: "
            #expect(try Self.verify(server.database).output == hour + "held 7201, recomputed 7200\n")
        }
    }
}
