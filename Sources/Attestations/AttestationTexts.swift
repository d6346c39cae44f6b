package import HTTPEdge

/// What the slice says, in French and English.
package enum AttestationTexts {
    package static let entries: [TextEntry] = [
        TextEntry("pseudonymTaken.title", fr: "Pseudonyme déjà pris", en: "Pseudonym taken"),
        TextEntry(
            "pseudonymTaken.detail", fr: "Votre organisation donne déjà ce pseudonyme à une personne.",
            en: "Your organisation gives this pseudonym to somebody already."),
        TextEntry("attestationIsWithdrawn.title", fr: "Attestation déjà retirée", en: "Attestation withdrawn already"),
        TextEntry(
            "attestationIsWithdrawn.detail", fr: "Elle ne prouve plus rien ; enregistrez-en une nouvelle.",
            en: "It proves nothing any more; record a new one."),
        TextEntry("holderStays.title", fr: "Type déjà utilisé", en: "Type in use"),
        TextEntry(
            "holderStays.detail", fr: "Des attestations de ce type existent : le genre de titulaire ne change plus.",
            en: "There are attestations of this type: the kind of holder does not change any more."),
        TextEntry("reason.holderUnknown", fr: "titulaire inconnu", en: "unknown holder"),
        TextEntry(
            "reason.holderMismatch", fr: "ce type n'est pas pour ce genre de titulaire (personne, organisation)",
            en: "the type is not for this kind of holder (person, organisation)"),
        TextEntry("reason.attestationTypeUnknown", fr: "type d'attestation inconnu du réseau", en: "a type that the network does not know"),
        TextEntry("reason.expiresBeforeIssued", fr: "précède « issuedOn »", en: "is before \"issuedOn\""),
        TextEntry(
            "reason.typeOrResource", fr: "« type », ou « resourceId » pour une habilitation, pas les deux",
            en: "\"type\", or \"resourceId\" for a habilitation, not both"),
        TextEntry(
            "reason.holderOrOrganisation", fr: "« holderId » ou « organisationId », pas les deux",
            en: "\"holderId\" or \"organisationId\", not both"),
        TextEntry(
            "reason.notAPseudonym", fr: "ni numéro de registre national, ni adresse électronique : un code que vous seul comprenez",
            en: "no national register number, no e-mail address: a code that only you understand"),
    ]
}
