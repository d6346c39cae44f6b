package import HTTPEdge
import Kernel

extension Attestations {
    /// Who speaks for an organisation or works at a centre.
    private static let keepers = MemberAccess.member(.booker, .organisationAdmin, .centreStaff, .centreManager, .networkManager)

    /// The whole route table of the slice.
    package func addRoutes(to routes: EdgeRoutes) {
        routes.get("/v1/attestation-types", operation: "listAttestationTypes", access: .member, handler: listTypes)
        routes.put(
            "/v1/attestation-types/{code}", operation: "setAttestationType", access: .member(.networkManager), handler: setType)
        routes.post("/v1/attestation-holders", operation: "addAttestationHolder", access: Self.keepers, handler: addHolder)
        routes.get("/v1/attestation-holders", operation: "listAttestationHolders", access: Self.keepers, handler: listHolders)
        routes.get("/v1/attestation-holders/{holderId}", operation: "getAttestationHolder", access: Self.keepers, handler: readHolder)
        routes.post(
            "/v1/attestation-holders/{holderId}/erasure", operation: "eraseAttestationHolder", access: Self.keepers, handler: eraseHolder)
        routes.post("/v1/attestations", operation: "recordAttestation", access: Self.keepers, handler: record)
        routes.get("/v1/attestations", operation: "listAttestations", access: Self.keepers, handler: list)
        routes.get("/v1/attestations/{attestationId}", operation: "getAttestation", access: Self.keepers, handler: read)
        routes.post(
            "/v1/attestations/{attestationId}/withdrawal", operation: "withdrawAttestation", access: Self.keepers, handler: withdraw)
    }
}
