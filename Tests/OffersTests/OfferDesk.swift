import Access
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

/// A small network whose centre has courses, and how a test speaks of them.
///
/// Bookings are on Tuesday 4 May 2027 unless a test says otherwise.
struct OfferDesk {
    let server: TestServer
    let network: TestNetwork

    static let content = #""kind": "catalogue", "title": "Soudage TIG", "sector": "metal", "audiences": ["worker"], "from": "2026-01-01""#

    func create(_ content: String = content, centre: CentreID? = nil, key: String? = nil) async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/centres/\(centre ?? network.centre)/offers", key: key ?? network.managerKey, headers: [.acceptLanguage: "en"],
            json: "{\(content)}")
    }

    func change(_ id: String, _ content: String, ifMatch: String = "*", key: String? = nil) async throws -> TestAnswer {
        try await server.send(
            .put, "/v1/offers/\(id)", key: key ?? network.managerKey, headers: [.acceptLanguage: "en", .ifMatch: ifMatch],
            json: "{\(content)}")
    }

    func withdraw(_ id: String, key: String? = nil) async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/offers/\(id)/withdrawal", key: key ?? network.managerKey, headers: [.acceptLanguage: "en", .ifMatch: "*"],
            json: #"{"reason": "fictif"}"#)
    }

    func titles(_ query: String, key: String? = nil) async throws -> [String] {
        let list = try await server.send(.get, "/v1/offers?\(query)", key: key ?? network.companyKey)
        return list["items"]?.elements.compactMap { $0["title"]?.text } ?? ["\(list.body)"]
    }

    /// Books the platform for an offer.
    func book(
        for offer: String?, day: String = "2027-05-04", more: String = "", resource: ResourceID? = nil, key: String? = nil,
        query: String = ""
    ) async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/bookings\(query)", key: key ?? network.companyKey, headers: [.acceptLanguage: "en"],
            json: body(for: offer, day: day, more: more, resource: resource))
    }

    func body(for offer: String?, day: String = "2027-05-04", more: String = "", resource: ResourceID? = nil) -> String {
        """
        {"activity": "demonstration", \(offer.map { "\"offerId\": \"\($0)\", " } ?? "")\(more)"lines": [
         {"resourceId": "\(resource ?? network.platform)", "start": "\(day)T09:00:00Z", "end": "\(day)T12:00:00Z", "seats": 2}]}
        """
    }

    /// The id of a course of another centre.
    func offerElsewhere() async throws -> String {
        let identifiers = IdentifierSource(clock: SystemWallClock())
        let (centre, offer): (CentreID, OfferID) = (identifiers.make(centre: 2), identifiers.make(centre: 2))
        _ = try await server.database.owner.queryText(
            "select centres.create_centre(2::int2, $1, 'centre', 'asbl', 'Autre centre', '2000-01-01', 'Europe/Brussels', true)",
            ["\(centre)"])
        let outcome = try await server.database.owner.queryText(
            """
            select offers.create_offer(
                2::int2, $1, $2, 'catalogue', null, 'Ailleurs', null, 'metal', '{}', '{worker}', '{}', null, null, null, '2026-01-01', null)
            """, ["\(offer)", "\(try #require(network.keys["network"]))"])
        #expect(outcome == [["created"]])
        return "\(offer)"
    }
}

extension TestAnswer {
    var id: String { self["id"]?.text ?? "" }

    /// The codes of the rules that a refusal names, in order.
    var codes: [String] { self["rules"]?.elements.compactMap { $0["code"]?.text } ?? ["\(body)"] }
}

func withOffers<T: Sendable>(_ body: @escaping @Sendable (OfferDesk) async throws -> T) async throws -> T {
    try await withTestServer { server in
        let network = try await TestNetwork.make(in: server.database)
        return try await body(OfferDesk(server: server, network: network))
    }
}
