import HTTPEdge
import Kernel
import Platforms

/// One thing of a kit: seats of a platform, items of a stock, one unit, or any so many assets of a model.
struct KitMember: RequestObject {
    enum Thing: Hashable {
        case resource(ResourceID)
        case model(ModelID)
    }

    let thing: Thing
    let amount: Int32
    /// The whole of a platform or a stock.
    let isExclusive: Bool

    init?(reading fields: inout FieldReader) {
        let resource: ResourceID? = fields.optional("resourceId")
        let model: ModelID? = fields.optional("modelId")
        let amount: Int32? = fields.optional("amount", in: 1...10_000)
        isExclusive = fields.optional("exclusive") ?? false
        if (resource == nil) == (model == nil) { fields.refuse("resourceId", code: "missing", Text("reason.resourceOrModel")) }
        if isExclusive, amount != nil || model != nil { fields.refuse("exclusive", Text("reason.wholeOfResource")) }
        if model != nil, let amount, amount > 50 { fields.refuse("amount", code: "outOfRange", Text("reason.mostOfModel")) }
        self.amount = amount ?? 1
        if let resource {
            thing = .resource(resource)
        } else if let model {
            thing = .model(model)
        } else {
            return nil
        }
    }
}

/// A kit as a manager describes it.
struct KitRequest: RequestObject {
    let name: String
    let description: String?
    let from: LocalDay
    /// The last day; nil: without end.
    let to: LocalDay?
    let members: [KitMember]

    init?(reading fields: inout FieldReader) {
        let name = fields.required("name", maximum: 200)
        description = fields.optional("description", maximum: 2_000)
        let from: LocalDay? = fields.required("from")
        to = fields.optional("to")
        let members = fields.array("members", KitMember.self, count: 1...50)
        if let from, let to, to < from { fields.refuse("to", code: "order", Text("reason.kitToBeforeFrom")) }
        if let members, Set(members.map(\.thing)).count != members.count {
            fields.refuse("members", code: "duplicate", Text("reason.kitMemberTwice"))
        }
        guard let name, let from, let members else { return nil }
        self.name = name
        self.from = from
        self.members = members
    }
}

extension KitRequest {
    /// The identifiers of resources and models, as the database takes them.
    var things: [ResourceID] {
        members.map { member in
            switch member.thing {
            case .resource(let id): id
            case .model(let id): ResourceID(id.rawValue)
            }
        }
    }

    var areModels: [Bool] {
        members.map { if case .model = $0.thing { true } else { false } }
    }
}
