import Access
package import HTTPEdge
import Hummingbird
import Kernel
import Postgres

/// Where an organisation gets mail, as it is replaced.
struct NotificationRequest: RequestObject {
    let addresses: [MailAddress]
    /// Nil: every kind.
    let kinds: [MailKind]?
    let language: FeedLanguage
    let writesToContacts: Bool

    init?(reading fields: inout FieldReader) {
        let addresses = fields.values("addresses", MailAddress.self, count: 0...20)
        if !fields.has("addresses") { fields.refuse("addresses", code: "missing", Text("reason.missing")) }
        kinds = fields.has("kinds") ? fields.values("kinds", MailKind.self, count: 0...MailKind.allCases.count) : nil
        let language: FeedLanguage? = fields.required("language")
        let writesToContacts: Bool? = fields.required("writesToContacts")
        guard let addresses, let language, let writesToContacts else { return nil }
        self.addresses = addresses
        self.language = language
        self.writesToContacts = writesToContacts
    }
}

extension MailKind: RequestValue {}

extension MailAddress: RequestValue {
    package static func read(text: String) throws(ValueRefusal) -> MailAddress {
        guard let address = MailAddress(text) else { throw ValueRefusal("reason.mailAddress") }
        return address
    }
}

extension Delivery {
    /// `GET /v1/organisations/{organisationId}/notification-settings`: of one's own.
    func readNotifications(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let organisation = try ownOrganisation(in: context)
        return try await notifications(of: organisation, for: context.principal).answer(to: request)
    }

    /// `PUT /v1/organisations/{organisationId}/notification-settings`: for what is written from now on.
    func setNotifications(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let organisation = try ownOrganisation(in: context)
        let versions = try IfMatch(requiredBy: request)
        let body = try await request.body(NotificationRequest.self, in: context)
        let current = try await notifications(of: organisation, for: context.principal)
        try versions.check(version: Int64(current.version))
        let statement = SQL.SetNotifications(
            organisationId: organisation, version: current.version, addresses: body.addresses.map(\.text),
            kinds: body.kinds?.map(\.rawValue), language: body.language.rawValue, writesToContacts: body.writesToContacts,
            by: try context.principal.keyID)
        switch try await database.one(statement).outcome {
        case "changed": return try await notifications(of: organisation, for: context.principal).answer(to: request)
        case "versionMismatch": throw DeliveryRefusal.changedMeanwhile(version: current.version)
        case let outcome: throw DeliveryRefusal.of(outcome, statement: SQL.SetNotifications.name)
        }
    }

    /// - Throws: ``Problem`` 404 for another's.
    private func ownOrganisation(in context: MemberContext) throws -> OrganisationID {
        let organisation: OrganisationID = try context.path("organisationId")
        guard organisation == context.principal.organisationID else { throw Problem.notFound }
        return organisation
    }

    private func notifications(of organisation: OrganisationID, for principal: Principal) async throws -> Notifications {
        let row = try await database.first(SQL.FindNotifications(organisationId: organisation), settings: principal.settings)
        return Notifications(
            organisation: organisation, addresses: row?.addresses ?? [], kinds: row?.kinds, language: row?.language ?? "fr",
            writesToContacts: row?.writesToContacts ?? true, version: row?.version ?? 0)
    }
}

/// Where an organisation gets mail; version 0 where nobody has said anything.
private struct Notifications {
    let organisation: OrganisationID
    let addresses: [String]
    let kinds: [String]?
    let language: String
    let writesToContacts: Bool
    let version: Int32

    func answer(to request: Request) -> Response {
        let eTag = ETag(version: Int64(version))
        return .unlessHeld(eTag, by: request) {
            .json(eTag: eTag) { json in
                json.member("organisationId", organisation)
                json.array("addresses", addresses)
                if let kinds { json.array("kinds", kinds) }
                json.member("language", language)
                json.member("writesToContacts", writesToContacts)
                json.member("version", version)
            }
        }
    }
}
