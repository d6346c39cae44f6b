import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Postgres

extension Access {
    /// Registers somebody, by a manager of the network.
    func registerPerson(_ request: Request, _ context: MemberContext) async throws -> Response {
        let organisation = try context.path("organisationId", OrganisationID.self)
        let submission = try await request.submission(PersonSubmission.self, in: context)
        let author = try context.principal.keyID
        let person = submission.body.person(of: organisation)
        try await checkCentres(of: submission.body.roles)
        return try await idempotency.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID
        ) { transaction in
            let id = identifiers.make(PersonID.self)
            let outcome = try await people.register(person, as: id, by: author, in: transaction)
            if let refusal = AccessRefusal(outcome, of: person) { throw refusal }
            let row = try await transaction.one(
                SQL.ListPeople(organisationId: organisation, by: author, id: id, after: nil, rowLimit: 1))
            return .json(.created) { RegisteredPerson(row, organisation: organisation).writeMembers(to: &$0) }
        }
    }

    func listPeople(_ request: Request, _ context: MemberContext) async throws -> Response {
        let organisation = try await knownOrganisation(context)
        var query = QueryReader(request)
        let page = try query.page(of: "listPeople \(organisation)", signer: signer)
        let rows = try await database.all(
            SQL.ListPeople(
                organisationId: organisation, by: try context.principal.keyID, id: nil, after: try page.after(0),
                rowLimit: Int32(page.limit)))
        return .list(page, rows.map { RegisteredPerson($0, organisation: organisation) }, keys: { [$0.id.description] }) {
            $0.write(to: &$1)
        }
    }

    func removePerson(_ request: Request, _ context: MemberContext) async throws -> Response {
        let organisation = try await knownOrganisation(context)
        let id = try context.path("personId", PersonID.self)
        let statement = SQL.RemovePersonBy(organisationId: organisation, id: id, by: try context.principal.keyID)
        switch try await database.one(statement).outcome {
        case "removed":
            // Other instances hear of it; here it holds before the caller is told.
            knownKeys.forgetAll()
            return .empty()
        case "forbidden": throw Problem.forbidden(roles: [.networkManager])
        default: throw AccessRefusal.personUnknown
        }
    }

    private func knownOrganisation(_ context: MemberContext) async throws -> OrganisationID {
        let id = try context.path("organisationId", OrganisationID.self)
        let found = try await organisation(id, visibleTo: context.principal)
        guard found != nil else { throw AccessRefusal.organisationUnknown }
        return id
    }
}

extension AccessRefusal {
    /// Nil when there is nothing to refuse.
    fileprivate init?(_ outcome: People.Outcome, of person: NewPerson) {
        switch outcome {
        case .registered: return nil
        case .registeredAlready: self = .personRegistered
        case .organisationUnknown: self = .organisationUnknown
        case .centreUnknown: self = .centreUnknown(index: 0)
        case .forbidden: self = .authorRevoked
        case .roleNotGrantable:
            let role = person.grants.first { [.networkManager, .labelAuthority].contains($0.role) }?.role
            self = .roleByOperator(role ?? .networkManager)
        }
    }
}
