import HTTPEdge

extension InventoryTexts {
    static let stocksAndKits: [TextEntry] = [
        TextEntry("stockInUse.title", fr: "Articles réservés", en: "Items booked"),
        TextEntry(
            "stockInUse.detail",
            fr: "{taken} {taken|article est réservé|articles sont réservés} le {moment} ; les réservations sont dans « bookings ».",
            en: "{taken} {taken|item is|items are} booked on {moment}; the bookings are in \"bookings\"."),
        TextEntry("stockItemsOut.title", fr: "Articles sortis", en: "Items that are out"),
        TextEntry(
            "stockItemsOut.detail",
            fr: """
                {count} {count|article est sorti|articles sont sortis}, plus qu'il n'en resterait : ce qui est perdu ou cassé se note au \
                retour.
                """,
            en: "{count} {count|item is|items are} out, more than would be left: what is lost or broken is noted with the return."),
        TextEntry("reason.stockNotCounted", fr: "ce stock n'est pas de ce qui est compté", en: "this stock is not among what is counted"),
        TextEntry("reason.stockTwice", fr: "un stock n'apparaît qu'une fois", en: "a stock appears once only"),
        TextEntry("reason.notCounted", fr: "personne ne l'a compté", en: "nobody has counted it"),
        TextEntry("reason.stockRange", fr: "un stock a de 0 à 10 000 articles", en: "a stock holds 0 to 10,000 items"),
        TextEntry("reason.noDifference", fr: "le nombre trouvé est celui attendu", en: "as many were found as expected"),
        TextEntry(
            "reason.amountCause", fr: "ne se donne pas : le nombre du début s'inscrit avec le stock",
            en: "is never given: the first number is entered with the stock"),
        TextEntry(
            "reason.amountHasCause", fr: "ne change qu'avec sa cause : POST /v1/stocks/{stockId}/changes",
            en: "changes with its cause alone: POST /v1/stocks/{stockId}/changes"),
        TextEntry(
            "reason.amountChange", fr: "ne va pas dans le sens de « cause »", en: "does not go the way of \"cause\""),
        TextEntry(
            "reason.amountOutOfRange", fr: "le stock a {amount} {amount|article|articles}, et en a de 0 à 10 000",
            en: "the stock has {amount} {amount|item|items}, and holds 0 to 10,000"),
        TextEntry(
            "reason.notConsumable", fr: "seul ce qui se consomme diminue à l'usage", en: "use makes only consumables fewer"),
        TextEntry("reason.modelUnknown", fr: "ce modèle n'existe pas", en: "there is no such model"),
        TextEntry(
            "reason.resourceOrModel", fr: "« resourceId » ou « modelId », l'un des deux",
            en: "\"resourceId\" or \"modelId\", one of them"),
        TextEntry(
            "reason.wholeOfResource", fr: "veut une ressource, sans « amount »", en: "takes a resource, without \"amount\""),
        TextEntry("reason.mostOfModel", fr: "50 au plus d'un modèle", en: "50 of a model at most"),
        TextEntry("reason.kitToBeforeFrom", fr: "précède « from »", en: "is before \"from\""),
        TextEntry("reason.kitMemberTwice", fr: "nomme deux fois la même chose", en: "names the same thing twice"),
        TextEntry(
            "reason.kitMemberUnknown",
            fr: "n'est ni une ressource du centre ni un modèle, ou demande plusieurs fois un exemplaire unique",
            en: "is neither a resource of the centre nor a model, or asks several times for a single unit"),
    ]
}
