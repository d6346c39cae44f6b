import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Centres {
    /// `PUT /v1/municipality-lists/{scheme}/{version}`: entered for good, since sites name it ever after.
    func enterMunicipalityList(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let scheme = try context.path("scheme", MunicipalityScheme.self)
        let version = try context.path("version", MunicipalityListVersion.self)
        let body = try await request.body(MunicipalityListSubmission.self, in: context)
        let rows = try await database.all(
            SQL.EnterMunicipalityList(
                scheme: scheme.description, version: version.description, validFrom: body.validFrom,
                codePattern: body.codePattern.description, municipalities: PostgresJSON(writing: body.municipalities),
                successors: PostgresJSON(writing: body.successors), key: try context.principal.keyID))
        let outcome = rows.first?.outcome ?? ""
        guard outcome == "entered" || outcome == "known" else { throw MunicipalityListRefused.of(outcome, rows, scheme: scheme) }
        let list = try await municipalityList(scheme, version)
        return .json { json in list.writeMembers(to: &json) }
    }
}

extension PostgresJSON {
    fileprivate init(writing elements: [some JSONWritable]) {
        var json = JSONWriter(capacity: 64 * elements.count)
        json.array { json in
            for element in elements { element.write(to: &json) }
        }
        self.init(utf8: json.bytes)
    }
}
