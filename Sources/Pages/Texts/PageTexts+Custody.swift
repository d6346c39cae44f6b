import HTTPEdge

extension PageTexts {
    /// Equipment that is with somebody, on its way or on loan.
    static let custody: [TextEntry] = [
        TextEntry("page.custody.title", fr: "Sorties et retours", en: "Out and back"),
        TextEntry(
            "page.custody.summary",
            fr: """
                {out} {out|équipement sorti|équipements sortis}, {items} {items|article de stock sorti|articles de stock sortis}, \
                {late} {late|sortie en retard|sorties en retard}.
                """,
            en: """
                {out} {out|piece of equipment|pieces of equipment} out, {items} {items|item|items} of stocks out, \
                {late} {late|custody|custodies} late.
                """),
        TextEntry("page.custody.outOf", fr: "{out} {out|sorti|sortis} sur {all}", en: "{out} of {all} out"),
        TextEntry("page.custody.noneOut", fr: "Rien n’est sorti.", en: "Nothing is out."),
        TextEntry("page.custody.takings", fr: "Ces réservations en prennent plus :", en: "These bookings take more:"),
        TextEntry("page.custody.items", fr: "Articles de stock", en: "Items of stocks"),
        TextEntry("page.custody.itemsHere", fr: "{name} ({count} sur place)", en: "{name} ({count} in house)"),
        TextEntry(
            "page.custody.itemsHint", fr: "Ce qui est cassé, perdu ou consommé est retiré du stock.",
            en: "What is broken, lost or used up is taken off the stock."),
        TextEntry("page.custody.email", fr: "Adresse électronique", en: "E-mail address"),
        TextEntry("page.custody.emailHint", fr: "facultative, pour les rappels", en: "optional, for reminders"),
        TextEntry("page.custody.see", fr: "Voir les sorties", en: "See what is out"),
        TextEntry("page.itemsBack.good", fr: "en ordre", en: "in order"),
        TextEntry("page.itemsBack.broken", fr: "cassé", en: "broken"),
        TextEntry("page.itemsBack.lost", fr: "perdu", en: "lost"),
        TextEntry("page.itemsBack.used", fr: "consommé", en: "used up"),
        TextEntry(
            "page.news.takenBackFewer", fr: "Le retour est noté, et le stock diminué d’autant.",
            en: "It is noted, and the stock has that many fewer."),
        TextEntry("page.custody.lateOnes", fr: "En retard", en: "Late"),
        TextEntry("page.custody.lateNone", fr: "Rien n’est en retard.", en: "Nothing is late."),
        TextEntry("page.custody.outOnes", fr: "Sortis", en: "Out"),
        TextEntry("page.custody.outNone", fr: "Rien d’autre n’est sorti.", en: "Nothing else is out."),
        TextEntry("page.custody.late", fr: "en retard", en: "late"),
        TextEntry("page.custody.out", fr: "sorti", en: "out"),
        TextEntry("page.custody.due", fr: "À rendre le {moment}", en: "Due on {moment}"),
        TextEntry("page.custody.awaited", fr: "attendu le {moment}", en: "expected on {moment}"),
        TextEntry("page.custody.booking", fr: "réservation", en: "booking"),
        TextEntry("page.custody.went", fr: "à la sortie :", en: "when it went:"),
        TextEntry("page.custody.takeBack", fr: "Noter le retour", en: "Take back"),
        TextEntry("page.custody.condition", fr: "État", en: "Condition"),
        TextEntry("page.custody.note", fr: "Remarque", en: "Note"),
        TextEntry(
            "page.custody.noteHint", fr: "Pour ce qui est abîmé ou perdu, dites quoi : une panne est signalée.",
            en: "Of what is damaged or lost, say what: a fault is reported."),
        TextEntry("page.custody.handOut", fr: "Remettre quelque chose", en: "Hand something out"),
        TextEntry("page.custody.what", fr: "Équipements mobiles présents", en: "Mobile equipment that is here"),
        TextEntry("page.custody.who", fr: "À qui, jusqu’à quand", en: "To whom, until when"),
        TextEntry("page.custody.takenBy", fr: "Emporté par", en: "Taken by"),
        TextEntry("page.custody.until", fr: "À rendre le", en: "Due on"),
        TextEntry(
            "page.custody.noMachines", fr: "Aucun équipement mobile ni article n’est là.", en: "No mobile equipment and no item is here."),
        TextEntry("page.custody.away", fr: "Trajets et prêts", en: "Journeys and loans"),
        TextEntry("page.custody.nothingAway", fr: "Ni trajet ni prêt.", en: "No journey and no loan."),
        TextEntry("page.custody.whereIsIt", fr: "Où il est", en: "Where it is"),
        TextEntry("page.custody.here", fr: "À sa place ; ni trajet ni prêt prévu.", en: "At its place; no journey or loan is planned."),
        TextEntry("page.journey.route", fr: "de {from} à {to}", en: "from {from} to {to}"),
        TextEntry("page.journey.planned", fr: "trajet prévu", en: "journey planned"),
        TextEntry("page.journey.onItsWay", fr: "en route", en: "on its way"),
        TextEntry("page.loan.between", fr: "de {owner} à {borrower}", en: "from {owner} to {borrower}"),
        TextEntry("page.loan.proposed", fr: "prêt proposé", en: "loan proposed"),
        TextEntry("page.loan.accepted", fr: "prêt convenu", en: "loan agreed"),
        TextEntry("page.loan.inForce", fr: "prêté", en: "on loan"),
        TextEntry("page.condition.damaged", fr: "abîmé", en: "damaged"),
        TextEntry("page.condition.lost", fr: "perdu", en: "lost"),
        TextEntry("page.cause.custody", fr: "sorti", en: "out"),
        TextEntry("page.cause.retirement", fr: "fermeture définitive", en: "closed for good"),
        TextEntry("page.cause.transfer", fr: "trajet", en: "journey"),
        TextEntry("page.cause.loan", fr: "fin de prêt", en: "end of a loan"),
        TextEntry("page.news.handedOut", fr: "La remise est notée.", en: "It is handed out."),
        TextEntry("page.news.takenBack", fr: "Le retour est noté.", en: "It is back."),
        TextEntry(
            "page.news.takenBackDamaged", fr: "Le retour est noté, et une panne signalée.", en: "It is back, and a fault is reported."),
        TextEntry(
            "page.news.takenBackLost", fr: "La perte est notée, et une panne signalée.",
            en: "It is noted as lost, and a fault is reported."),
    ]
}
