import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

/// The fields of a platform to change; what is left out stays as it is.
///
/// `removeParent` and `removePersonLimit` take away what no value stands for.
struct PlatformChange: RequestObject {
    let name: String?
    let description: String?
    let visibility: Visibility?
    let workstations: Int32?
    let rules: UseRulesChange?
    private let removesParent: Bool
    private let removesPersonLimit: Bool
    private let given: PlatformDetails
    private let detailsGiven: Set<String>

    init(reading fields: inout FieldReader) {
        name = fields.optional("name", maximum: 200)
        description = fields.optional("description", maximum: 2_000)
        visibility = fields.optional("visibility")
        workstations = fields.optional("workstations", in: 1...10_000)
        rules = fields.optionalObject("rules")
        removesParent = fields.optional("removeParent") ?? false
        removesPersonLimit = fields.optional("removePersonLimit") ?? false
        given = PlatformDetails(reading: &fields)
        let sent = ["parentId", "personLimit", "sectors", "skills", "supervision", "prerequisites"].filter { fields.has($0) }
        detailsGiven = Set(sent)
        if removesParent, detailsGiven.contains("parentId") { fields.refuse("removeParent", Text("reason.givenAndRemoved")) }
        if removesPersonLimit, detailsGiven.contains("personLimit") { fields.refuse("removePersonLimit", Text("reason.givenAndRemoved")) }
    }

    var isEmpty: Bool {
        name == nil && description == nil && visibility == nil && workstations == nil && rules == nil && detailsGiven.isEmpty
            && !removesParent && !removesPersonLimit
    }

    private func details(changing former: PlatformDetails) -> PlatformDetails {
        var details = former
        if detailsGiven.contains("parentId") || removesParent { details.parent = given.parent }
        if detailsGiven.contains("personLimit") || removesPersonLimit { details.personLimit = given.personLimit }
        if detailsGiven.contains("sectors") { details.sectors = given.sectors }
        if detailsGiven.contains("skills") { details.skills = given.skills }
        if detailsGiven.contains("supervision") { details.supervision = given.supervision }
        if detailsGiven.contains("prerequisites") { details.prerequisites = given.prerequisites }
        return details
    }

    /// The whole platform, changed, on condition that it still has the version that was read.
    func applied(to platform: SQL.FindPlatform.Row) -> SQL.ChangePlatform {
        let rules = rules?.applied(to: platform.rules) ?? platform.rules
        let details = details(changing: platform.details)
        return SQL.ChangePlatform(
            centreNumber: platform.id.centreColumn, id: platform.id, version: platform.version, name: name ?? platform.name,
            description: description ?? platform.description, isShared: visibility?.isShared ?? platform.isShared,
            workstations: workstations ?? platform.workstations, setupMinutes: rules.setupMinutes, cleanupMinutes: rules.cleanupMinutes,
            minimumMinutes: rules.minimumMinutes, maximumMinutes: rules.maximumMinutes, gridMinutes: rules.gridMinutes,
            noticeMinutes: rules.noticeMinutes, horizonDays: rules.horizonDays, parentId: details.parent,
            personLimit: details.personLimit, sectors: details.sectors.map(\.description), skills: details.skills.map(\.description),
            supervision: details.supervision.map(\.rawValue), holders: details.prerequisites.map(\.holder.rawValue),
            attestations: details.prerequisites.map(\.attestation.text), notes: details.prerequisites.map { $0.note ?? "" })
    }
}

extension Platforms {
    /// `PATCH /v1/platforms/{platformId}`: for new bookings; those taken keep their slot.
    func change(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: ResourceID = try context.path("platformId")
        try context.principal.require(.centreManager, at: id.centreColumn)
        let versions = try IfMatch(requiredBy: request)
        let change = try await request.body(PlatformChange.self, in: context)
        guard !change.isEmpty else { throw PlatformRefusal.nothingGiven }
        let current = try await platform(id)
        try versions.check(version: Int64(current.version))
        try await perform(change.applied(to: current), in: current.zone)
        let changed = try await platform(id)
        return Response.json(eTag: changed.eTag) { json in changed.writeMembers(to: &json) }
    }

    private func perform(_ statement: SQL.ChangePlatform, in zone: String) async throws {
        let row: SQL.ChangePlatform.Row
        do {
            row = try await database.one(statement)
        } catch {
            throw error.platformRefusal
        }
        switch (row.outcome, row.version, row.taken, row.takenAt) {
        case ("changed", _, _, _): return
        // A stock is no platform: how many items it has is said with a cause.
        case ("notFound", _, _, _), ("amountHasCause", _, _, _): throw PlatformRefusal.notFound
        case ("versionMismatch", let version?, _, _): throw PlatformRefusal.changedMeanwhile(version: version)
        case ("capacityInUse", _, let taken?, let moment?): throw PlatformRefusal.capacityInUse(taken: taken, at: moment, zone: zone)
        case ("baysLarger", _, let capacity?, _): throw PlatformRefusal.baysLarger(workstations: capacity)
        case ("parentSmaller", _, let capacity?, _): throw PlatformRefusal.parentSmaller(workstations: capacity)
        case ("platformInUse", _, _, let moment?): throw PlatformRefusal.platformInUse(at: moment, zone: zone)
        default: throw UnknownOutcome(statement: SQL.ChangePlatform.name, outcome: row.outcome)
        }
    }
}
