extension RuleSentence {
    /// The codes of `bookings.offer_rules`.
    static let offer: [RuleSentence] = [
        RuleSentence("offerUnknown", fr: "L'offre {offerId} n'existe pas.", en: "The offer {offerId} does not exist."),
        RuleSentence(
            "offerOfOtherCentre", fr: "L'offre {offerId} est celle d'un centre où rien n'est réservé.",
            en: "The offer {offerId} is one of a centre where nothing is booked."),
        RuleSentence(
            "offerNotInForce", fr: "L'offre n'est donnée qu'à partir du {from}.", en: "The offer is given from {from} on only."),
        RuleSentence(
            "offerNotInForce", fr: "L'offre n'est donnée que du {from} au {to}.", en: "The offer is given from {from} to {to} only."),
        RuleSentence(
            "offerNotInForce", fr: "L'offre est retirée depuis le {withdrawnOn}.", en: "The offer was withdrawn on {withdrawnOn}."),
    ]
}
