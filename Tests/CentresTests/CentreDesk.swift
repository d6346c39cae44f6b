import Access
import Centres
import Composition
import FoundationEssentials
import HTTPTypes
import Kernel
import TestSupport
import Testing

/// An installed service with one centre of one site, made through the API.
struct CentreDesk {
    let server: TestServer
    /// Of the network's manager.
    let key: String
    let centre: CentreID
    let site: SiteID

    static let today = "2026-10-05"
    static let ifMatch = HTTPField.Name.ifMatch

    /// Opens the service on Monday 5 October 2026, for the program and for the database.
    static func with(_ body: @escaping @Sendable (CentreDesk) async throws -> Void) async throws {
        let now = try #require(Instant(rfc3339: "\(today)T10:00:00Z"))
        try await withTestServer(clock: FixedClock(instant: now)) { server in
            try await server.database.setClock(offset: now - SystemWallClock().now())
            try await body(try await open(server))
        }
    }

    private static func open(_ server: TestServer) async throws -> CentreDesk {
        let number = try #require(EnterpriseNumber("1999000150"))
        let zone = try #require(Zone("Europe/Brussels"))
        _ = try await server.house.centres.establishNetwork(name: "Réseau fictif", enterpriseNumber: number, zone: zone)
        let key = try #require(try await server.house.access.issueFirstKey(label: "premier")).secret.text
        let centre = try await server.send(
            .post, "/v1/centres", key: key, json: #"{"name":"Centre fictif","carrier":"asbl","enterpriseNumber":"1999000249"}"#)
        let id = try #require(centre["id"]?.text)
        let site = try await server.send(
            .post, "/v1/centres/\(id)/sites", key: key,
            json: #"{"name":"Hall fictif","kind":"fixed","town":"Mons","zone":"Europe/Brussels"}"#)
        return CentreDesk(
            server: server, key: key, centre: try #require(CentreID(id)), site: try #require(site["id"]?.text.flatMap { SiteID($0) }))
    }

    func get(_ path: String) async throws -> TestAnswer {
        try await server.send(.get, path, key: key)
    }

    /// Sets the same hours for every day of the week from a day on.
    @discardableResult
    func open(_ hours: String, from day: String, version: String = "*") async throws -> TestAnswer {
        let times = hours.split(separator: "-")
        let week = (1...7).map { #"{"weekday":\#($0),"opens":"\#(times[0])","closes":"\#(times[1])"}"# }.joined(separator: ",")
        return try await setWeek(#"{"from":"\#(day)","hours":[\#(week)]}"#, version: version)
    }

    func setWeek(_ body: String, version: String = "*") async throws -> TestAnswer {
        try await server.send(
            .put, "/v1/sites/\(site)/weekly-opening", key: key, headers: [Self.ifMatch: version], json: body)
    }

    /// The open periods of a day, as `start/end`.
    func periods(on day: String) async throws -> [String] {
        let answer = try await get("/v1/sites/\(site)/open-hours?from=\(day)&to=\(day)")
        return answer["days", 0, "periods"]?.elements.map { "\($0["start"]?.text ?? "")/\($0["end"]?.text ?? "")" } ?? []
    }
}
