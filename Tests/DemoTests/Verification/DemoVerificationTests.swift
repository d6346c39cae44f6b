@testable import Demo
import Kernel
import Postgres
import Testing
import TestSupport

@Suite(.serialized) struct DemoVerificationTests {
    private let network = DemoNetwork(seed: 7, today: DemoPlan.monday, bookings: 1_200)

    private static func digest(_ secret: String) -> [UInt8] {
        Array(secret.utf8.suffix(32))
    }

    /// A loaded network on the afternoon of its own day.
    private func withNetwork(_ body: (TestDatabase, DemoKeys) async throws -> Void) async throws {
        try await withTestDatabase { database in
            let zone = try #require(Zone("Europe/Brussels"))
            let afternoon = zone.instant(of: DemoPlan.monday, minute: 900)
            try await database.setClock(offset: afternoon - SystemWallClock().now())
            let keys = try await network.load(into: database.owner, digest: Self.digest)
            try await body(database, keys)
        }
    }

    @Test func `what is loaded stands up to the database's own rules`() async throws {
        try await withNetwork { database, _ in
            let report = try await DemoVerification(session: database.owner).run()
            #expect(report.isSound, "\(report.lines.joined(separator: "\n"))")
            #expect(report.counts.first { $0.name == "bookings" }?.number == 1_200)
            #expect(report.counts.first { $0.name == "centres" }?.number == 24)
        }
    }

    @Test func `a second load is refused and changes nothing`() async throws {
        try await withNetwork { database, _ in
            await #expect(throws: DemoError.alreadyLoaded) { try await network.load(into: database.owner, digest: Self.digest) }
            let count = try await database.owner.queryText("select count(*) from bookings.booking")
            #expect(count == [["1200"]])
        }
    }

    @Test func `a platform and a machine to try are found once the network is loaded`() async throws {
        try await withTestDatabase { database in
            let before = try await DemoNetwork.isLoaded(in: database.owner)
            #expect(!before)
            let nothing = try await DemoNetwork.showcase(in: database.owner)
            #expect(nothing == nil)
            _ = try await network.load(into: database.owner, digest: Self.digest)
            let after = try await DemoNetwork.isLoaded(in: database.owner)
            #expect(after)
            let show = try #require(try await DemoNetwork.showcase(in: database.owner))
            #expect(show.platform.centreNumber == show.equipment.centreNumber)
        }
    }

    @Test func `a database with a centre of its own is refused`() async throws {
        try await withTestDatabase { database in
            try await database.owner.execute(
                script: """
                    insert into centres.centre (centre_id, id, created_at)
                    values (1, '01900000-0000-7000-8400-000000000000', now())
                    """)
            await #expect(throws: DemoError.databaseInUse) { try await network.load(into: database.owner, digest: Self.digest) }
        }
    }

    @Test func `each key opens with the roles it is handed out for`() async throws {
        try await withNetwork { database, keys in
            let expected: [(DemoKeys.Key, String)] = [
                (keys.trainingOrganisation, "{booker,member,organisationAdmin}"), (keys.company, "{booker,member,organisationAdmin}"),
                (keys.centreManager, "{booker,centreManager,organisationAdmin}"), (keys.networkManager, "{booker,networkManager}"),
                (keys.labelAuthority, "{labelAuthority}"), (keys.labelAuthority2, "{labelAuthority}"),
            ]
            for (key, roles) in expected {
                let digest = Self.digest(key.secret).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                let rows = try await database.owner.queryText(
                    "select organisation_id, roles from access.authenticate(decode($1, 'hex'))", [digest])
                #expect(rows == [[key.organisationID.description, roles]])
            }
            #expect(keys.labelAuthority.secret != keys.labelAuthority2.secret)
            #expect(keys.centreManager.centreID != nil)
        }
    }

    @Test func `the verification sees whatever was tampered with`() async throws {
        try await withNetwork { database, _ in
            for (tampering, check) in Self.tamperings {
                // The verification rolls back the transaction that it finds open, and the tampering with it.
                try await database.owner.execute(script: "begin; \(tampering)")
                let report = try await DemoVerification(session: database.owner).run()
                #expect(!report.isSound)
                #expect(report.findings.contains { $0.check == check && $0.violations > 0 }, "\(tampering)")
            }
            let report = try await DemoVerification(session: database.owner).run()
            #expect(report.isSound, "\(report.lines.joined(separator: "\n"))")
        }
    }

    private static let tamperings = [
        ("update platforms.resource set capacity = capacity - 1 where kind = 'platform'", "capacity is never exceeded"),
        ("delete from platforms.occupancy where line_number = 1", "occupancy is what lines and buffers imply"),
        ("update bookings.booking set state = 'confirmed' where state = 'conditional'", "the gate agrees with every state"),
        ("update access.membership set during = daterange(lower(during), '2025-01-01')", "the gate agrees with every state"),
        ("delete from centres.open_hours where day = '2026-03-10'", "every line is inside open hours"),
        ("update platforms.resource set notice_minutes = 100000", "every line keeps the rules of use"),
        ("update bookings.booking set centres = centres || 3::smallint where centre_id = 1", "ids carry their centre's number"),
        (
            "update offers.offer set during = daterange('2030-01-01', null)", "offers are those of a line's centre, in force"
        ),
        ("update bookings.booking set version = version + 1 where centre_id = 1", "transitions lead to the state"),
        ("delete from bookings.line where number = 1 and centre_id = 1", "who came had booked"),
        ("update bookings.attendance set head_counts = array_fill(1000, array[cardinality(head_counts)])", "who came had booked"),
        ("update platforms.resource set capacity = capacity - 1 where kind = 'stock'", "stocks have what their changes come to"),
        ("update inventory.asset set state = 'faulty'", "kits are made of what their centre has"),
    ]
}
