package import HTTPEdge

/// What the slice says, in French and English.
package enum InventoryTexts {
    package static let entries: [TextEntry] = equipment + lives + tables + funding + stocksAndKits

    private static let equipment: [TextEntry] = [
        TextEntry("tooManyDocuments.title", fr: "Trop de documents", en: "Too many documents"),
        TextEntry(
            "tooManyDocuments.detail", fr: "Il y en a 50 déjà : retirez-en un d'abord.", en: "There are 50 already: remove one first."),
        TextEntry(
            "reason.modelMissing", fr: "elle n'a pas de modèle : seuls équipements et stocks en ont un",
            en: "there is no model of it: only equipment and stocks have one"),
        TextEntry(
            "reason.httpsAddress", fr: "adresse https:// attendue, sans espace ni identifiants",
            en: "expected an https:// address, without spaces or credentials"),
        TextEntry("inventoryNumberTaken.title", fr: "Numéro d'inventaire déjà pris", en: "Inventory number taken"),
        TextEntry(
            "inventoryNumberTaken.detail", fr: "Un autre équipement du centre porte ce numéro d'inventaire.",
            en: "Another piece of equipment of the centre has this inventory number."),
        TextEntry("serialTaken.title", fr: "Numéro de série déjà pris", en: "Serial number taken"),
        TextEntry(
            "serialTaken.detail", fr: "Le centre a déjà un équipement de ce modèle et de ce numéro de série.",
            en: "The centre already has equipment of this model and serial number."),
        TextEntry("reason.platformUnknown", fr: "ce n'est pas une plate-forme du centre", en: "not a platform of the centre"),
        TextEntry(
            "reason.platformMissing", fr: "un équipement fixe appartient à une plate-forme",
            en: "fixed equipment belongs to a platform"),
        TextEntry(
            "reason.renewalBeforePurchase", fr: "précède l'achat (« acquiredOn »)", en: "is before the purchase (\"acquiredOn\")"),
    ]
    private static let lives: [TextEntry] = [
        TextEntry("stateNotAllowed.title", fr: "Changement d'état impossible", en: "No such change of state"),
        TextEntry(
            "stateNotAllowed.detail", fr: "De l'état « {from} », l'équipement ne passe pas à « {to} ».",
            en: "From \"{from}\" equipment does not go to \"{to}\"."),
        TextEntry("equipmentBooked.title", fr: "Équipement réservé", en: "Equipment booked"),
        TextEntry(
            "equipmentBooked.detail",
            fr: "L'équipement est réservé à partir du {moment}. Une panne ou une indisponibilité déplace les réservations.",
            en: "The equipment is booked from {moment} on. A fault or an outage displaces bookings."),
        TextEntry("reason.loanEndMissing", fr: "un équipement emprunté a une date de retour", en: "borrowed equipment goes back one day"),
        TextEntry("reason.loanEndOfOwn", fr: "seulement pour un équipement emprunté", en: "only for borrowed equipment"),
        TextEntry(
            "reason.expectedWhileHere", fr: "seulement pour un équipement commandé, en panne ou en réparation",
            en: "only for equipment that is ordered, faulty or in repair"),
        TextEntry("reason.reasonWithoutMark", fr: "demande « isAdvancedTechnology »", en: "needs \"isAdvancedTechnology\""),
        TextEntry(
            "reason.faultyFromTheStart", fr: "une panne se signale une fois l'équipement enregistré",
            en: "a fault is reported once the equipment is entered"),
    ]

    private static let tables: [TextEntry] = [
        TextEntry(
            "reason.assetUnknown", fr: "aucun équipement du centre ne porte ce numéro", en: "no equipment of the centre has this number"),
        TextEntry("stocktakeClosed.title", fr: "Inventaire clos", en: "Count closed"),
        TextEntry(
            "stocktakeClosed.detail", fr: "Cet inventaire physique est clos : ouvrez-en un autre.",
            en: "This count is closed: open another."),
        TextEntry(
            "reason.serialTaken", fr: "le centre a déjà un équipement de ce modèle et de ce numéro de série",
            en: "the centre already has equipment of this model and serial number"),
        TextEntry(
            "reason.modelStays", fr: "l'équipement de ce numéro est d'un autre modèle",
            en: "the equipment of this number is of another model"),
        TextEntry(
            "reason.categoryDiffers", fr: "ce modèle est déjà dans une autre catégorie", en: "this model is in another category already"),
        TextEntry(
            "reason.stateStays", fr: "un tableau ne change pas l'état : passez par la fiche de l'équipement",
            en: "a table does not change the state: use the page of the equipment"),
        TextEntry(
            "reason.assetBooked", fr: "réservé là où il est : il ne change pas encore d'implantation",
            en: "booked where it is: it cannot go to another site yet"),
        TextEntry(
            "reason.ownHours", fr: "a des heures d'ouverture propres à son implantation", en: "keeps opening hours of its own at its site"),
    ]
}
