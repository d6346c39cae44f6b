import Access
import Bookings
import Composition
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

/// An organisation that is no member, with a key that nobody of the network made.
struct Outsider {
    let desk: BookingDesk
    let organisation: OrganisationID
    let key: String

    static func make(at desk: BookingDesk, name: String = "Atelier hors réseau (fictif)") async throws -> Outsider {
        let made = try await desk.server.send(
            .post, "/v1/organisations", key: desk.network.networkKey,
            json: #"{"kind": "company", "name": "\#(name)", "enterpriseNumber": "1999005197"}"#)
        let id = try #require(made["id"]?.text.flatMap { OrganisationID($0) }, "\(made.body)")
        return Outsider(desk: desk, organisation: id, key: try await key(of: id, [.organisationAdmin, .booker], at: desk))
    }

    /// A key that goes back to nobody, as the server's command line makes them.
    static func key(of organisation: OrganisationID, _ roles: [Role], at desk: BookingDesk) async throws -> String {
        let grants = roles.compactMap { RoleGrant($0, in: $0.reach == .network ? .network : .organisation(organisation)) }
        return try await desk.server.house.access.issueKey(NewAPIKey(label: "essai", grants: grants), for: organisation).secret.text
    }

    /// The centre's public id, or the network's for 0.
    func centre(_ number: Int) async throws -> String {
        let list = try await desk.server.send(.get, "/v1/centres", key: key)
        return try #require(list["items"]?.elements.first { $0["number"]?.number == Double(number) }?["id"]?.text)
    }

    /// Asks for an agreement with a centre; 0 is the network.
    func ask(centre number: Int = 1, from: String = "2027-01-01", to: String? = "2027-12-31", more: String = "", key: String? = nil)
        async throws -> TestAnswer
    {
        let last = to.map { #", "to": "\#($0)""# } ?? ""
        return try await desk.server.send(
            .post, "/v1/agreements", key: key ?? self.key, headers: [.acceptLanguage: "en"],
            json: """
                {"centreId": "\(try await centre(number))", "organisationId": "\(organisation)",
                 "from": "\(from)"\(last)\(more.isEmpty ? "" : ", \(more)")}
                """)
    }

    /// Does something with an agreement: `approval`, `rejection`, `withdrawal`, `renewal`, `termination`.
    func act(_ verb: String, on id: String, key: String? = nil, json: String = "{}") async throws -> TestAnswer {
        try await desk.server.send(
            .post, "/v1/agreements/\(id)/\(verb)", key: key ?? desk.network.managerKey, headers: [.acceptLanguage: "en"], json: json)
    }

    /// Asks, and has it approved by the centre or the network.
    @discardableResult
    func agree(centre number: Int = 1, from: String = "2027-01-01", to: String? = "2027-12-31", more: String = "") async throws -> String {
        let asked = try await ask(centre: number, from: from, to: to, more: more)
        #expect(asked.status == .created, "\(asked.body)")
        let id = try #require(asked["id"]?.text)
        let approved = try await act("approval", on: id, key: number == 0 ? desk.network.networkKey : desk.network.managerKey)
        #expect(approved.status == .ok, "\(approved.body)")
        return id
    }

    func book(
        _ resource: String? = nil, on day: String = "2027-06-01", audience: String? = nil, activity: String = "demonstration"
    ) async throws -> TestAnswer {
        try await desk.book(
            resource, from: "\(day)T09:00:00Z", to: "\(day)T12:00:00Z", audience: audience, activity: activity, key: key)
    }

    /// The types of the events about a subject, oldest first.
    func events(of subject: String) async throws -> [String] {
        try await desk.server.database.owner.queryText(
            "select type from jobs.event where subject_id = $1::uuid order by id", [subject]
        ).compactMap { $0[0] }
    }
}
