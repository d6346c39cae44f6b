import Access
import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite
struct PlaceOfRolesTests {
    @Test
    func `the manager of one centre changes nothing at another`() async throws {
        try await CentreDesk.with { desk in
            let other = try await desk.server.send(
                .post, "/v1/centres", key: desk.key, json: #"{"name":"Autre","carrier":"asbl","enterpriseNumber":"1999000249"}"#)
            let otherID = try #require(other["id"]?.text)
            let organisation = try #require(other["organisationId"]?.text)
            let made = try await desk.server.send(
                .post, "/v1/organisations/\(organisation)/api-keys", key: desk.key,
                json: #"{"label":"chef","roles":[{"role":"centreManager","centreId":"\#(otherID)"}]}"#)
            #expect(made["roles", 0, "centreId"]?.text == otherID)
            let manager = try #require(made["key"]?.text)
            let site = #"{"name":"Hall","kind":"mobile","town":"Huy","zone":"Europe/Brussels","latitude":50.5,"longitude":5.2}"#
            let own = try await desk.server.send(.post, "/v1/centres/\(otherID)/sites", key: manager, json: site)
            #expect(own.status == .created)
            #expect(own["latitude"]?.number == 50.5)
            let foreign = try await desk.server.send(.post, "/v1/centres/\(desk.centre)/sites", key: manager, json: site)
            #expect(foreign.status == .forbidden)
            let closing = try await desk.server.send(
                .put, "/v1/centres/\(desk.centre)/closed-days", key: manager, json: #"{"days":[{"day":"2026-12-28","reason":"closure"}]}"#)
            #expect(closing.status == .forbidden)
            let me = try await desk.server.send(.get, "/v1/me", key: manager)
            #expect(me["roles", 0, "centreId"]?.text == otherID)
            #expect(me["organisation", "centreId"]?.text == otherID)
            // The catalogue is open to every caller.
            #expect(try await desk.server.send(.get, "/v1/sites/\(desk.site)", key: manager).status == .ok)
        }
    }
}
