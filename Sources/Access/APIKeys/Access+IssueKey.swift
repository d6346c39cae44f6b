package import Kernel
import Postgres

extension Access {
    /// Makes a key in a transaction of its own, answering to nobody: for the operator's command line.
    package func issueKey(_ new: NewAPIKey, for organisation: OrganisationID) async throws -> IssuedAPIKey {
        try await database.transaction { transaction in
            try await issueKey(new, for: organisation, by: nil, in: transaction)
        }
    }

    /// The first key of an installation: the network's own, which can make every other.
    ///
    /// - Returns: nil when there is no organisation of the network yet.
    package func issueFirstKey(label: String, expiresAt: Instant? = nil) async throws -> IssuedAPIKey? {
        let statement = SQL.ListOrganisations(after: nil, kind: OrganisationKind.network.rawValue, rowLimit: 1)
        guard let network = try await database.first(statement, settings: [.wholeNetwork]) else { return nil }
        let roles: [Role] = [.networkManager, .organisationAdmin, .booker, .member]
        let grants = roles.compactMap { RoleGrant($0, centre: nil, organisation: network.id) }
        return try await issueKey(NewAPIKey(label: label, grants: grants, expiresAt: expiresAt), for: network.id)
    }

    /// The organisation of this identifier, where there is one; of none, the network's own.
    package func organisationID(_ id: OrganisationID?) async throws -> OrganisationID? {
        guard let id else {
            let statement = SQL.ListOrganisations(after: nil, kind: OrganisationKind.network.rawValue, rowLimit: 1)
            return try await database.first(statement, settings: [.wholeNetwork])?.id
        }
        return id
    }

    func issueKey(
        _ new: NewAPIKey, for organisation: OrganisationID, by author: KeyID?, in transaction: borrowing PostgresTransaction
    ) async throws -> IssuedAPIKey {
        var random = identifiers.generator
        let secret = APIKeySecret.make(random: &random)
        let id = identifiers.make(KeyID.self)
        let grants = Set(new.grants).sorted { $0.sortKey < $1.sortKey }
        do {
            let row = try await transaction.one(
                SQL.CreateAPIKey(
                    organisationId: organisation, id: id, label: new.label, prefix: secret.prefix, digest: pepper.digest(of: secret),
                    expiresAt: new.expiresAt, roles: grants.map(\.role.rawValue),
                    roleCentres: grants.map { $0.centreID?.centreColumn ?? -1 }, by: author))
            guard let createdAt = row.createdAt else { throw AccessRefusal.authorRevoked }
            let key = APIKey(
                id: id, label: new.label, prefix: secret.prefix, grants: grants, createdAt: createdAt, expiresAt: new.expiresAt,
                revokedAt: nil, createdBy: author, makerRevokedAt: nil)
            return IssuedAPIKey(key: key, secret: secret)
        } catch let error as PostgresError {
            throw AccessRefusal(error) ?? error
        }
    }
}
