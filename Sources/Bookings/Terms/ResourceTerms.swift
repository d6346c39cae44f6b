import HTTPEdge
import Kernel
import Postgres

/// In which situation a centre approves a booking of its resource.
enum ApprovalSituation: String, CaseIterable, RequestValue, JSONWritable {
    case always, exclusiveUse, company, companyProduction, conditionalLabel
}

/// The terms of a resource, as they are replaced.
struct ResourceTermsRequest: RequestObject {
    let approvalFor: [ApprovalSituation]
    let isSelfService: Bool
    let noShowMinutes: Int32
    let freeWorkingDays: Int32
    let lateFeePercent: Int32
    let noShowFeePercent: Int32

    init?(reading fields: inout FieldReader) {
        let approvalFor = fields.values("approvalFor", ApprovalSituation.self, count: 0...ApprovalSituation.allCases.count)
        if !fields.has("approvalFor") { fields.refuse("approvalFor", code: "missing", Text("reason.missing")) }
        let isSelfService: Bool? = fields.required("selfService")
        noShowMinutes = fields.optional("noShowMinutes", in: 5...1_440) ?? 30
        let freeWorkingDays: Int32? = fields.required("freeWorkingDays", in: 0...60)
        let lateFee: Int32? = fields.required("lateFeePercent", in: 0...100)
        let noShowFee: Int32? = fields.required("noShowFeePercent", in: 0...100)
        guard let approvalFor, let isSelfService, let freeWorkingDays, let lateFee, let noShowFee else { return nil }
        self.approvalFor = approvalFor
        self.isSelfService = isSelfService
        self.freeWorkingDays = freeWorkingDays
        lateFeePercent = lateFee
        noShowFeePercent = noShowFee
    }
}

extension SQL.FindTerms.Row {
    var eTag: ETag { ETag(version: Int64(version)) }

    /// Writes the members of the contract's `ResourceTerms`.
    func writeMembers(of resource: ResourceID, to json: inout JSONWriter) {
        json.member("resourceId", resource)
        json.member("of", of)
        json.array("approvalFor", approvalFor)
        json.member("selfService", isSelfService)
        json.member("noShowMinutes", noShowMinutes)
        json.member("freeWorkingDays", freeWorkingDays)
        json.member("lateFeePercent", lateFeePercent)
        json.member("noShowFeePercent", noShowFeePercent)
        json.member("version", version)
    }
}
