import Access
import Composition
package import Kernel
import Postgres

/// A small network to book in: one labelled centre, a platform of 12 workstations, two units, a company, a school and their keys.
package struct TestNetwork: Sendable {
    package let centre: CentreID
    package let site: SiteID
    package let platform: ResourceID
    package let units: [ResourceID]
    package let company: OrganisationID
    package let school: OrganisationID
    package let centreOrganisation: OrganisationID
    package let networkOrganisation: OrganisationID
    package let grant: DecisionID
    /// The bearer keys.
    package let companyKey: String
    package let schoolKey: String
    package let managerKey: String
    package let networkKey: String
    package let authorityKey: String
    package let secondAuthorityKey: String
    package let keys: [String: KeyID]

    package static let capacity = 12
    package static let zone = "Europe/Brussels"

    /// Writes it through the functions that the service itself uses.
    /// - Parameters:
    ///   - labelEnd: the last day of the centre's label.
    ///   - cleanupMinutes: after each use of the platform.
    package static func make(
        in database: TestDatabase, labelEnd: String = "2099-12-31", setupMinutes: Int = 0, cleanupMinutes: Int = 0,
        clock: any WallClock = SystemWallClock()
    ) async throws -> TestNetwork {
        try await TestNetworkBuilder(owner: database.owner, identifiers: IdentifierSource(clock: clock), clock: clock)
            .build(labelEnd: labelEnd, setupMinutes: setupMinutes, cleanupMinutes: cleanupMinutes)
    }
}

struct TestNetworkBuilder {
    let owner: PostgresSession
    let identifiers: IdentifierSource
    let clock: any WallClock

    func build(labelEnd: String, setupMinutes: Int, cleanupMinutes: Int) async throws -> TestNetwork {
        let centre: CentreID = identifiers.make(centre: 1)
        let site: SiteID = identifiers.make(centre: 1)
        try await makeCentre(centre, site)
        let company = try await organisation("company", "Boulonnerie fictive", "1999000150", centre: nil)
        let school = try await organisation("school", "École fictive", "1999000249", centre: nil)
        let ownOrganisation = try await organisation("centre", "Centre fictif", "1999000348", centre: "1")
        let network = try await organisation("network", "Réseau fictif", "1999000348", centre: "0")
        let companyKey = try await key(of: company, ["booker"], centre: "-1")
        let schoolKey = try await key(of: school, ["booker"], centre: "-1")
        let managerKey = try await key(of: ownOrganisation, ["centreManager"], centre: "1")
        let networkKey = try await key(of: network, ["networkManager"], centre: "-1")
        let authorityKey = try await key(of: network, ["labelAuthority"], centre: "-1")
        let secondKey = try await key(of: network, ["labelAuthority"], centre: "-1")
        for member in [company, school] {
            _ = try await owner.queryText(
                "select access.grant_membership($1, $2, '2020-01-01', null, $3)",
                ["\(member)", "\(identifiers.make() as KeyID)", "\(networkKey.id)"])
        }
        let grant = try await label(until: labelEnd, by: authorityKey.id, secondKey.id)
        let resources = try await makeResources(site, setupMinutes: setupMinutes, cleanupMinutes: cleanupMinutes)
        return TestNetwork(
            centre: centre, site: site, platform: resources[0], units: Array(resources.dropFirst()), company: company, school: school,
            centreOrganisation: ownOrganisation, networkOrganisation: network, grant: grant,
            companyKey: companyKey.text, schoolKey: schoolKey.text,
            managerKey: managerKey.text, networkKey: networkKey.text, authorityKey: authorityKey.text,
            secondAuthorityKey: secondKey.text,
            keys: [
                "company": companyKey.id, "school": schoolKey.id, "manager": managerKey.id, "network": networkKey.id,
                "authority": authorityKey.id, "secondAuthority": secondKey.id,
            ])
    }

