package import HTTPEdge

/// What the slice says, in French and English.
package enum MaintenanceTexts {
    package static let entries: [TextEntry] = problems + reasons + away

    private static let problems: [TextEntry] = [
        TextEntry("countedItems.title", fr: "Articles comptés", en: "Counted items"),
        TextEntry(
            "countedItems.detail",
            fr: "Un stock n'a ni panne ni indisponibilité : ce qui est cassé ou perdu se note comme un changement de sa quantité.",
            en: "A stock has neither faults nor outages: what is broken or lost is noted as a change of its amount."),
        TextEntry("resourceRetired.title", fr: "Ressource retirée", en: "Resource retired"),
        TextEntry("resourceRetired.detail", fr: "La ressource n'est plus en service.", en: "The resource is not in service any more."),
        TextEntry("displacedChanged.title", fr: "D'autres réservations seraient déplacées", en: "Other bookings would be displaced"),
        TextEntry(
            "displacedChanged.detail",
            fr: "{count} {count|réservation serait déplacée|réservations seraient déplacées} ; voyez « displacing ».",
            en: "{count} {count|booking|bookings} would be displaced; see \"displacing\"."),
        TextEntry("endsWithFault.title", fr: "Indisponibilité due à une panne", en: "Outage of a fault"),
        TextEntry("endsWithFault.detail", fr: "Elle prend fin avec la panne.", en: "It ends with the fault."),
        TextEntry("alreadyOver.title", fr: "Déjà terminé", en: "Over already"),
        TextEntry("alreadyOver.detail", fr: "Il n'y a plus rien à y changer.", en: "There is nothing left to change about it."),
        TextEntry("doesNotStopUse.title", fr: "Panne sans arrêt", en: "Fault that does not stop use"),
        TextEntry(
            "doesNotStopUse.detail", fr: "La ressource reste utilisable : aucun retour n'est attendu.",
            en: "The resource can be used all the same: no return is expected."),
        TextEntry("notDisplaced.title", fr: "Réservation non déplacée", en: "Booking not displaced"),
        TextEntry(
            "notDisplaced.detail",
            fr: "Seule une réservation déplacée par une panne ou une indisponibilité reçoit une autre ressource ainsi.",
            en: "Only a booking that a fault or an outage displaced gets another resource in this way."),
        TextEntry("noRoomForOthers.title", fr: "Une autre ligne n'a plus de place", en: "Another line has no room"),
        TextEntry(
            "noRoomForOthers.detail", fr: "Une ligne qui garde sa ressource n'y a plus de place ; déplacez-la aussi.",
            en: "A line that keeps its resource has no room there any more; move it too."),
    ]

    private static let reasons: [TextEntry] = [
        TextEntry("reason.alreadyPast", fr: "est déjà passé", en: "has passed already"),
        TextEntry("reason.withinTenYears", fr: "au plus tard dans dix ans", en: "within ten years"),
        TextEntry("reason.planUnknown", fr: "ce n'est pas un plan de cet équipement", en: "not a plan of this equipment"),
        TextEntry("reason.doneInFuture", fr: "n'est pas encore venu", en: "has not come yet"),
        TextEntry("reason.doneEarlier", fr: "précède la dernière exécution", en: "is before it was last done"),
        TextEntry(
            "reason.certificate", fr: "un étalonnage a un certificat et son laboratoire, un entretien n'en a pas",
            en: "a calibration has a certificate and its laboratory, maintenance has none"),
        TextEntry("reason.expiresBeforeDone", fr: "doit suivre « doneOn »", en: "must be after \"doneOn\""),
        TextEntry("reason.lineUnknown", fr: "la réservation n'a pas cette ligne", en: "the booking has no such line"),
        TextEntry("reason.lineTwice", fr: "une ligne n'apparaît qu'une fois", en: "a line appears once only"),
        TextEntry(
            "reason.intervalMissing", fr: "« everyMonths », « everyUseHours » ou les deux", en: "\"everyMonths\", \"everyUseHours\" or both"
        ),
        TextEntry(
            "reason.dayForUse", fr: "seul un plan par mois a un jour au-delà duquel rien ne se réserve (« everyMonths »)",
            en: "only a plan by months has a day beyond which nothing is booked (\"everyMonths\")"),
    ]
}
