import Bookings
import Composition
import HTTPTypes
import Postgres
import TestSupport
import Testing

/// Decisions about the centre's label, over HTTP.
extension BookingDesk {
    /// Proposes a decision, as the label authority.
    /// - Parameter more: further members of the body, such as `"supersedes": "…"`.
    func propose(
        _ kind: String, from: String, to: String? = nil, decidedOn: String = "2026-11-01", more: String = ""
    ) async throws -> TestAnswer {
        let last = to.map { #", "effectiveTo": "\#($0)""# } ?? ""
        let rest = more.isEmpty ? "" : ", \(more)"
        return try await server.send(
            .post, "/v1/centres/\(network.centre)/label-decisions", key: network.authorityKey,
            json: """
                {"kind": "\(kind)", "authority": "minister", "reference": "fictif", "decidedOn": "\(decidedOn)",
                 "effectiveFrom": "\(from)"\(last)\(rest)}
                """)
    }

    /// Proposes and approves a decision.
    @discardableResult
    func decide(
        _ kind: String, from: String, to: String? = nil, decidedOn: String = "2026-11-01", more: String = ""
    ) async throws -> TestAnswer {
        let proposal = try await propose(kind, from: from, to: to, decidedOn: decidedOn, more: more)
        #expect(proposal.status == .accepted, "\(proposal.body)")
        let answer = try await approve(try #require(proposal["id"]?.text))
        #expect(answer.status == .ok, "\(answer.body)")
        return answer
    }

    func approve(_ decision: String, simulation: String? = nil) async throws -> TestAnswer {
        let body = simulation.map { #"{"simulationId": "\#($0)"}"# } ?? "{}"
        return try await server.send(.post, "/v1/label-decisions/\(decision)/approval", key: network.secondAuthorityKey, json: body)
    }

    func simulate(_ decision: String) async throws -> TestAnswer {
        try await server.send(.post, "/v1/label-decisions/\(decision)/simulations", key: network.authorityKey, json: "{}")
    }

    func apply(_ kind: String = "renewal", on day: String = "2026-11-02") async throws {
        let answer = try await server.send(
            .post, "/v1/centres/\(network.centre)/label-applications", key: network.managerKey,
            json: #"{"kind": "\#(kind)", "submittedOn": "\#(day)"}"#)
        #expect(answer.status == .created, "\(answer.body)")
    }

    /// Changes some members of the policy.
    func policy(_ changes: [String: String]) async throws {
        var members = [
            "termYears": "3", "endsInside": #""conditional""#, "renewalPending": #""conditional""#, "afterProvisional": #""conditional""#,
            "termEnded": #""refuse""#, "beyondHorizon": #""conditional""#, "provisionalHorizonDays": "183", "withdrawalNoticeDays": "30",
            "fileNoticeDays": "30", "reminderMonths": "[12, 6, 3]",
        ]
        members.merge(changes) { $1 }
        let answer = try await server.send(
            .put, "/v1/label-policy", key: network.networkKey, headers: [.ifMatch: "*"],
            json: "{\(members.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", "))}")
        #expect(answer.status == .ok, "\(answer.body)")
    }

    /// Books three hours from nine on a day, for one seat, and gives the id.
    func book(on day: String, seats: Int? = 1, key: String? = nil) async throws -> String {
        let answer = try await book(from: "\(day)T09:00:00Z", to: "\(day)T12:00:00Z", seats: seats, key: key)
        #expect(answer.status == .created, "\(answer.body)")
        return try #require(answer["id"]?.text)
    }

    func booking(_ id: String) async throws -> TestAnswer {
        try await server.send(.get, "/v1/bookings/\(id)", key: network.networkKey)
    }

    /// `state` and flags, as one text.
    func standing(_ id: String) async throws -> String {
        let answer = try await booking(id)
        let flags = answer["flags"]?.elements.compactMap(\.text).sorted() ?? []
        return ([answer["state"]?.text ?? "?"] + flags).joined(separator: " ")
    }

    /// Days ahead of the real clock at which the database's stands.
    func advance(days: Int) async throws {
        try await server.database.setClock(offset: .seconds(86_400 * days))
    }

    /// Sets the database's clock to a moment, from where it goes on.
    func setClock(to moment: String) async throws {
        _ = try await server.database.owner.queryText(
            "call plateau.set_clock_offset($1::timestamptz - clock_timestamp())", [moment])
    }

    /// Does what is planned and what is due.
    /// - Returns: how many bookings were looked at.
    func followLabels() async throws -> Int {
        try await server.house.bookings.followLabels()
    }

    func takesRoom(_ id: String) async throws -> Bool {
        let rows = try await server.database.owner.queryText(
            "select count(*) > 0 from platforms.occupancy where holder_id = $1::uuid", [id])
        return rows == [["t"]]
    }
}
