import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Centres {
    /// `GET /v1/municipality-lists`: by scheme and first day.
    func listMunicipalityLists(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let scheme = query.optional("scheme", MunicipalityScheme.self)
        let page = try query.page(of: "listMunicipalityLists", signer: signer)
        let rows = try await database.all(
            SQL.ListMunicipalityLists(
                scheme: scheme?.description, version: nil, afterScheme: try page.after(0), afterDay: try page.after(1),
                rowLimit: Int32(page.limit)))
        return .list(page, rows.map(MunicipalityList.init), keys: { [$0.scheme, "\($0.validFrom)"] }) { $0.write(to: &$1) }
    }

    /// `GET /v1/municipality-lists/{scheme}/{version}`: the municipalities of one, or the one of a code.
    func getMunicipalityList(_ request: Request, _ context: MemberContext) async throws -> Response {
        let scheme = try context.path("scheme", MunicipalityScheme.self)
        let version = try context.path("version", MunicipalityListVersion.self)
        var query = QueryReader(request)
        let code = query.optional("code", MunicipalityCode.self)
        let page = try query.page(of: "getMunicipalityList \(scheme) \(version)", signer: signer)
        let list = try await municipalityList(scheme, version)
        let rows = try await database.all(
            SQL.ListMunicipalities(
                scheme: scheme.description, version: version.description, code: code?.description, after: try page.after(0),
                rowLimit: Int32(page.limit)))
        return .json { json in
            list.writeMembers(to: &json)
            json.array("items", rows.prefix(page.pageSize)) { row, json in row.write(to: &json) }
            json.member("pageSize", page.pageSize)
            if rows.count > page.pageSize { json.member("next", page.next(after: [rows[page.pageSize - 1].code])) }
        }
    }

    /// - Throws: ``CentresRefusal/municipalityListMissing``.
    func municipalityList(_ scheme: MunicipalityScheme, _ version: MunicipalityListVersion) async throws -> MunicipalityList {
        let row = try await database.all(
            SQL.ListMunicipalityLists(
                scheme: scheme.description, version: version.description, afterScheme: nil, afterDay: nil, rowLimit: 1)
        ).first
        guard let row else { throw CentresRefusal.municipalityListMissing }
        return MunicipalityList(row)
    }
}

/// A version of a scheme's list: when it holds, and after which one it came.
struct MunicipalityList: JSONWritable {
    let scheme: String
    let version: String
    let validFrom: LocalDay
    /// Nil while none follows.
    let validTo: LocalDay?
    let former: String?
    let codePattern: String
    let count: Int32

    init(_ row: SQL.ListMunicipalityLists.Row) {
        scheme = row.scheme
        version = row.version
        validFrom = row.validFrom
        validTo = row.validTo
        former = row.former
        codePattern = row.codePattern
        count = row.municipalities
    }

    func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("scheme", scheme)
        json.member("version", version)
        json.member("validFrom", validFrom)
        json.member("validTo", validTo)
        json.member("formerVersion", former)
        json.member("codePattern", codePattern)
        json.member("municipalityCount", count)
    }
}

extension SQL.ListMunicipalities.Row {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("code", code)
            json.member("name", name)
            if let names {
                json.name("names")
                json.raw(names.text)
            }
            json.member("validTo", validTo)
            if let nextVersion {
                json.object("became") { json in
                    json.member("version", nextVersion)
                    json.array("codes", successors)
                }
            }
            if !predecessors.isEmpty { json.array("formerCodes", predecessors) }
        }
    }
}
