import Kernel

extension PlannedNetwork {
    /// Kinds of attestation that Walloon workshops ask for; none is asked for yet, so that every demo booking stands.
    var attestationTypeTable: CopyTable {
        var table = CopyTable(
            "attestations.type", ["code", "name", "holder", "proof", "covers", "valid_months", "changed_at", "changed_by"])
        for type in Self.attestationTypes {
            table.append([
                .text(type.code), .text(type.name), .text(type.holder), .text(type.proof), .text("{\(type.covers)}"),
                .maybe(type.validMonths) { .integer($0) }, .instant(founded), .id(keys[organisations[0].key].id),
            ])
        }
        return table.closed()
    }

    private struct AttestationType {
        let code: String
        let name: String
        var holder = "person"
        var proof = "atBooking"
        var covers = ""
        var validMonths: Int?
    }

    private static let attestationTypes: [AttestationType] = [
        AttestationType(code: "aerialPlatform", name: "Conduite de nacelle élévatrice", validMonths: 60),
        AttestationType(code: "ba4", name: "Personne avertie en électricité (BA4)"),
        AttestationType(code: "ba5", name: "Personne qualifiée en électricité (BA5)", covers: "ba4"),
        AttestationType(code: "companyLiability", name: "Assurance responsabilité civile", holder: "organisation", validMonths: 12),
        AttestationType(code: "forkliftLicence", name: "Conduite de chariot élévateur", validMonths: 60),
        AttestationType(code: "siteInduction", name: "Accueil sécurité sur place", proof: "atUse", validMonths: 24),
        AttestationType(code: "vcaBasic", name: "VCA de base", validMonths: 120),
    ]
}
