import HTTPEdge

extension PageTexts {
    /// A centre's day: who comes, what is asked, what is done about it.
    static let day: [TextEntry] = [
        TextEntry("page.today.title", fr: "Les arrivées du jour", en: "The day’s arrivals"),
        TextEntry(
            "page.today.summary",
            fr: """
                {count} {count|réservation|réservations}, {persons} {persons|personne attendue|personnes attendues} ; \
                {arrived} {arrived|groupe est arrivé|groupes sont arrivés}.
                """,
            en: """
                {count} {count|booking|bookings}, {persons} {persons|person|persons} expected; \
                {arrived} {arrived|group has|groups have} arrived.
                """),
        TextEntry("page.today.none", fr: "Personne n’est attendu ce jour-là.", en: "Nobody is expected that day."),
        TextEntry("page.today.late", fr: "Retours en retard", en: "Late returns"),
        TextEntry("page.today.previous", fr: "Jour précédent", en: "Previous day"),
        TextEntry("page.today.next", fr: "Jour suivant", en: "Next day"),
        TextEntry("page.today.time", fr: "Heures", en: "Times"),
        TextEntry("page.today.persons", fr: "Personnes", en: "Persons"),
        TextEntry("page.today.acts", fr: "À faire", en: "To do"),
        TextEntry("page.act.checkIn", fr: "Enregistrer l’arrivée", en: "Check in"),
        TextEntry("page.act.checkOut", fr: "Enregistrer le départ", en: "Check out"),
        TextEntry("page.act.noShow", fr: "Personne n’est venu", en: "Nobody came"),
        TextEntry("page.act.incident", fr: "Noter un incident", en: "Note an incident"),
        TextEntry("page.act.incidentNote", fr: "Ce qui s’est passé", en: "What happened"),
        TextEntry("page.act.save", fr: "Noter", en: "Note"),
        TextEntry("page.act.onTheDay", fr: "Sur place", en: "On the day"),
        TextEntry("page.act.whoCame", fr: "Qui est venu", en: "Who came"),
        TextEntry(
            "page.act.whoCameHint",
            fr: "Corrigez les nombres annoncés ; ce sont des présences, non des personnes.",
            en: "Correct the numbers announced; they are attendances, not persons."),
        TextEntry("page.booking.checkedIn", fr: "arrivée à {time}", en: "checked in at {time}"),
        TextEntry("page.booking.checkedOut", fr: "départ à {time}", en: "checked out at {time}"),
        TextEntry("page.booking.incidents", fr: "Incidents", en: "Incidents"),
        TextEntry("page.field.attendance", fr: "Venus", en: "Came"),
        TextEntry("page.approvals.title", fr: "Demandes à approuver", en: "Requests to approve"),
        TextEntry(
            "page.approvals.lead",
            fr: "Elles gardent leur place jusqu’à votre décision. La décision est celle du centre ; personne n’approuve sa propre demande.",
            en: "They keep their room until you decide. The decision is the centre’s; nobody approves their own request."),
        TextEntry(
            "page.approvals.summary",
            fr: "{count} {count|demande attend|demandes attendent} votre approbation.",
            en: "{count} {count|request waits|requests wait} for your approval."),
        TextEntry("page.approvals.none", fr: "Aucune demande n’attend.", en: "No request waits."),
        TextEntry("page.approvals.until", fr: "À décider avant le {moment}", en: "To be decided before {moment}"),
        TextEntry("page.approvals.approve", fr: "Approuver", en: "Approve"),
        TextEntry("page.approvals.decline", fr: "Refuser", en: "Decline"),
        TextEntry("page.approvals.reason", fr: "Raison, que l’organisation lira", en: "Reason, which the organisation will read"),
        TextEntry(
            "page.approvals.reasonNeeded",
            fr: "Un refus dit pourquoi : donnez la raison.", en: "A refusal says why: give the reason."),
        TextEntry("page.approvals.see", fr: "Voir les demandes", en: "See the requests"),
        TextEntry("page.approvals.decide", fr: "Votre décision", en: "Your decision"),
        TextEntry("page.step.checkedIn", fr: "arrivée enregistrée", en: "checked in"),
        TextEntry("page.step.checkedOut", fr: "départ enregistré", en: "checked out"),
        TextEntry(
            "page.step.checkOutForgotten", fr: "départ non enregistré, terminée à son heure", en: "check-out forgotten, ended at its time"),
        TextEntry("page.step.attendanceRecorded", fr: "présences notées", en: "attendance noted"),
        TextEntry("page.step.incidentReported", fr: "incident noté", en: "incident noted"),
        TextEntry("page.step.timeGone", fr: "la place est prise", en: "the time is gone"),
        TextEntry("page.step.noRoom", fr: "plus de place", en: "no room any more"),
        TextEntry("page.step.displaced", fr: "déplacée par un arrêt", en: "displaced by an outage"),
        TextEntry("page.step.fault", fr: "une panne", en: "a fault"),
        TextEntry("page.step.maintenance", fr: "un entretien", en: "maintenance"),
        TextEntry("page.step.calibration", fr: "un étalonnage", en: "a calibration"),
        TextEntry("page.step.closure", fr: "une fermeture", en: "a closure"),
        TextEntry("page.step.custody", fr: "remise à quelqu’un", en: "handed out"),
        TextEntry("page.step.transfer", fr: "un transport", en: "a journey"),
        TextEntry("page.step.loan", fr: "un prêt", en: "a loan"),
        TextEntry("page.step.retirement", fr: "la fermeture définitive", en: "closed for good"),
        TextEntry("page.step.moved", fr: "déplacée ailleurs", en: "moved elsewhere"),
        TextEntry("page.step.exchanged", fr: "autre exemplaire attribué", en: "another machine assigned"),
        TextEntry("page.step.outageEnded", fr: "l’arrêt est terminé", en: "the outage is over"),
        TextEntry("page.step.lapsed", fr: "délai écoulé", en: "its time has run out"),
        TextEntry("page.step.notTakenUp", fr: "offre non acceptée à temps", en: "offer not taken up in time"),
        TextEntry("page.step.changed", fr: "modifiée", en: "changed"),
        TextEntry("page.step.extended", fr: "prolongée", en: "extended"),
    ]
}
