import HTTPEdge

extension MaintenanceTexts {
    /// Of equipment that is handed out, on its way or lent.
    static let away: [TextEntry] = conflicts + items + times + fields

    private static let conflicts: [TextEntry] = [
        TextEntry("word.theEquipment", fr: "L'équipement", en: "The equipment"),
        TextEntry("equipmentNotMobile.title", fr: "Équipement fixe", en: "Equipment that stands fast"),
        TextEntry(
            "equipmentNotMobile.detail", fr: "{equipment} : fixé à une plate-forme, il n'en part pas.",
            en: "{equipment}: fixed to a platform, it does not leave it."),
        TextEntry("equipmentNotInService.title", fr: "Équipement hors service", en: "Equipment not in service"),
        TextEntry(
            "equipmentNotInService.detail", fr: "{equipment} : pas en service pour le moment ; rien n'est remis.",
            en: "{equipment}: not in service at present; nothing is handed out."),
        TextEntry("equipmentOut.title", fr: "Équipement sorti", en: "Equipment that is out"),
        TextEntry(
            "equipmentOut.detail", fr: "{equipment} : sorti, et pas encore revenu ({moment}). Notez d'abord son retour.",
            en: "{equipment}: out, and not back yet ({moment}). Note its return first."),
        TextEntry("equipmentAwaited.title", fr: "Équipement attendu par d'autres", en: "Equipment that others expect"),
        TextEntry(
            "equipmentAwaited.detail", fr: "{equipment} : attendu par d'autres à partir du {moment}.",
            en: "{equipment}: others expect it from {moment} on."),
        TextEntry(
            "equipmentAwaited.free", fr: "{equipment} : attendu par d'autres à partir du {moment} ; libre à partir du {freeFrom}.",
            en: "{equipment}: others expect it from {moment} on; it is free from {freeFrom}."),
        TextEntry("alreadyReturned.title", fr: "Déjà revenu", en: "Back already"),
        TextEntry(
            "alreadyReturned.detail", fr: "{equipment} : son retour est déjà noté.", en: "{equipment}: its return is noted already."),
        TextEntry("equipmentOwnHours.title", fr: "Horaires propres", en: "Hours of its own"),
        TextEntry(
            "equipmentOwnHours.detail", fr: "{equipment} : ses horaires propres sont ceux de son site ; il n'en change pas.",
            en: "{equipment}: its own hours are those of its site; it does not go to another."),
        TextEntry("equipmentThere.title", fr: "Déjà sur place", en: "There already"),
        TextEntry(
            "equipmentThere.detail", fr: "{equipment} : déjà sur ce site à ce moment.", en: "{equipment}: at that site already by then."),
        TextEntry("otherJourney.title", fr: "Un autre trajet est prévu", en: "Another journey is planned"),
        TextEntry(
            "otherJourney.detail", fr: "{equipment} : un autre trajet, le {moment}, ne s'accorde pas avec celui-ci.",
            en: "{equipment}: another journey, on {moment}, does not fit this one."),
        TextEntry("equipmentOnLoan.title", fr: "Équipement prêté", en: "Equipment on loan"),
        TextEntry(
            "equipmentOnLoan.detail", fr: "{equipment} : prêté du {moment} au {freeFrom}.",
            en: "{equipment}: on loan from {moment} to {freeFrom}."),
        TextEntry("loanRefused.title", fr: "Prêt impossible", en: "Loan not possible"),
        TextEntry(
            "loanRefused.detail",
            fr: """
                Les deux labels couvrent tout le prêt ; {count} {count|règle s'y oppose|règles s'y opposent} : voyez « rules ».
                """,
            en: """
                Both labels cover the whole loan; {count} {count|rule stands|rules stand} against it: see "rules".
                """),
        TextEntry(
            "loanSamePerson.detail", fr: "Qui a proposé un prêt ne l'accepte pas pour l'autre centre : il faut deux personnes.",
            en: "Who proposed a loan does not accept it for the other centre: it takes two people."),
        TextEntry("endsWithReturn.title", fr: "Équipement en route", en: "Equipment that is away"),
        TextEntry(
            "endsWithReturn.detail", fr: "Elle prend fin avec le retour, l'arrivée ou la fin du prêt.",
            en: "It ends with the return, the arrival or the end of the loan."),
        TextEntry("bookingNotInForce.title", fr: "Réservation pas en cours", en: "Booking not in force"),
        TextEntry(
            "bookingNotInForce.detail", fr: "Rien n'est remis pour une réservation terminée, annulée ou pas encore confirmée.",
            en: "Nothing is handed out for a booking that is over, cancelled or not confirmed yet."),
    ]

