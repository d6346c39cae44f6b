import Access
package import HTTPEdge
import Hummingbird
package import Kernel
package import Postgres

/// A platform as a manager describes it.
package struct PlatformRequest: RequestObject {
    package let site: SiteID
    package let name: String
    package let description: String?
    package let visibility: Visibility
    package let workstations: Int32
    package let rules: UseRules
    package let details: PlatformDetails

    package init(
        site: SiteID, name: String, description: String? = nil, visibility: Visibility = .shared, workstations: Int32,
        rules: UseRules = .standard, details: PlatformDetails = PlatformDetails()
    ) {
        self.site = site
        self.name = name
        self.description = description
        self.visibility = visibility
        self.workstations = workstations
        self.rules = rules
        self.details = details
    }

    package init?(reading fields: inout FieldReader) {
        let site: SiteID? = fields.required("siteId")
        let name = fields.required("name", maximum: 200)
        let description = fields.optional("description", maximum: 2_000)
        let visibility: Visibility? = fields.required("visibility")
        let workstations: Int32? = fields.required("workstations", in: 1...10_000)
        let rules = fields.optionalObject("rules", UseRulesChange.self)
        let details = PlatformDetails(reading: &fields)
        guard let site, let name, let visibility, let workstations else { return nil }
        self.init(
            site: site, name: name, description: description, visibility: visibility, workstations: workstations,
            rules: rules?.applied() ?? .standard, details: details)
    }
}

extension Platforms {
    /// - Throws: ``PlatformRefusal``.
    package func create(
        _ platform: PlatformRequest, id: ResourceID, in transaction: borrowing PostgresTransaction
    ) async throws -> SQL.FindPlatform.Row {
        do {
            _ = try await transaction.one(
                SQL.CreatePlatform(
                    centreNumber: id.centreColumn, id: id, name: platform.name, description: platform.description, siteId: platform.site,
                    isShared: platform.visibility.isShared, workstations: platform.workstations,
                    setupMinutes: platform.rules.setupMinutes, cleanupMinutes: platform.rules.cleanupMinutes,
                    minimumMinutes: platform.rules.minimumMinutes, maximumMinutes: platform.rules.maximumMinutes,
                    gridMinutes: platform.rules.gridMinutes, noticeMinutes: platform.rules.noticeMinutes,
                    horizonDays: platform.rules.horizonDays, parentId: platform.details.parent,
                    personLimit: platform.details.personLimit, sectors: platform.details.sectors.map(\.description),
                    skills: platform.details.skills.map(\.description), supervision: platform.details.supervision.map(\.rawValue),
                    holders: platform.details.prerequisites.map(\.holder.rawValue),
                    attestations: platform.details.prerequisites.map(\.attestation.text),
                    notes: platform.details.prerequisites.map { $0.note ?? "" }))
        } catch {
            throw error.platformRefusal
        }
        guard let created = try await transaction.first(SQL.FindPlatform(id: id)) else { throw PlatformRefusal.notFound }
        return created
    }

    /// `POST /v1/centres/{centreId}/platforms`.
    func create(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centre: CentreID = try context.path("centreId")
        try context.principal.require(.centreManager, at: centre.centreColumn)
        let submission = try await request.submission(PlatformRequest.self, in: context)
        let id: ResourceID = identifiers.make(centre: centre.centreColumn)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID
        ) { transaction in
            let platform = try await create(submission.body, id: id, in: transaction)
            // An identifier that only looks like the centre's.
            guard platform.centreId == centre else { throw PlatformRefusal.notFound }
            return Response.json(.created, eTag: platform.eTag, location: "/v1/platforms/\(id)") { json in
                platform.writeMembers(to: &json)
            }
        }
    }
}
