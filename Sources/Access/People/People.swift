package import Kernel
import Postgres

/// Somebody to be registered, who will sign in without a key in hand.
package struct NewPerson: Sendable {
    package let organisation: OrganisationID
    package let name: String
    package let address: SignInAddress
    package let grants: [RoleGrant]
    /// Who the identity provider says it is, where that is known beforehand; else the first sign-in with the verified address tells.
    package let identity: Identity?

    package init(
        organisation: OrganisationID, name: String, address: SignInAddress, grants: [RoleGrant], identity: Identity? = nil
    ) {
        self.organisation = organisation
        self.name = name
        self.address = address
        self.grants = grants
        self.identity = identity
    }
}

/// A person as an identity provider names them, for ever.
package struct Identity: Hashable, Sendable {
    package let issuer: String
    package let subject: String

    package init(issuer: String, subject: String) {
        self.issuer = issuer
        self.subject = subject
    }
}

/// Those who may sign in: registered beforehand, nobody else.
package struct People: Sendable {
    /// What came of registering somebody.
    package enum Outcome: String, Sendable {
        case registered
        /// The address or the identity is somebody's.
        case registeredAlready
        case organisationUnknown
        /// By somebody who manages the network no more.
        case forbidden
        /// A role that only whoever runs the service gives a person.
        case roleNotGrantable
        /// One of the roles is to be held where there is no centre.
        case centreUnknown
    }

    /// How many characters a password has.
    package static let passwordLength = 12...200
    /// And bytes, at most: hashing a longer one is work for nothing.
    package static let passwordBytes = 1_000

    /// How many of them differ, at least.
    package static let fewestCharacters = 5

    /// Whether this may be the password of an address.
    package static func allows(_ password: String, of address: SignInAddress) -> Bool {
        passwordLength.contains(password.count) && password.utf8.count <= passwordBytes && password.lowercased() != address.text
            && Set(password).count >= fewestCharacters
    }

    let database: PostgresPool
    let identifiers: IdentifierSource
    let desk: PasswordDesk

    /// For the command line: answering to nobody.
    package func register(_ person: NewPerson) async throws -> Outcome {
        try await database.transaction { transaction in
            try await register(person, as: identifiers.make(PersonID.self), by: nil, in: transaction)
        }
    }

    /// The person acts as a key of their own, which carries these roles and which no secret opens.
    /// - Parameter author: the key of the network's manager who registers them; nil: whoever runs the service.
    func register(
        _ person: NewPerson, as id: PersonID, by author: KeyID?, in transaction: borrowing PostgresTransaction
    ) async throws -> Outcome {
        let centres = Set(person.grants.compactMap(\.centreID))
        let known = try await transaction.all(SQL.KnownCentres(ids: Array(centres)))
        guard known.count == centres.count else { return .centreUnknown }
        var random = identifiers.generator
        let digest = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let grants = Set(person.grants).sorted { $0.sortKey < $1.sortKey }
        let row = try await transaction.one(
            SQL.RegisterPerson(
                organisationId: person.organisation, id: id, keyId: identifiers.make(KeyID.self),
                keyDigest: digest, name: person.name, email: person.address.text, issuer: person.identity?.issuer,
                subject: person.identity?.subject, roles: grants.map(\.role.rawValue),
                roleCentres: grants.map { $0.centreID?.centreColumn ?? -1 }, by: author))
        return Outcome(rawValue: row.outcome) ?? .organisationUnknown
    }

    /// Signs the person out, and leaves no way in: address, identity and password are erased.
    ///
    /// The keys that the person made, and those made by them, open nothing either: their maker has seen them.
    /// - Returns: the labels of those that were still good, eldest first; nil when there is no such person.
    package func remove(_ address: SignInAddress) async throws -> [String]? {
        try await database.one(SQL.RemovePerson(email: address.text)).labels
    }

    /// Signs the person out everywhere else.
    /// - Parameter password: one that ``allows(_:of:)``.
    /// - Returns: whether there is such a person.
    package func setPassword(_ password: String, of address: SignInAddress) async throws -> Bool {
        let hash = try await desk.hash(password)
        return try await database.one(SQL.SetPassword(email: address.text, hash: hash.text)).wasThere
    }
}

extension Access {
    package var people: People {
        People(database: database, identifiers: identifiers, desk: passwords)
    }
}
