extension RuleSentence {
    static let all = gate + label + booking + kit

    static let byCode = Dictionary(grouping: all, by: \.code)

    /// Visibility, the network's own resources, membership, audiences: the codes of `labels.gate`.
    static let gate: [RuleSentence] = [
        RuleSentence(
            "ownResource", fr: "La ressource appartient à votre centre.", en: "The resource belongs to your own centre."),
        RuleSentence(
            "ownResource", of: "ownerLabel", fr: "Un centre utilise ses propres ressources sans condition de label.",
            en: "A centre uses its own resources whatever its label."),
        RuleSentence(
            "resourceLocal", fr: "La ressource est réservée à son propre centre.", en: "The resource is kept for its own centre."),
        RuleSentence(
            "resourceShared", fr: "La ressource est partagée avec le réseau.", en: "The resource is shared with the network."),
        RuleSentence(
            "borrowed", fr: "La ressource est prêtée à votre centre pendant tout le créneau.",
            en: "The resource is on loan to your centre throughout the slot."),
        RuleSentence(
            "onLoan", fr: "La ressource est prêtée à un autre centre du {start} au {end}.",
            en: "The resource is on loan to another centre from {start} to {end}."),
        RuleSentence(
            "networkResource", fr: "La ressource appartient au réseau : aucun label de propriétaire n'est requis.",
            en: "The resource belongs to the network: no owner's label is required."),
        RuleSentence(
            "networkResource", of: "callerLabel", fr: "Le réseau a un accès direct aux ressources partagées.",
            en: "The network has direct access to shared resources."),
        RuleSentence(
            "networkResourceNeedsLabel", fr: "Les ressources du réseau sont réservées aux centres labellisés.",
            en: "The network's resources are for labelled centres."),
        RuleSentence(
            "memberOfNetwork", fr: "Votre organisation est membre du réseau depuis le {from}.",
            en: "Your organisation has been a member of the network since {from}."),
        RuleSentence(
            "memberOfNetwork", fr: "Votre organisation est membre du réseau du {from} au {to}.",
            en: "Your organisation is a member of the network from {from} to {to}."),
        RuleSentence(
            "membershipRequired",
            fr: "Votre organisation n'est pas membre du réseau pendant tout le créneau (du {slotFirstDay} au {slotLastDay}).",
            en: "Your organisation is not a member of the network for the whole slot ({slotFirstDay} to {slotLastDay})."),
        RuleSentence(
            "membershipRequired",
            fr: "L'affiliation de votre organisation va du {from} au {to} ; le créneau va du {slotFirstDay} au {slotLastDay}.",
            en: "Your organisation's membership runs from {from} to {to}; the slot runs from {slotFirstDay} to {slotLastDay}."),
        RuleSentence(
            "membershipRequired",
            fr: "L'affiliation de votre organisation commence le {from} ; le créneau va du {slotFirstDay} au {slotLastDay}.",
            en: "Your organisation's membership begins on {from}; the slot runs from {slotFirstDay} to {slotLastDay}."),
        RuleSentence(
            "agreementWithCentre", fr: "Votre organisation a une convention avec le centre depuis le {from}.",
            en: "Your organisation has an agreement with the centre since {from}."),
        RuleSentence(
            "agreementWithCentre", fr: "Votre organisation a une convention avec le centre du {from} au {to}.",
            en: "Your organisation has an agreement with the centre from {from} to {to}."),
        RuleSentence(
            "agreementOutsidePeriod",
            fr: "Votre convention avec le centre commence le {from} ; le créneau va du {slotFirstDay} au {slotLastDay}.",
            en: "Your agreement with the centre begins on {from}; the slot runs from {slotFirstDay} to {slotLastDay}."),
        RuleSentence(
            "agreementOutsidePeriod",
            fr: "Votre convention avec le centre va du {from} au {to} ; le créneau va du {slotFirstDay} au {slotLastDay}.",
            en: "Your agreement with the centre runs from {from} to {to}; the slot runs from {slotFirstDay} to {slotLastDay}."),
        RuleSentence(
            "agreementNotForResource", fr: "Votre convention avec le centre ne porte pas sur cette ressource.",
            en: "Your agreement with the centre is not about this resource."),
        RuleSentence(
            "agreementNotForAudience", fr: "Votre convention avec le centre vise {agreed}, et pas : {missing}.",
            en: "Your agreement with the centre is about {agreed}, and not about: {missing}."),
        RuleSentence(
            "centreSucceeded", fr: "Depuis le {from}, un autre centre a pris la place de celui-ci : adressez-vous à lui.",
            en: "Since {from} another centre stands in the place of this one: turn to it."),
        RuleSentence(
            "audienceTargeted", fr: "Aucun public n'est annoncé.", en: "No audience is announced."),
        RuleSentence(
            "audienceTargeted", fr: "Le dossier de reconnaissance n° {fileNumber} vise ces publics : {targeted}.",
            en: "Recognition file no. {fileNumber} targets these audiences: {targeted}."),
        RuleSentence(
            "audienceNotTargeted",
            fr: "Le centre n'a pas de dossier de reconnaissance le {day} : ces publics n'y sont pas visés : {missing}.",
            en: "The centre has no recognition file on {day}: these audiences are not targeted: {missing}."),
        RuleSentence(
            "audienceNotTargeted",
            fr: "Le dossier de reconnaissance n° {fileNumber}, en vigueur le {day}, ne vise pas : {missing}.",
            en: "Recognition file no. {fileNumber}, in force on {day}, does not target: {missing}."),
    ]
}