    private static let items: [TextEntry] = [
        TextEntry("itemsNotInHouse.title", fr: "Pas assez d'articles sur place", en: "Not enough items in house"),
        TextEntry(
            "itemsNotInHouse.detail",
            fr: "{stock} : {available} {available|article est|articles sont} sur place, {wanted} {wanted|demandé|demandés} ; le reste est "
                + "sorti.",
            en: "{stock}: {available} {available|item is|items are} in house, {wanted} asked for; the others are out."),
        TextEntry("itemsNotBooked.title", fr: "Pas autant d'articles réservés", en: "Not so many items booked"),
        TextEntry(
            "itemsNotBooked.detail",
            fr: """
                {stock} : la réservation a encore {available} {available|article|articles} à emporter, {wanted} \
                {wanted|demandé|demandés}.
                """,
            en: "{stock}: the booking has {available} {available|item|items} left to take, {wanted} asked for."),
        TextEntry("itemsAwaited.title", fr: "Articles attendus par d'autres", en: "Items that others expect"),
        TextEntry(
            "itemsAwaited.detail",
            fr: """
                {stock} : {available} {available|article est libre|articles sont libres} jusqu'au retour ; {wanted} le sont jusqu'au \
                {moment}.
                """,
            en: "{stock}: {available} {available|item is|items are} free until then; {wanted} are until {moment}."),
        TextEntry("reason.tooManyBack", fr: "seulement {out} {out|est sorti|sont sortis}", en: "only {out} {out|is|are} out"),
        TextEntry("reason.stockUnknown", fr: "ce n'est pas un stock de ce centre", en: "not a stock of this centre"),
        TextEntry("reason.stockNotBooked", fr: "la réservation ne porte pas sur ce stock", en: "the booking is not for this stock"),
        TextEntry("reason.stockNotTaken", fr: "rien de ce stock n'a été remis avec le reste", en: "nothing of it was handed out"),
        TextEntry(
            "reason.stockBackTwice", fr: "un stock n'apparaît qu'une fois dans le même état",
            en: "a stock appears once only in one condition"),
        TextEntry("reason.nothingNamed", fr: "« items », « stocks » ou les deux", en: "\"items\", \"stocks\" or both"),
    ]

    private static let times: [TextEntry] = [
        TextEntry("reason.dueMissing", fr: "sans réservation, dites quand c'est à rendre", en: "without a booking, say when it is due"),
        TextEntry("reason.dueWithinAYear", fr: "est à venir, et au plus tard dans 366 jours", en: "is to come, within 366 days"),
        TextEntry(
            "reason.afterBooking", fr: "au plus tard à la fin de la réservation, le {end} ; prolongez-la d'abord",
            en: "at the latest when the booking ends, on {end}; extend that first"),
        TextEntry(
            "reason.distanceUnknown",
            fr: "dites combien de minutes dure le trajet : un des deux sites n'a pas de coordonnées",
            en: "say how many minutes the journey takes: one of the two sites has no coordinates"),
        TextEntry("reason.backTooEarly", fr: "précède l'arrivée", en: "is before the arrival"),
    ]

    private static let fields: [TextEntry] = [
        TextEntry("reason.bookingUnknown", fr: "ce n'est pas une réservation de ce centre", en: "not a booking at this centre"),
        TextEntry("reason.equipmentUnknown", fr: "ce n'est pas un équipement de ce centre", en: "not equipment of this centre"),
        TextEntry("reason.equipmentNotBooked", fr: "la réservation ne porte pas sur lui", en: "the booking is not for it"),
        TextEntry("reason.equipmentNotTaken", fr: "n'a pas été remis avec le reste", en: "was not handed out with the rest"),
        TextEntry("reason.equipmentTwice", fr: "un équipement n'apparaît qu'une fois", en: "a piece of equipment appears once only"),
        TextEntry(
            "reason.organisationOfBooking", fr: "une réservation a déjà son organisation", en: "a booking has its organisation already"),
        TextEntry(
            "reason.damageMissing", fr: "dites ce qui est abîmé, ou comment c'est perdu", en: "say what is damaged, or how it was lost"),
        TextEntry("reason.siteOfLost", fr: "ce qui est perdu n'est sur aucun site", en: "what is lost is at no site"),
        TextEntry("reason.severityOfDamage", fr: "seulement pour ce qui est abîmé", en: "only for what is damaged"),
        TextEntry("reason.siteOfCentre", fr: "ce n'est pas un site de ce centre", en: "not a site of this centre"),
        TextEntry("reason.borrowerUnknown", fr: "ce n'est pas un centre du réseau", en: "not a centre of the network"),
        TextEntry("reason.ownCentre", fr: "c'est déjà le sien", en: "it is its own already"),
    ]
}
