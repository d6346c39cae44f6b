import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Centres {
    /// `PATCH /v1/sites/{siteId}`: its name, town, coordinates and municipality; kind and zone are those of its life.
    func changeSite(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id = try context.path("siteId", SiteID.self)
        try context.principal.require(.centreManager, at: id.centreColumn)
        let ifMatch = try IfMatch(requiredBy: request)
        let body = try await request.body(SiteChange.self, in: context)
        let key = try context.principal.keyID
        return try await database.transaction { transaction in
            let former = try await site(id, in: transaction)
            try ifMatch.check(version: Int64(former.version))
            let row = try await transaction.one(SQL.ChangeSite(body, id: id, version: former.version, by: key))
            if let refused = try MunicipalityRefused(row.outcome, facts: row.facts) { throw refused }
            guard row.outcome == "changed" else { throw CentresRefusal.of(row.outcome, version: row.version) }
            let changed = try await site(id, in: transaction)
            return .json(eTag: changed.eTag) { json in changed.writeMembers(to: &json) }
        }
    }
}

extension CentresRefusal {
    /// The refusal that an outcome of `centres.change_site` stands for.
    fileprivate static func of(_ outcome: String, version: Int32?) -> any Error {
        switch outcome {
        case "notFound": CentresRefusal.siteUnknown
        case "forbidden": CentresRefusal.notAllowed
        case "versionMismatch": version.map { CentresRefusal.versionPassed(current: $0) } ?? .siteUnknown
        default: UnknownCentresOutcome(statement: SQL.ChangeSite.name, outcome: outcome)
        }
    }
}

extension SQL.ChangeSite {
    fileprivate init(_ change: SiteChange, id: SiteID, version: Int32, by key: KeyID) {
        self.init(
            centreNumber: id.centreColumn, id: id, version: version, key: key, name: change.name, town: change.town,
            latitude: change.latitude, longitude: change.longitude, scheme: change.municipality?.scheme.description,
            listVersion: change.municipality?.version.description, code: change.municipality?.code.description)
    }
}
