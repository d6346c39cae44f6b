import Access
import Centres
import Composition
import HTTPTypes
import Kernel
import TestSupport
import Testing

/// An installed service with nothing in it but the network itself, and the key of its manager.
struct NetworkDesk {
    let server: TestServer
    /// Of the network's manager.
    let key: String
    let organisation: OrganisationID

    static func open(_ server: TestServer) async throws -> NetworkDesk {
        let number = try #require(EnterpriseNumber("1999000150"))
        let zone = try #require(Zone("Europe/Brussels"))
        _ = try await server.house.centres.establishNetwork(name: "Réseau fictif", enterpriseNumber: number, zone: zone)
        let issued = try #require(try await server.house.access.issueFirstKey(label: "premier"))
        let answer = try await server.send(.get, "/v1/me", key: issued.secret.text)
        let id = try #require(answer["organisation", "id"]?.text)
        return NetworkDesk(server: server, key: issued.secret.text, organisation: try #require(OrganisationID(id)))
    }

    /// A company, made through the API.
    func addCompany(_ name: String = "Atelier fictif") async throws -> OrganisationID {
        let answer = try await server.send(
            .post, "/v1/organisations", key: key,
            json: #"{"kind":"company","name":"\#(name)","enterpriseNumber":"1999000249"}"#)
        return try #require(answer["id"]?.text.flatMap { OrganisationID($0) })
    }

    /// A key of an organisation with roles that are not held at a centre.
    func issueKey(_ roles: [Role], for organisation: OrganisationID, expiresAt: Instant? = nil) async throws -> IssuedAPIKey {
        let grants = roles.compactMap { role in
            RoleGrant(role, in: role.reach == .network ? .network : .organisation(organisation))
        }
        return try await server.house.access.issueKey(
            NewAPIKey(label: "essai", grants: grants, expiresAt: expiresAt), for: organisation)
    }
}
