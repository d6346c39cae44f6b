import FoundationEssentials
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Benchmarks

@Suite("Networks to be measured")
struct BenchmarkNetworkTests {
    @Test(arguments: [WorkSet.booking, .engine, .utilisation])
    func `a larger one that begins with a smaller one is as if it were made at once`(works: WorkSet) async throws {
        let today = SyntheticNetwork.today()
        let former = SyntheticNetwork(today: today, bookings: 2_000, works: works)
        let network = SyntheticNetwork(today: today, bookings: 6_000, works: works)
        let grown = try await withTestDatabase { database in
            try await former.load(into: database.owner, credentials: .test)
            try await network.load(into: database.owner, credentials: .test, former: former)
            return try await Self.taken(in: database.owner)
        }
        let made = try await withTestDatabase { database in
            try await network.load(into: database.owner, credentials: .test)
            return try await Self.taken(in: database.owner)
        }
        #expect(grown == made)
        #expect(grown[0][0] == "6000")
    }

    @Test(arguments: [WorkSet.booking, .engine, .utilisation])
    func `nothing is booked beyond what there is`(works: WorkSet) async throws {
        let isFull = ProcessInfo.processInfo.environment["PLATEAU_TESTS"] == "full"
        let network = SyntheticNetwork(today: SyntheticNetwork.today(), bookings: isFull ? 20_000 : 5_000, works: works)
        try await withTestDatabase { database in
            try await network.load(into: database.owner, credentials: .test)
            let most = try await database.owner.queryText(
                """
                select max(s.taken) from (
                    select sum(b.seats) as taken from platforms.occupancy a
                    join platforms.occupancy b on b.centre_id = a.centre_id and b.resource_id = a.resource_id
                         and b.starts <= a.starts and b.ends > a.starts
                    group by a.centre_id, a.resource_id, a.holder_id, a.starts) s
                """)
            #expect(Int((most.first?.first ?? nil) ?? "") ?? 99 <= 12)
        }
    }

    @Test func `what is counted is in the totals`() async throws {
        let network = SyntheticNetwork(today: SyntheticNetwork.today(), bookings: 1_000, works: .utilisation)
        try await withTestDatabase { database in
            try await network.load(into: database.owner, credentials: .test)
            #expect(
                try await database.owner.queryText(
                    "select (select count(*) from utilisation.pending), (select count(*) from utilisation.fact)") == [["0", "1000"]])
            let outside = try await database.owner.queryText("select sum(outside), sum(booked) > 0 from utilisation.fact")
            #expect(outside == [["0", "t"]])
            for centre in 1...3 {
                #expect(try await database.owner.queryText("select * from utilisation.differences($1::int2, 10)", ["\(centre)"]).isEmpty)
            }
        }
    }

    /// How many there are, and what they take.
    private static func taken(in session: PostgresSession) async throws -> [[String?]] {
        try await session.queryText(
            """
            select count(distinct o.holder_id),
                   md5(string_agg(concat_ws(' ', o.resource_id, o.holder_id, o.starts, o.seats), ','
                                  order by o.resource_id, o.starts, o.holder_id))
            from platforms.occupancy o
            """)
    }
}
