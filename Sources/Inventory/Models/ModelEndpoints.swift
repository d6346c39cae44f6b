import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

/// What a machine of a model can do, as its maker writes it.
struct Specification: RequestObject {
    let name: String
    let value: String

    init?(reading fields: inout FieldReader) {
        let name = fields.required("name", maximum: 100)
        let value = fields.required("value", maximum: 200)
        guard let name, let value else { return nil }
        self.name = name
        self.value = value
    }
}

/// The fields of a model to change; what is left out stays as it is.
struct ModelChange: RequestObject {
    let category: String?
    let specifications: [Specification]?
    let expectedLifeYears: Int16?

    init(reading fields: inout FieldReader) {
        category = fields.optional("category", maximum: 100)
        specifications = fields.has("specifications") ? fields.array("specifications", Specification.self, count: 0...50) : nil
        expectedLifeYears = fields.optional("expectedLifeYears", in: 1...100)
        if !["category", "specifications", "expectedLifeYears"].contains(where: { fields.has($0) }) {
            fields.refuse("", code: "missing", Text("reason.nothingGiven"))
        }
    }

    func applied(to model: SQL.ListModels.Row, by key: KeyID) -> SQL.ChangeModel {
        SQL.ChangeModel(
            id: model.id, version: model.version, by: key, category: category ?? model.category,
            specificationNames: specifications?.map(\.name) ?? model.specificationNames,
            specificationValues: specifications?.map(\.value) ?? model.specificationValues,
            expectedLifeYears: expectedLifeYears ?? model.expectedLifeYears)
    }
}

extension Inventory {
    /// `GET /v1/equipment-categories`.
    func listCategories(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let categories = try await database.all(SQL.ListCategories())
        return Response.json { json in
            json.array("items", categories) { category, json in
                json.object { json in
                    json.member("category", category.category)
                    json.member("models", category.models)
                    json.member("equipment", category.assets)
                }
            }
        }
    }

    /// `GET /v1/equipment-models`.
    func listModels(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let category = query.optional("category", maximum: 100)
        let page = try query.page(of: "listEquipmentModels", signer: cursors)
        let models = try await database.all(
            SQL.ListModels(id: nil, category: category, after: try page.after(0), rowLimit: Int32(page.limit)))
        return Response.list(page, models, keys: { [$0.id.description] }) { model, json in
            json.object { json in model.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/equipment-models/{modelId}`.
    func readModel(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let model = try await model(try context.path("modelId"))
        return Response.json(eTag: model.eTag) { json in model.writeMembers(to: &json) }
    }

    /// `PATCH /v1/equipment-models/{modelId}`: by the network, or by a centre that has one.
    func changeModel(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: ModelID = try context.path("modelId")
        let versions = try IfMatch(requiredBy: request)
        let change = try await request.body(ModelChange.self, in: context)
        let current = try await model(id)
        try versions.check(version: Int64(current.version))
        let row = try await database.one(change.applied(to: current, by: try context.principal.keyID))
        switch (row.outcome, row.version) {
        case ("changed", _): break
        case ("notFound", _): throw InventoryRefusal.notFound
        case ("forbidden", _): throw Problem.forbidden(roles: [.centreManager, .networkManager])
        case ("versionMismatch", let version?): throw InventoryRefusal.changedMeanwhile(version: version)
        default: throw UnknownOutcome(statement: SQL.ChangeModel.name, outcome: row.outcome)
        }
        let changed = try await model(id)
        return Response.json(eTag: changed.eTag) { json in changed.writeMembers(to: &json) }
    }

    private func model(_ id: ModelID) async throws -> SQL.ListModels.Row {
        guard let model = try await database.first(SQL.ListModels(id: id, category: nil, after: nil, rowLimit: 1)) else {
            throw InventoryRefusal.notFound
        }
        return model
    }
}

extension SQL.ListModels.Row {
    fileprivate var eTag: ETag { ETag(version: Int64(version)) }

    /// Writes the members of the contract's `EquipmentModel`.
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("category", category)
        json.member("manufacturer", manufacturer)
        json.member("name", name)
        json.array("specifications", zip(specificationNames, specificationValues)) { pair, json in
            json.object { json in
                json.member("name", pair.0)
                json.member("value", pair.1)
            }
        }
        json.member("expectedLifeYears", expectedLifeYears)
        json.member("equipment", assets)
        json.member("version", version)
    }
}
