import HTTPTypes
import Postgres
import TestSupport
import Testing

/// A row of the table of cases: what is arranged, which slot is asked for, and what every door then says.
struct CaseOfTheTable: Sendable, CustomTestStringConvertible {
    /// What every door answers about the slot.
    enum Answer: Equatable, Sendable {
        case allow
        case conditional
        case deny(String)
    }

    let testDescription: String
    var labelEnd = "2027-06-30"
    var start = "2027-09-01T09:00:00Z"
    var end = "2027-09-01T12:00:00Z"
    /// Of a booking that was made before.
    var former: (day: String, standing: String)?
    let answer: Answer
    let arrange: @Sendable (BookingDesk) async throws -> Void
}

/// The fourteen rows of the table of cases, each at every door; details of each stand in ``TableOfCasesTests``.
@Suite("The whole table of cases, at every door")
struct WholeTableTests {
    static let rows: [CaseOfTheTable] = [
        CaseOfTheTable(testDescription: "1 label in force for the whole slot", labelEnd: "2099-12-31", answer: .allow) { _ in },
        CaseOfTheTable(testDescription: "2 provisional with an end, after it", answer: .conditional) { desk in
            try await desk.decide("provisional", from: "2027-07-01", to: "2027-08-31")
        },
        CaseOfTheTable(testDescription: "3 provisional without an end, beyond the horizon", answer: .conditional) { desk in
            try await desk.decide("provisional", from: "2027-07-01")
            try await desk.policy(["provisionalHorizonDays": "1"])
        },
        CaseOfTheTable(
            testDescription: "4 label ends inside the slot", start: "2027-06-30T20:00:00Z", end: "2027-07-01T06:00:00Z",
            answer: .conditional
        ) { _ in },
        CaseOfTheTable(testDescription: "5 after the known end, renewal pending", answer: .conditional) { desk in try await desk.apply() },
        CaseOfTheTable(testDescription: "6 after the known end, no renewal filed", answer: .deny("labelExpired")) { _ in },
        CaseOfTheTable(
            testDescription: "7 lapsed, renewal pending", labelEnd: "2099-12-31", former: ("2027-09-02", "confirmed atRisk"),
            answer: .conditional
        ) { desk in
            try await desk.apply()
            try await desk.decide("extend", from: "2020-01-01", to: "2027-06-30", more: #""supersedes": "\#(desk.network.grant)""#)
        },
        CaseOfTheTable(testDescription: "8 retroactive grant", labelEnd: "2026-12-31", answer: .allow) { desk in
            try await desk.apply()
            try await desk.decide("grant", from: "2027-01-01", to: "2029-12-31")
        },
        CaseOfTheTable(
            testDescription: "9 suspension", labelEnd: "2099-12-31", former: ("2027-09-02", "suspended"), answer: .deny("labelSuspended")
        ) { desk in try await desk.decide("suspend", from: "2027-08-01", to: "2027-10-31") },
        CaseOfTheTable(testDescription: "10 refusal of a renewal", answer: .deny("labelRefused")) { desk in
            try await desk.apply()
            try await desk.decide("refuse", from: "2026-11-15", decidedOn: "2026-11-15")
        },
        CaseOfTheTable(
            testDescription: "11 withdrawal", labelEnd: "2099-12-31", former: ("2027-09-02", "confirmed atRisk"),
            answer: .deny("labelWithdrawn")
        ) { desk in try await desk.decide("withdraw", from: "2027-01-01") },
        CaseOfTheTable(testDescription: "12 correction", answer: .allow) { desk in
            try await desk.decide("grant", from: "2020-01-01", to: "2028-12-31", more: #""supersedes": "\#(desk.network.grant)""#)
        },
        CaseOfTheTable(
            testDescription: "13 recognition file shrinks", labelEnd: "2099-12-31", former: ("2027-09-02", "confirmed atRisk"),
            answer: .deny("audienceNotTargeted")
        ) { desk in
            let file = try await desk.server.send(
                .post, "/v1/centres/\(desk.network.centre)/recognition-files", key: desk.network.authorityKey,
                json: #"{"effectiveFrom": "2027-01-01", "sectors": ["metal"], "audiences": ["jobSeeker"]}"#)
            #expect(file.status == .created, "\(file.body)")
        },
        CaseOfTheTable(
            testDescription: "14 a decision is simulated before it is recorded", labelEnd: "2099-12-31",
            former: ("2027-09-02", "confirmed"), answer: .allow
        ) { desk in
            let proposal = try await desk.propose("suspend", from: "2027-08-01", to: "2027-10-31")
            let seen = try await desk.simulate(try #require(proposal["id"]?.text))
            #expect(seen["effects"] == .object(["suspended": 1]), "it would touch one booking, and does not")
        },
    ]

    @Test(arguments: rows)
    func `every door says the same`(row: CaseOfTheTable) async throws {
        try await withDesk(labelEnd: row.labelEnd) { desk in
            var former: String?
            if let day = row.former?.day {
                let booked = try await desk.book(from: "\(day)T09:00:00Z", to: "\(day)T12:00:00Z", audience: "worker")
                former = try #require(booked["id"]?.text, "\(booked.body)")
            }
            try await row.arrange(desk)
            _ = try await desk.followLabels()
            for (door, answer) in try await Self.answers(at: desk, row) { #expect(answer == row.answer, "\(door)") }
            if let former { #expect(try await desk.standing(former) == row.former?.standing) }
            // Whatever others are told, the centre's own use needs no label.
            let own = try await desk.book(
                from: row.start, to: row.end, audience: "worker", key: desk.network.managerKey, query: "?dryRun=true")
            #expect(own["state"] == "confirmed", "\(own.body)")
        }
    }

    @Test func `the table has fourteen rows`() {
        #expect(Self.rows.map { $0.testDescription.prefix { $0 != " " } } == (1...14).map { "\($0)" })
    }

    // MARK: Doors

    private static func answers(
        at desk: BookingDesk, _ row: CaseOfTheTable
    ) async throws -> [(door: String, answer: CaseOfTheTable.Answer?)] {
        let asked = try await desk.server.send(
            .post, "/v1/access-decisions", key: desk.network.companyKey,
            json: """
                {"resourceId": "\(desk.network.platform)", "start": "\(row.start)", "end": "\(row.end)",
                 "audiences": [{"audience": "worker", "headCount": 4}]}
                """)
        let series = try await desk.server.send(
            .post, "/v1/booking-series?dryRun=true", key: desk.network.companyKey,
            json: """
                {"activity": "demonstration", "audiences": [{"audience": "worker", "headCount": 4}], "rule": "FREQ=DAILY;COUNT=1",
                 "mode": "bestEffort",
                 "lines": [{"resourceId": "\(desk.network.platform)", "start": "\(row.start)", "end": "\(row.end)"}]}
                """)
        let dry = try await desk.book(from: row.start, to: row.end, audience: "worker", query: "?dryRun=true")
        let booked = try await desk.book(from: row.start, to: row.end, audience: "worker")
        return [
            ("access decision", verdict(asked["verdict"], asked["rules"])), ("booking, dry run", verdict(dry)),
            ("booking", verdict(booked)),
            ("series", verdict(series["occurrences", 0, "state"], series["occurrences", 0, "rules"])),
            ("the gate, for check-in and import", try await gate(at: desk, row)),
        ]
    }

    private static func verdict(_ booking: TestAnswer) -> CaseOfTheTable.Answer? {
        verdict(booking["state"], booking["rules"])
    }

    /// From the word of a door, with the rules that denied.
    private static func verdict(_ word: TestJSON?, _ rules: TestJSON?) -> CaseOfTheTable.Answer? {
        switch word?.text {
        case "allow", "confirmed": .allow
        case "conditional": .conditional
        default: rules?.elements.first { $0["verdict"] == "deny" }?["code"]?.text.map { .deny($0) }
        }
    }

    /// What doors will ask that do not exist yet.
    private static func gate(at desk: BookingDesk, _ row: CaseOfTheTable) async throws -> CaseOfTheTable.Answer? {
        let rows = try await desk.server.database.owner.queryText(
            """
            select g.verdict, (select r ->> 'code' from jsonb_array_elements(g.rules) r where r ->> 'verdict' = 'deny' limit 1)
            from labels.gate(1::smallint, true, $1, tstzrange($2::timestamptz, $3::timestamptz), $4::uuid, null, '{worker}', '{4}', true,
                             $5::uuid) g
            """, [TestNetwork.zone, row.start, row.end, "\(desk.network.company)", "\(desk.network.platform)"])
        switch rows.first?.first {
        case "allow"?: return .allow
        case "conditional"?: return .conditional
        default: return rows.first?.last.flatMap { $0 }.map { .deny($0) }
        }
    }
}