    private func makeCentre(_ centre: CentreID, _ site: SiteID) async throws {
        let network: CentreID = identifiers.make(centre: 0)
        _ = try await owner.queryText(
            "select centres.create_centre(0::int2, $1, 'network', null, 'Réseau', '2000-01-01', $2, true)",
            ["\(network)", TestNetwork.zone])
        _ = try await owner.queryText(
            "select centres.create_centre(1::int2, $1, 'centre', 'asbl', 'Centre fictif', '2000-01-01', $2, true)",
            ["\(centre)", TestNetwork.zone])
        _ = try await owner.queryText(
            "select centres.create_site(1::int2, $1, 'Site fictif', 'fixed', 'Mons', $2, null, null)", ["\(site)", TestNetwork.zone])
        // Open day and night, so that only the rule under test can refuse.
        _ = try await owner.queryText(
            """
            insert into centres.open_hours (centre_id, calendar_id, day, during)
            select 1, $1, d::date, tstzrange(plateau.instant_of(d, $2), plateau.instant_of(d + interval '1 day', $2))
            from generate_series(timestamp '2026-10-01', timestamp '2028-12-31', interval '1 day') d
            """, ["\(site)", TestNetwork.zone])
    }

    private func organisation(_ kind: String, _ name: String, _ number: String, centre: String?) async throws -> OrganisationID {
        let id: OrganisationID = identifiers.make()
        _ = try await owner.queryText(
            "select access.create_organisation($1, $2, $3, $4, null, $5::int2, true)", ["\(id)", kind, name, number, centre])
        return id
    }

    private func key(of organisation: OrganisationID, _ roles: [String], centre: String) async throws -> (text: String, id: KeyID) {
        var random = identifiers.generator
        let secret = APIKeySecret.make(random: &random)
        let id: KeyID = identifiers.make()
        let digest = KeyPepper(secret: Secrets.forTests.pepper).digest(of: secret).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        _ = try await owner.queryText(
            "select access.create_api_key($1, $2, 'test', $3, decode($4, 'hex'), null, $5::text[], $6::int2[], null)",
            ["\(organisation)", "\(id)", secret.prefix, digest, "{\(roles.joined(separator: ","))}", "{\(centre)}"])
        return (secret.text, id)
    }

    private func label(until last: String, by first: KeyID, _ second: KeyID) async throws -> DecisionID {
        let grant: DecisionID = identifiers.make(centre: 1)
        _ = try await owner.queryText(
            "select labels.record_file(1::int2, $1, '2020-01-01', null, '{metal}', '{jobSeeker,worker,student}', $2)",
            ["\(identifiers.make(centre: 1) as FileID)", "\(first)"])
        _ = try await owner.queryText(
            """
            select labels.propose_decision(
                1::int2, $1, 'grant', 'government', 'fictif', '2020-01-01', '2020-01-01', $2::date, null, null, $3)
            """, ["\(grant)", last, "\(first)"])
        _ = try await owner.queryText("select labels.approve_decision(1::int2, $1, $2)", ["\(grant)", "\(second)"])
        return grant
    }

    private func makeResources(_ site: SiteID, setupMinutes: Int, cleanupMinutes: Int) async throws -> [ResourceID] {
        let platform: ResourceID = identifiers.make(centre: 1)
        _ = try await owner.queryText(
            """
            select platforms.create_platform(
                1::int2, $1, 'Hall fictif', null, $2, true, \(TestNetwork.capacity), $3::int4, $4::int4, 15, 3000, 15, 0, 1000)
            """, ["\(platform)", "\(site)", "\(setupMinutes)", "\(cleanupMinutes)"])
        let model: KeyID = identifiers.make()
        _ = try await owner.queryText("select inventory.create_model($1, 'robot', 'Fictif', 'R1')", ["\(model)"])
        var resources = [platform]
        for number in 1...2 {
            let unit: ResourceID = identifiers.make(centre: 1)
            _ = try await owner.queryText(
                """
                select inventory.create_asset(
                    1::int2, $1, $2, $3, 'Robot fictif', $4, true, $5, $5, false, false, null, null, 0, 0, 15, 3000, 15, 0, 1000)
                """, ["\(unit)", "\(model)", "\(platform)", "\(site)", "INV-\(number)"])
            resources.append(unit)
        }
        return resources
    }
}
