import Access
import HTTPEdge
import Hummingbird
import Kernel
import Platforms
import Postgres

/// The body of `setAttestationType`.
struct TypeRequest: RequestObject {
    /// Who holds attestations of a type.
    enum Holder: String, CaseIterable, RequestValue {
        case person, organisation
    }

    /// When a proof is to be there.
    enum Proof: String, CaseIterable, RequestValue {
        /// Without it a booking is refused.
        case atBooking
        /// A booking is made with the flag `needsProof`; nothing is checked in without it.
        case atUse
    }

    let name: String
    let holder: Holder
    let proof: Proof
    /// Codes of lesser types that it stands for.
    let covers: [AttestationCode]
    let validMonths: Int16?
    let warningDays: Int16

    init?(reading fields: inout FieldReader) {
        let name = fields.required("name", maximum: 200)
        let holder: Holder? = fields.required("holder")
        proof = fields.optional("proof") ?? .atBooking
        let covers = fields.has("covers") ? fields.values("covers", AttestationCode.self, count: 0...20) : []
        validMonths = fields.optional("validMonths", in: 1...600)
        warningDays = fields.optional("warningDays", in: 0...730) ?? 60
        guard let name, let holder, let covers else { return nil }
        self.name = name
        self.holder = holder
        self.covers = covers
    }
}

extension Attestations {
    /// `GET /v1/attestation-types`: a prerequisite that names one of these codes is a rule of booking.
    func listTypes(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let types = try await database.all(SQL.ListTypes(code: nil))
        return .json { json in json.array("items", types) { $0.write(to: &$1) } }
    }

    /// `PUT /v1/attestation-types/{code}`: adds or changes a type, for bookings and check-ins from now on.
    func setType(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let code: AttestationCode = try context.path("code")
        let body = try await request.body(TypeRequest.self, in: context)
        let outcome = try await database.one(
            SQL.SetType(
                code: code.text, name: body.name, holder: body.holder.rawValue, proof: body.proof.rawValue,
                covers: body.covers.map(\.text), validMonths: body.validMonths, warningDays: body.warningDays,
                by: try context.principal.keyID)
        ).outcome
        guard outcome == "set" else {
            throw AttestationRefusal.of(outcome, roles: [.networkManager], statement: SQL.SetType.name)
        }
        let type = try await database.all(SQL.ListTypes(code: code.text)).first
        return .json { json in type?.writeMembers(to: &json) }
    }
}

extension SQL.ListTypes.Row {
    func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    /// Writes the members of the contract's `AttestationType`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("code", code)
        json.member("name", name)
        json.member("holder", holder)
        json.member("proof", proof)
        json.array("covers", covers)
        json.member("validMonths", validMonths)
        json.member("warningDays", warningDays)
    }
}
