package import HTTPEdge

/// What the slice says, in French and English.
package enum InventoryTexts {
    package static let entries: [TextEntry] = [
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
}
