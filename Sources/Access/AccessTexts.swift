package import HTTPEdge

/// What this slice says.
package enum AccessTexts {
    package static let entries: [TextEntry] = own + agreements

    private static let own: [TextEntry] = [
        TextEntry("membershipOverlaps.title", fr: "Affiliation déjà couverte", en: "Membership overlaps"),
        TextEntry(
            "membershipOverlaps.detail", fr: "Une autre affiliation de cette organisation couvre déjà un de ces jours.",
            en: "Another membership of this organisation already covers one of these days."),
        TextEntry("roleNotGrantable.title", fr: "Rôle non attribuable", en: "Role not grantable"),
        TextEntry(
            "roleNotGrantable.detail", fr: "Vous ne pouvez pas attribuer le rôle {role}.", en: "You may not grant the role {role}."),
        TextEntry("personRegistered.title", fr: "Personne déjà inscrite", en: "Person already registered"),
        TextEntry(
            "personRegistered.detail",
            fr: "Quelqu’un est déjà inscrit avec cette adresse, ici ou dans une autre organisation. Retirez d’abord cette personne, "
                + "ou prenez une autre adresse.",
            en: "Somebody is registered with this address already, here or in another organisation. Remove that person first, or take "
                + "another address."),
        TextEntry(
            "roleByOperator.detail",
            fr: "Le rôle {role} décide à deux : seul l’exploitant du service inscrit une telle personne (plateau add-person).",
            en: "The role {role} decides in twos: only whoever runs the service registers such a person (plateau add-person)."),
        TextEntry("reason.emailAddress", fr: "ce n’est pas une adresse électronique", en: "this is no e-mail address"),
        TextEntry("reason.daysReversed", fr: "le dernier jour précède le premier", en: "the last day is before the first"),
        TextEntry("reason.past", fr: "cet instant est passé", en: "this moment has passed"),
        TextEntry("reason.centreUnknown", fr: "aucun centre ne porte cet identifiant", en: "no centre has this identifier"),
        TextEntry("reason.centreRequired", fr: "ce rôle se donne dans un centre", en: "this role is held at a centre"),
        TextEntry("reason.centreNotAllowed", fr: "ce rôle ne se donne pas dans un centre", en: "this role is not held at a centre"),
    ]

    private static let agreements: [TextEntry] = [
        TextEntry(
            "agreementSamePerson.detail", fr: "Une demande est approuvée par une autre personne que celle qui l'a faite.",
            en: "A request is approved by another person than the one who made it."),
        TextEntry("agreementDecided.title", fr: "Demande déjà traitée", en: "Request already decided"),
        TextEntry(
            "agreementDecided.detail", fr: "Cette demande n'attend plus de décision : elle est {state}.",
            en: "This request no longer awaits a decision: it is {state}."),
        TextEntry("agreementNotInForce.title", fr: "Convention pas en vigueur", en: "Agreement not in force"),
        TextEntry(
            "agreementNotInForce.detail", fr: "Seule une convention approuvée se renouvelle ou s'arrête ; celle-ci est {state}.",
            en: "Only what was approved is renewed or ended; this one is {state}."),
        TextEntry("agreementEndless.title", fr: "Sans fin", en: "Without end"),
        TextEntry(
            "agreementEndless.detail", fr: "Ce qui n'a pas de dernier jour ne se renouvelle pas.",
            en: "What has no last day is not renewed."),
        TextEntry(
            "reason.agreementWithItself", fr: "un centre n'a pas de convention avec lui-même", en: "a centre has no agreement with itself"),
        TextEntry("reason.platformOfCentre", fr: "une plate-forme n'est pas de ce centre", en: "a platform is not of this centre"),
        TextEntry(
            "reason.membershipHasNoTerms", fr: "une affiliation au réseau n'a pas de telle clause",
            en: "a membership of the network has no such term"),
        TextEntry("reason.lastDayPassed", fr: "ce jour est passé", en: "this day has passed"),
        TextEntry("reason.lastDayTooLate", fr: "la convention prend fin plus tôt", en: "the agreement ends before"),
        TextEntry("agreementState.requested", fr: "en attente", en: "requested"),
        TextEntry("agreementState.approved", fr: "approuvée", en: "approved"),
        TextEntry("agreementState.rejected", fr: "rejetée", en: "rejected"),
        TextEntry("agreementState.withdrawn", fr: "retirée", en: "withdrawn"),
        TextEntry("agreementState.ended", fr: "arrêtée", en: "ended"),
        TextEntry("agreementState.expired", fr: "expirée", en: "expired"),
    ]
}
