import Access
import Composition
import Delivery
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

/// Books, and manages webhooks, in a small network.
struct DeliveryDesk {
    let server: TestServer
    let network: TestNetwork
    /// Of the company.
    let adminKey: String

    static func open(_ server: TestServer) async throws -> DeliveryDesk {
        let network = try await TestNetwork.make(in: server.database)
        let admin = try await key([.organisationAdmin], of: network.company, server)
        let desk = DeliveryDesk(server: server, network: network, adminKey: admin)
        try await desk.settle()
        return desk
    }

    /// Until no transaction of the cluster, such as one of another test's database, holds up what is written so far.
    func settle() async throws {
        for _ in 0..<400 {
            let rows = try await server.database.owner.queryText(
                "select jobs.horizon() > coalesce((select max(e.xact) from jobs.event e), 0)")
            if rows == [["t"]] { return }
            try await Task.sleep(for: .milliseconds(25))
        }
        Issue.record("a transaction has been open for ten seconds")
    }

    static func key(_ roles: [Role], of organisation: OrganisationID, _ server: TestServer) async throws -> String {
        let grants = roles.compactMap { RoleGrant($0, in: .organisation(organisation)) }
        return try await server.house.access.issueKey(NewAPIKey(label: "essai", grants: grants), for: organisation).secret.text
    }

    /// One seat of the platform for an hour of a day; the id of the booking.
    @discardableResult
    func book(on day: String, key: String? = nil, isSettled: Bool = true) async throws -> String {
        let answer = try await server.send(
            .post, "/v1/bookings", key: key ?? network.companyKey,
            json: """
                {"activity": "demonstration", "audiences": [], "lines": [{"resourceId": "\(network.platform)",
                 "start": "\(day)T10:00:00Z", "end": "\(day)T11:00:00Z", "seats": 1}]}
                """)
        let id = try #require(answer["id"]?.text, "\(answer.body)")
        if isSettled { try await settle() }
        return id
    }

    func cancel(_ booking: String, reason: String = "malade") async throws {
        let answer = try await server.send(
            .post, "/v1/bookings/\(booking)/cancellation", key: network.companyKey, headers: [.ifMatch: "*"],
            json: #"{"reason": "\#(reason)"}"#)
        #expect(answer.status == .ok, "\(answer.body)")
        try await settle()
    }

    func events(_ query: String = "", key: String? = nil) async throws -> TestAnswer {
        try await server.send(
            .get, "/v1/events\(query)", key: key ?? network.companyKey, headers: [.acceptLanguage: "en"])
    }

    /// Reads on from a cursor to the end; the ids in order, and where to go on.
    func readOn(from cursor: String? = nil, pageSize: Int = 200, key: String? = nil) async throws -> (ids: [String], next: String) {
        var ids: [String] = []
        var next = cursor
        while true {
            let page = try await events(next.map { "?cursor=\($0)" } ?? "?pageSize=\(pageSize)", key: key)
            #expect(page.status == .ok, "\(page.body)")
            ids += page["items"]?.elements.compactMap { $0["id"]?.text } ?? []
            next = try #require(page["next"]?.text)
            if page["hasMore"] == false { return (ids, next ?? "") }
        }
    }

    /// Makes a webhook of the company; its id and its secret.
    func webhook(to url: String, more: String = "") async throws -> (id: String, secret: String) {
        let answer = try await server.send(
            .post, "/v1/webhooks", key: adminKey, headers: [.acceptLanguage: "en"], json: #"{"url": "\#(url)"\#(more)}"#)
        #expect(answer.status == .created, "\(answer.body)")
        return (try #require(answer["id"]?.text), try #require(answer["secret"]?.text))
    }

    func deliveries(of webhook: String) async throws -> [TestJSON] {
        let answer = try await server.send(.get, "/v1/webhooks/\(webhook)/deliveries", key: adminKey)
        return answer["items"]?.elements ?? []
    }
}

/// Serves a small network to `body`.
func withDesk<T: Sendable>(
    destinations: DestinationRules = .standard, _ body: @escaping @Sendable (DeliveryDesk) async throws -> T
) async throws -> T {
    try await withTestServer(destinations: destinations) { server in try await body(try await DeliveryDesk.open(server)) }
}
