import Composition
import HTTPTypes
import Labels
import Postgres
import TestSupport
import Testing

/// Ends of labels are announced some months before, once, by the database's clock.
@Suite struct ReminderTests {
    @Test func `a label's end is announced 12, 6 and 3 months before, each once, whoever asks and how often`() async throws {
        try await withReminders { clock in
            try await clock.set("2028-12-30T12:00:00Z")
            #expect(try await clock.send() == 0)
            try await clock.set("2028-12-31T12:00:00Z")
            // Several instances at once.
            let sent = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await clock.send() } }
                return try await group.reduce(0, +)
            }
            #expect(sent == 1)
            #expect(try await clock.send() == 0)
            try await clock.set("2029-06-29T22:30:00Z")
            #expect(try await clock.send() == 1, "30 June has begun in Brussels")
            try await clock.set("2029-10-15T12:00:00Z")
            #expect(try await clock.send() == 1)
            try await clock.set("2030-02-01T12:00:00Z")
            #expect(try await clock.send() == 0)
            #expect(
                try await clock.events() == [
                    #"{"endsOn": "2029-12-31", "months": 12, "renewalPending": false}"#,
                    #"{"endsOn": "2029-12-31", "months": 6, "renewalPending": false}"#,
                    #"{"endsOn": "2029-12-31", "months": 3, "renewalPending": false}"#,
                ])
        }
    }

    @Test func `of several that fall due together the nearest is sent, and says that a renewal waits`() async throws {
        try await withReminders { clock in
            try await clock.set("2029-08-01T12:00:00Z")
            let applied = try await clock.server.send(
                .post, "/v1/centres/\(clock.network.centre)/label-applications", key: clock.network.managerKey,
                json: #"{"kind": "renewal", "submittedOn": "2029-07-01"}"#)
            #expect(applied.status == .created, "\(applied.body)")
            #expect(try await clock.send() == 1)
            #expect(try await clock.events() == [#"{"endsOn": "2029-12-31", "months": 6, "renewalPending": true}"#])
            #expect(try await clock.send() == 0)
        }
    }

    @Test func `a term that follows without a gap moves the end, and none is announced without an end`() async throws {
        try await withReminders { clock in
            try await clock.decide("extend", from: "2030-01-01", to: "2030-12-31")
            try await clock.set("2029-06-30T12:00:00Z")
            #expect(try await clock.send() == 0)
            try await clock.set("2029-12-31T12:00:00Z")
            #expect(try await clock.send() == 1)
            #expect(try await clock.events() == [#"{"endsOn": "2030-12-31", "months": 12, "renewalPending": false}"#])
            try await clock.decide("provisional", from: "2031-01-01", to: nil)
            try await clock.set("2030-11-01T12:00:00Z")
            #expect(try await clock.send() == 0)
        }
    }

    @Test func `reminders sent and to come are read by the centre and the network, as the policy says`() async throws {
        try await withReminders { clock in
            try await clock.set("2029-01-01T12:00:00Z")
            _ = try await clock.send()
            try await clock.server.database.owner.execute(script: "update labels.policy set reminder_months = '{2, 1}'")
            let path = "/v1/centres/\(clock.network.centre)/label-reminders"
            let answer = try await clock.server.send(.get, path, key: clock.network.managerKey)
            #expect(answer["reminders"]?.elements.map { $0["dueOn"] } == ["2028-12-31", "2029-10-31", "2029-11-30"], "\(answer.body)")
            #expect(answer["reminders"]?.elements.map { $0["sentAt"] == nil } == [false, true, true])
            #expect(try await clock.server.send(.get, path, key: clock.network.networkKey).status == .ok)
            #expect(try await clock.server.send(.get, path, key: clock.network.companyKey).status == .forbidden)
            try await clock.server.database.owner.execute(script: "update labels.policy set reminder_months = '{}'")
            try await clock.set("2029-12-15T12:00:00Z")
            #expect(try await clock.send() == 0)
            let timeline = try await clock.server.send(
                .get, "/v1/centres/\(clock.network.centre)/label-timeline", key: clock.network.managerKey)
            #expect(timeline["items", 0, "action"] == "reminderSent", "\(timeline.body)")
        }
    }
}

/// A centre whose label ends on 2029-12-31, and a clock that is set.
private struct ReminderClock: Sendable {
    let server: TestServer
    let network: TestNetwork

    func set(_ moment: String) async throws {
        _ = try await server.database.owner.queryText(
            "call plateau.set_clock_offset($1::timestamptz - clock_timestamp())", [moment])
    }

    func send() async throws -> Int {
        try await server.house.labels.sendReminders()
    }

    func events() async throws -> [String?] {
        try await server.database.owner.queryText("select payload::text from jobs.event where type = 'label.endsSoon' order by id")
            .map { $0[0] }
    }

    func decide(_ kind: String, from first: String, to last: String?) async throws {
        let end = last.map { #", "effectiveTo": "\#($0)""# } ?? ""
        let proposal = try await server.send(
            .post, "/v1/centres/\(network.centre)/label-decisions", key: network.authorityKey,
            json: """
                {"kind": "\(kind)", "authority": "government", "reference": "fictif", "decidedOn": "2026-09-01",
                 "effectiveFrom": "\(first)"\(end)}
                """)
        let approval = "/v1/label-decisions/\(try #require(proposal["id"]?.text, "\(proposal.body)"))/approval"
        #expect(try await server.send(.post, approval, key: network.secondAuthorityKey, json: "{}").status == .ok)
    }
}

private func withReminders(_ body: @escaping @Sendable (ReminderClock) async throws -> Void) async throws {
    try await withTestServer { server in
        try await body(ReminderClock(server: server, network: TestNetwork.make(in: server.database, labelEnd: "2029-12-31")))
    }
}
