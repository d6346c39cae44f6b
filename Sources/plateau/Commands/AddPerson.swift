import Access
import ArgumentParser
import Composition
import HTTPEdge
import Kernel

/// Registers somebody who may sign in on the pages.
struct AddPerson: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-person",
        abstract: "Register somebody who may sign in: at the identity provider, or with a password (plateau set-password).",
        discussion: """
            Nobody else may. The first sign-in with the verified address binds the provider's account to the person; with --subject only \
            that account may.
            """)

    @OptionGroup var shared: SharedOptions
    @Option(help: "E-mail address.") var email: String
    @Option(help: "What the person is called.") var name: String
    @Option(help: "Identifier of the organisation for which they act; the network's own unless given.") var organisation: String?
    @Option(help: "A role, such as booker or centreManager; once for each.") var role: [String]
    @Option(help: "Identifier of the centre where the roles of a centre are held; once for each.") var centre: [String] = []
    @Option(help: "Who the identity provider says it is, where that is known.") var subject: String?

    func run() async throws {
        let (address, organisation, roles) = (try address(), try organisationID(), try roles())
        let configuration = try await shared.read()
        let identity = try subject.map { try Self.identity($0, configuration) }
        let logger = configuration.logger()
        let storage = try Storage(configuration, logger: logger)
        let server = try Server(configuration: configuration, storage: storage, logger: logger)
        let centres = try centreIDs(for: roles)
        try await server.whileConnected { [name] in
            let access = server.house.access
            let found = try await access.organisationID(organisation)
            guard let organisation = found else {
                throw ValidationError("--organisation: there is none with this identifier, or no network yet (plateau create-key makes it)")
            }
            let grants = roles.flatMap { role in Self.grants(role, organisation, centres) }
            let person = NewPerson(organisation: organisation, name: name, address: address, grants: grants, identity: identity)
            switch try await access.people.register(person) {
            case .registered: Output.line("\(name) <\(address)> may sign in.")
            case .registeredAlready: throw ValidationError("--email: '\(address)', or the subject, is somebody's already")
            case .organisationUnknown: throw ValidationError("--organisation: there is none with this identifier")
            case .forbidden, .roleNotGrantable: throw ValidationError("--role: cannot be given here")
            case .centreUnknown: throw ValidationError("--centre: there is none with one of these identifiers")
            }
        }
    }

    private static func grants(_ role: Role, _ organisation: OrganisationID, _ centres: [CentreID]) -> [RoleGrant] {
        switch role.reach {
        case .organisation: [RoleGrant(role, in: .organisation(organisation))].compactMap(\.self)
        case .centre: centres.compactMap { RoleGrant(role, in: .centre($0)) }
        case .network: [RoleGrant(role, in: .network)].compactMap(\.self)
        }
    }
}

extension AddPerson {
    private func address() throws -> SignInAddress {
        guard let address = SignInAddress(email) else { throw PersonOptions.notAnAddress(email) }
        guard (1...100).contains(name.count) else { throw ValidationError("--name: allowed: 1 to 100 characters") }
        return address
    }

    private func organisationID() throws -> OrganisationID? {
        try organisation.map { text in
            guard let id = OrganisationID(text) else { throw ValidationError("--organisation: '\(text)' is not an identifier") }
            return id
        }
    }

    private func roles() throws -> [Role] {
        guard !role.isEmpty else { throw ValidationError("--role: is missing; allowed: \(PersonOptions.roles)") }
        return try role.map { text in
            guard let role = Role(rawValue: text) else {
                throw ValidationError("--role: '\(text)' is not one; allowed: \(PersonOptions.roles)")
            }
            return role
        }
    }

    private func centreIDs(for roles: [Role]) throws -> [CentreID] {
        guard roles.contains(where: { $0.reach == .centre }) == !centre.isEmpty else {
            throw ValidationError("--centre: goes with the roles \(PersonOptions.rolesOfCentres), and with those alone")
        }
        return try centre.map { text in
            guard let id = CentreID(text) else { throw ValidationError("--centre: '\(text)' is not an identifier") }
            return id
        }
    }

    private static func identity(_ subject: String, _ configuration: ServerConfiguration) throws -> Identity {
        guard let issuer = configuration.openIDIssuer else {
            throw ValidationError("--subject: goes with an identity provider; set openid.issuer")
        }
        guard (1...255).contains(subject.utf8.count) else { throw ValidationError("--subject: allowed: 1 to 255 bytes") }
        return Identity(issuer: issuer, subject: subject)
    }
}

/// What the commands about people say alike.
enum PersonOptions {
    static let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
    static let rolesOfCentres = Role.allCases.filter { $0.reach == .centre }.map(\.rawValue).joined(separator: ", ")

    static func notAnAddress(_ text: String) -> ValidationError {
        ValidationError("--email: '\(text)' is not an address; allowed: one such as marie@example.org")
    }

    static func nobody(_ address: SignInAddress) -> ValidationError {
        ValidationError("--email: nobody is registered with '\(address)' (plateau add-person)")
    }
}
