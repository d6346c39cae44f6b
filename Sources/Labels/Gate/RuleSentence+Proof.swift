extension RuleSentence {
    /// The codes of `bookings.proof_rules`: what somebody must hold.
    static let proof: [RuleSentence] = prerequisites + habilitations

    private static let prerequisites: [RuleSentence] = [
        RuleSentence("holderUnknown", fr: "Le titulaire {holderId} n'existe pas.", en: "The holder {holderId} does not exist."),
        RuleSentence(
            "holderNotNamed", of: "prerequisite",
            fr: "« {name} » est demandé ({holder}) : {needed} {needed|personne est à nommer|personnes sont à nommer}, "
                + "{named} {named|l'est|le sont}.",
            en: "\"{name}\" is required ({holder}): {needed} {needed|person is|persons are} to be named, {named} {named|is|are}."),
        RuleSentence(
            "attestationMissing", of: "prerequisite",
            fr: "« {name} » est demandé ({holder}) pendant tout le créneau : {needed} {needed|est nécessaire|sont nécessaires}, "
                + "{held} {held|est enregistré|sont enregistrés}.",
            en: "\"{name}\" is required ({holder}) throughout the slot: {needed} {needed|is|are} needed, {held} {held|is|are} on record."),
        RuleSentence(
            "attestationExpired", of: "prerequisite",
            fr: "« {name} » ({holder}) n'est plus valable après le {validUntil} ; il en faut un jusqu'au {lastDay}.",
            en: "\"{name}\" ({holder}) ends on {validUntil}; one is needed until {lastDay}."),
        RuleSentence(
            "attestationWithdrawn", of: "prerequisite", fr: "« {name} » ({holder}) est retiré depuis le {withdrawnOn}.",
            en: "\"{name}\" ({holder}) was withdrawn on {withdrawnOn}."),
    ]

    private static let habilitations: [RuleSentence] = [
        RuleSentence(
            "holderNotNamed", of: "habilitation", fr: "Aucun formateur habilité n'est nommé.", en: "No habilitated trainer is named."),
        RuleSentence(
            "holderNotNamed", of: "habilitation", fr: "Aucun formateur habilité n'est nommé ; est possible aussi : {instead}.",
            en: "No habilitated trainer is named; possible too: {instead}."),
        RuleSentence(
            "attestationMissing", of: "habilitation", fr: "Le formateur n'est pas habilité pour cette ressource.",
            en: "The trainer is not habilitated for this resource."),
        RuleSentence(
            "attestationMissing", of: "habilitation",
            fr: "Le formateur n'est pas habilité pour cette ressource ; est possible aussi : {instead}.",
            en: "The trainer is not habilitated for this resource; possible too: {instead}."),
        RuleSentence(
            "attestationExpired", of: "habilitation",
            fr: "L'habilitation du formateur prend fin le {validUntil} ; il en faut une jusqu'au {lastDay}.",
            en: "The trainer's habilitation ends on {validUntil}; one is needed until {lastDay}."),
        RuleSentence(
            "attestationWithdrawn", of: "habilitation", fr: "L'habilitation du formateur est retirée depuis le {withdrawnOn}.",
            en: "The trainer's habilitation was withdrawn on {withdrawnOn}."),
        RuleSentence(
            "attestationWithdrawn", of: "habilitation",
            fr: "L'habilitation du formateur est retirée depuis le {withdrawnOn} ; est possible aussi : {instead}.",
            en: "The trainer's habilitation was withdrawn on {withdrawnOn}; possible too: {instead}."),
    ]
}
