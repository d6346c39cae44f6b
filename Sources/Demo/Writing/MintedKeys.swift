import Access
import Kernel

/// The secrets of all keys of the demo network, of which six are handed out and the others forgotten.
struct MintedKeys: Sendable {
    struct Entry: Sendable {
        let key: PlannedKey
        let prefix: String
        let digest: [UInt8]
    }

    let entries: [Entry]
    let handedOut: DemoKeys

    /// - Parameter digest: what the server stores of a key.
    static func make(
        for network: PlannedNetwork, digest: (String) -> [UInt8], random: inout some RandomNumberGenerator
    ) throws -> MintedKeys {
        var secrets: [APIKeySecret] = []
        for _ in network.keys { secrets.append(.make(random: &random)) }
        func handedOut(_ key: Int, centre: Int? = nil) -> DemoKeys.Key {
            DemoKeys.Key(
                secret: secrets[key].text, organisationID: network.organisations[network.keys[key].organisation].id,
                centreID: centre.map { network.centres[$0].id })
        }
        guard let training = network.organisations.firstIndex(where: { $0.kind == .trainingOrganisation }),
            let company = network.organisations.firstIndex(where: { $0.kind == .company }),
            let centre = network.centres.first(where: { $0.name == "TechnoCampus" })?.number
        else { throw DemoError.factUnreadable("TechnoCampus") }
        let authority = network.organisations.count
        return MintedKeys(
            entries: zip(network.keys, secrets).map { Entry(key: $0, prefix: $1.prefix, digest: digest($1.text)) },
            handedOut: DemoKeys(
                trainingOrganisation: handedOut(training), company: handedOut(company), centreManager: handedOut(centre, centre: centre),
                networkManager: handedOut(0), labelAuthority: handedOut(authority), labelAuthority2: handedOut(authority + 1)))
    }

    func tables(of network: PlannedNetwork) -> [CopyTable] {
        var keys = CopyTable("access.api_key", ["organisation_id", "id", "label", "prefix", "digest", "created_at"])
        var roles = CopyTable("access.api_key_role", ["key_id", "role", "centre_id"])
        for entry in entries {
            keys.append([
                .id(network.organisations[entry.key.organisation].id), .id(entry.key.id), .text(entry.key.label), .text(entry.prefix),
                .bytes(entry.digest), .instant(network.founded),
            ])
            for (role, centre) in entry.key.roles {
                roles.append([.id(entry.key.id), .text(role.rawValue), .maybe(centre) { .integer($0) }])
            }
        }
        return [keys.closed(), roles.closed()]
    }
}
