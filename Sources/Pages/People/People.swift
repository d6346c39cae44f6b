import Access
import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct PeopleView: Sendable {
    struct Person: Sendable {
        let id: String
        let name: String
        let email: String
        let roles: String
        let registered: String
        /// How they sign in, or that they have not yet.
        let state: String
        let mayRemove: Bool
    }

    /// What was filled in, to be put right.
    struct Draft: Sendable {
        var name = ""
        var email = ""
        var role = "booker"
        var centre = ""
    }

    let organisation: String
    let organisations: [SearchView.Option]
    let people: [Person]
    let roles: [SearchView.Option]
    let centres: [SearchView.Option]
    let draft: Draft
    let idempotencyKey: String
    let fault: String?
}

extension Pages {
    /// Those of two persons who decide together are registered on the command line alone.
    private static let roles = ["member", "booker", "organisationAdmin", "instructor", "centreStaff", "centreManager", "networkAuditor"]

    func people(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await peoplePage(member, organisation(of: request, member), PeopleView.Draft(), fault: nil)
    }

    func registerPerson(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let organisation = organisation(of: request, member)
        let draft = PeopleView.Draft(
            name: request.fields["name"] ?? "", email: request.fields["email"] ?? "",
            role: request.fields["role"].flatMap { Self.roles.contains($0) ? $0 : nil } ?? "booker", centre: request.fields["centre"] ?? "")
        var grant: [String: JSONValue] = ["role": .string(draft.role)]
        if Role(rawValue: draft.role)?.reach == .centre, !draft.centre.isEmpty { grant["centreId"] = .string(draft.centre) }
        let body: [String: JSONValue] = [
            "name": .string(draft.name), "email": .string(draft.email), "roles": .array([.object(grant)]),
        ]
        do {
            _ = try await member.api.post(peoplePath(organisation), body, key: request.fields["idempotencyKey"])
        } catch let refusal as Refusal where refusal.status.code < 500 && refusal.status != .notFound {
            let faults = refusal.issues.isEmpty ? [refusal.detail ?? refusal.title] : refusal.issues.map(\.detail)
            return try await peoplePage(member, organisation, draft, fault: faults.joined(separator: " · "))
        }
        return .seeOther("/people?organisation=\(PercentEncoding.encode(organisation))&news=personRegistered")
    }

    func removePerson(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let organisation = organisation(of: request, member)
        let id: PersonID = try request.path("personId")
        try await member.api.delete("\(peoplePath(organisation))/\(id)")
        return .seeOther("/people?organisation=\(PercentEncoding.encode(organisation))&news=personRemoved")
    }

    /// The one that was chosen, else one's own.
    private func organisation(of request: MemberRequest, _ member: MemberVisit) -> String {
        request.fields["organisation"] ?? member.principal.organisationID.description
    }

    private func peoplePath(_ organisation: String) -> String {
        "/v1/organisations/\(PercentEncoding.encode(organisation))/people"
    }

    private func peoplePage(
        _ member: MemberVisit, _ organisation: String, _ draft: PeopleView.Draft, fault: String?
    ) async throws -> PageAnswer {
        let speaker = member.speaker
        let own = try member.principal.keyID.description
        let listed = try await member.api.all(peoplePath(organisation)).map { Self.person($0, own: own, speaker) }
        let organisations = try await Self.options(member, "/v1/organisations", chosen: organisation)
        let centres = try await Self.options(member, "/v1/centres", chosen: draft.centre)
        let roles = Self.roles.map {
            SearchView.Option(value: $0, name: speaker.say(TextKey(rawValue: "page.role.\($0)")), isChosen: $0 == draft.role)
        }
        return .sheet(
            Sheet(
                "people", title: speaker.say("page.people.title"), status: fault == nil ? .ok : .unprocessableContent, section: "people",
                PeopleView(
                    organisation: organisation, organisations: organisations, people: listed, roles: roles, centres: centres, draft: draft,
                    idempotencyKey: UUID().uuidString.lowercased(), fault: fault)))
    }

    private static func person(_ person: JSONValue, own: String, _ speaker: Speaker) -> PeopleView.Person {
        let roles = (person["roles"]?.items ?? []).compactMap { $0["role"]?.text }
        let word = person["boundAt"] != nil ? "bound" : person["hasPassword"]?.isTrue == true ? "password" : "new"
        return PeopleView.Person(
            id: person["id"]?.text ?? "", name: person["name"]?.text ?? "", email: person["email"]?.text ?? "",
            roles: speaker.list(Set(roles).sorted().map { speaker.say(TextKey(rawValue: "page.role.\($0)")) }),
            registered: person["registeredAt"]?.instant.map { speaker.day($0.dayOfNetwork) } ?? "",
            state: speaker.say(TextKey(rawValue: "page.personState.\(word)")), mayRemove: person["keyId"]?.text != own)
    }

    /// What may be chosen of a list, by name.
    private static func options(_ member: MemberVisit, _ path: String, chosen: String) async throws -> [SearchView.Option] {
        try await member.api.all(path)
            .map { ($0["id"]?.text ?? "", $0["name"]?.text ?? "") }
            .sorted { $0.1 < $1.1 }
            .map { SearchView.Option(value: $0.0, name: $0.1, isChosen: $0.0 == chosen) }
    }
}
