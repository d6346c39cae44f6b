package import HTTPEdge

/// What the slice says, in French and English.
package enum OfferTexts {
    package static let entries: [TextEntry] = [
        TextEntry("offerIsWithdrawn.title", fr: "Offre déjà retirée", en: "Offer withdrawn already"),
        TextEntry(
            "offerIsWithdrawn.detail", fr: "Elle ne se donne plus et ne change plus ; créez-en une autre.",
            en: "It is given no more and does not change any more; create another one."),
        TextEntry("offerCodeTaken.title", fr: "Code déjà pris", en: "Code taken"),
        TextEntry(
            "offerCodeTaken.detail", fr: "Une autre offre du centre porte déjà ce code.",
            en: "Another offer of the centre has this code already."),
        TextEntry(
            "reason.offerAudienceUnknown", fr: "un public que le réseau ne connaît pas", en: "an audience that the network does not know"),
        TextEntry("reason.offerPlatformUnknown", fr: "ce n'est pas une plate-forme du centre", en: "not a platform of the centre"),
        TextEntry("reason.offerToBeforeFrom", fr: "précède « from »", en: "is before \"from\""),
        TextEntry(
            "reason.onlyBespokeForOne", fr: "seule une offre sur mesure est pour une seule organisation",
            en: "only a bespoke offer is for one organisation alone"),
        TextEntry("reason.offerTwice", fr: "deux fois la même valeur", en: "the same value twice"),
    ]
}
