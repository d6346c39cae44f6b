import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Funding lines")
struct FundingLineTests {
    private static let unknown = "01a1e2b0-5c00-7000-b304-3c41c2a90c01"

    @Test func `who paid what is kept with its programme, conditions and days`() async throws {
        try await withFundingDesk { desk in
            let made = try await desk.add(
                FundingDesk.content + #", "programme": "FEDER", "reference": "R-1", "conditions": "C", "durableUntil": "2031-12-31", "#
                    + #""economicLimitPercent": 15"#)
            #expect(made.status == .created, "\(made.body)")
            #expect(made["partner"] == "Fonds fictif" && made["sharePercent"] == 40 && made["programme"] == "FEDER")
            #expect(made["isDurable"] == true && made["durableUntil"] == "2031-12-31" && made["economicLimitPercent"] == 15)
            let changed = try await desk.change(
                made.id,
                #""organisationId": "\#(desk.network.company)", "nature": "private", "sharePercent": 33.33, "#
                    + #""from": "2026-01-01", "durableUntil": "2031-12-31""#, key: desk.network.networkKey)
            #expect(changed.status == .ok, "\(changed.body)")
            #expect(changed["sharePercent"]?.number == 33.33 && changed["partner"] == "Boulonnerie fictive" && changed["programme"] == nil)
            let events = try await desk.server.database.owner.queryText(
                "select type, version::text from jobs.event where type like 'fundingLine.%' order by version")
            #expect(events == [["fundingLine.created", "1"], ["fundingLine.changed", "2"]])
            #expect(try await desk.list("?equipmentId=\(desk.network.units[0])&on=2026-06-01").count == 1)
            #expect(try await desk.list("?on=2025-06-01").isEmpty)
            #expect(try await desk.list("?programme=FEDER").isEmpty)
        }
    }

    @Test(arguments: [
        (#""sharePercent": 40"#, #""sharePercent": 39.99"#), (#""nature": "public""#, #""nature": "private""#),
        (#""from": "2026-01-01""#, #""from": "2026-01-01", "to": "2026-02-01""#), (#""body": "Fonds fictif""#, #""body": "Autre""#),
        (#""economicLimitPercent": 15"#, #""economicLimitPercent": 16"#), (#", "economicLimitPercent": 15"#, ""),
    ])
    func `whom a durability period binds does not loosen what the line says`(said: String, loosened: String) async throws {
        try await withFundingDesk { desk in
            let content = FundingDesk.content + #", "durableUntil": "2099-12-31", "economicLimitPercent": 15"#
            let line = try await desk.add(content)
            #expect(line.status == .created && content.contains(said), "\(line.body)")
            let changed = content.replacing(said, with: loosened)
            let refused = try await desk.change(line.id, changed)
            #expect(refused.status == .conflict && refused.problem == "fundingDurable", "\(refused.body)")
            #expect(try await desk.change(line.id, content.replacing(": 15", with: ": 14")).status == .ok, "a closer watch is free")
            #expect(try await desk.change(line.id, changed, key: desk.network.networkKey).status == .ok)
        }
    }

    @Test func `a line is never told to be what it was, since its durability turns with the day`() async throws {
        try await withFundingDesk { desk in
            let line = try await desk.add(FundingDesk.content + #", "durableUntil": "2099-12-31""#)
            let tag = try #require(line.headers[.eTag])
            let again = try await desk.server.send(
                .get, "/v1/funding-lines/\(line.id)", key: desk.network.managerKey, headers: [.ifNoneMatch: tag])
            #expect(again.status == .ok && again["isDurable"] == true, "\(again.body)")
        }
    }

    @Test func `shares come to 100 % at most, on each day by itself`() async throws {
        try await withFundingDesk { desk in
            let first = try await desk.add(
                #""body": "A", "nature": "public", "sharePercent": 70, "from": "2026-01-01", "to": "2026-12-31""#)
            #expect(first.status == .created, "\(first.body)")
            let second = #""body": "B", "nature": "private", "sharePercent": 30.01, "from": "2025-01-01", "to": "2027-12-31""#
            let refused = try await desk.add(second)
            #expect(refused.status == .conflict && refused.problem == "fundingShareExceeded", "\(refused.body)")
            #expect(refused["leftPercent"] == 30, "\(refused.body)")
            #expect(refused["detail"]?.text?.contains("30 %") == true, "\(refused.body)")
            #expect(try await desk.add(second.replacing("30.01", with: "30")).status == .created)
            #expect(try await desk.add(#""body": "C", "nature": "public", "sharePercent": 70, "from": "2027-01-01""#).status == .created)
            #expect(try await desk.change(first.id, FundingDesk.content).problem == "fundingShareExceeded", "it would go on in 2027")
            let other = try await desk.add(second.replacing("30.01", with: "100"), to: desk.network.units[1])
            #expect(other.status == .created, "another machine has shares of its own")
            #expect(try await desk.end(first.id).status == .ok)
            let full = #""body": "D", "nature": "public", "sharePercent": 70, "from": "2026-01-01", "to": "2026-12-31""#
            #expect(try await desk.add(full).status == .created, "what has ended counts no more")
            #expect(try await desk.change(first.id, FundingDesk.content).problem == "fundingLineEnded")
            #expect(try await desk.end(first.id).problem == "fundingLineEnded")
        }
    }

    @Test func `lines that race never come to more than 100 %`() async throws {
        try await withFundingDesk { desk in
            let answers = try await withThrowingTaskGroup(of: UInt16.self) { group in
                for _ in 1...8 {
                    group.addTask { UInt16(try await desk.add().status.code) }
                }
                return try await group.reduce(into: [UInt16]()) { $0.append($1) }
            }
            #expect(answers.sorted() == [201, 201, 409, 409, 409, 409, 409, 409])
        }
    }

    @Test func `a partner sees its own lines, a centre those of its machines, and nobody else any`() async throws {
        try await withFundingDesk { desk in
            let line = try await desk.add(
                #""organisationId": "\#(desk.network.company)", "nature": "private", "sharePercent": 10, "from": "2026-01-01""#)
            #expect(line.status == .created, "\(line.body)")
            for (key, count) in [
                (desk.network.managerKey, 1), (desk.network.networkKey, 1), (desk.network.companyKey, 1), (desk.network.schoolKey, 0),
            ] {
                #expect(try await desk.list(key: key).count == count)
                let one = try await desk.server.send(.get, "/v1/funding-lines/\(line.id)", key: key)
                #expect(one.status == (count == 1 ? .ok : .notFound), "\(one.body)")
            }
            #expect(try await desk.add(key: desk.network.companyKey).status == .forbidden)
            #expect(try await desk.end(line.id, key: desk.network.companyKey).status == .forbidden)
        }
    }

    @Test(arguments: [
        (#""nature": "public", "sharePercent": 10, "from": "2026-01-01""#, "/organisationId"),
        (#""body": "A", "nature": "public", "sharePercent": 10.001, "from": "2026-01-01""#, "/sharePercent"),
        (#""body": "A", "nature": "public", "sharePercent": 100.01, "from": "2026-01-01""#, "/sharePercent"),
        (#""body": "A", "nature": "public", "sharePercent": 10, "from": "2026-01-01", "to": "2025-01-01""#, "/to"),
        (#""body": "A", "nature": "public", "sharePercent": 10, "from": "2026-01-01", "durableUntil": "2025-01-01""#, "/durableUntil"),
        (#""body": "A", "nature": "mixed", "sharePercent": 10, "from": "2026-01-01""#, "/nature"),
        (
            #""body": "A", "nature": "public", "sharePercent": 10, "from": "2026-01-01", "agreementId": "\#(unknown)""#,
            "/agreementId"
        ),
        (#""organisationId": "\#(unknown)", "nature": "public", "sharePercent": 10, "from": "2026-01-01""#, "/organisationId"),
    ])
    func `what no line can say is refused by name`(content: String, member: String) async throws {
        try await withFundingDesk { desk in
            let refused = try await desk.add(content)
            #expect(refused.status == .badRequest && refused["issues", 0, "name"]?.text == member, "\(refused.body)")
        }
    }

    @Test func `hours for a share come from an agreement of the centre with that partner`() async throws {
        try await withFundingDesk { desk in
            let asked = try await desk.server.send(
                .post, "/v1/agreements", key: desk.network.managerKey,
                json: """
                    {"organisationId": "\(desk.network.company)", "centreId": "\(desk.network.centre)", "from": "2026-01-01",
                     "allowanceHours": 40}
                    """)
            #expect(asked.status == .created, "\(asked.body)")
            let terms = #""nature": "private", "sharePercent": 10, "from": "2026-01-01", "agreementId": "\#(asked.id)""#
            let other = try await desk.add(#""organisationId": "\#(desk.network.school)", \#(terms)"#)
            #expect(other["issues", 0, "code"] == "agreementUnknown", "\(other.body)")
            let own = try await desk.add(#""organisationId": "\#(desk.network.company)", \#(terms)"#)
            #expect(own.status == .created && own["agreementId"]?.text == asked.id, "\(own.body)")
        }
    }
}
