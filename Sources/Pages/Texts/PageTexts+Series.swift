import HTTPEdge

extension PageTexts {
    /// Bookings that recur.
    static let series: [TextEntry] = [
        TextEntry("page.series.title", fr: "Réservation qui se répète", en: "Booking that recurs"),
        TextEntry("page.series.repeat", fr: "Chaque semaine (facultatif)", en: "Every week (optional)"),
        TextEntry(
            "page.series.repeatHint",
            fr: "Donnez un dernier jour pour réserver chaque semaine, le même jour et d’autres ; chaque date est vérifiée à part.",
            en: "Give a last day to book every week, on the same day and others; each date is checked by itself."),
        TextEntry("page.series.until", fr: "Dernier jour", en: "Last day"),
        TextEntry("page.series.on", fr: "Aussi le", en: "Also on"),
        TextEntry(
            "page.series.rule", fr: "Chaque semaine le {days}, du {from} au {until}.",
            en: "Every week on {days}, from {from} to {until}."),
        TextEntry(
            "page.series.badDays", fr: "Le dernier jour vient après le premier.", en: "The last day comes after the first."),
        TextEntry(
            "page.series.noLastDay",
            fr: "Pour réserver chaque semaine, écrivez le dernier jour.", en: "To book every week, write the last day."),
        TextEntry(
            "page.series.allFree",
            fr: "{count} {count|date est possible|dates sont possibles} : il ne reste qu’à confirmer.",
            en: "{count} {count|date is|dates are} possible: all that is left is to confirm."),
        TextEntry(
            "page.series.someFree",
            fr: "{bookable} des {count} dates {bookable|est possible|sont possibles} ; {refused} ne {refused|l’est|le sont} pas.",
            en: "{bookable} of {count} dates {bookable|is|are} possible; {refused} {refused|is|are} not."),
        TextEntry("page.series.noneFree", fr: "Aucune de ces dates n’est possible.", en: "None of these dates is possible."),
        TextEntry("page.series.dates", fr: "Date par date", en: "Date by date"),
        TextEntry(
            "page.series.bookAll", fr: "Réserver {count} {count|date|dates}, toutes ou aucune",
            en: "Book {count} {count|date|dates}, all or none"),
        TextEntry(
            "page.series.bookSome", fr: "Réserver {count} {count|date possible|dates possibles}",
            en: "Book {count} {count|date that is|dates that are} possible"),
        TextEntry(
            "page.series.summary",
            fr: """
                {booked} {booked|date a été réservée|dates ont été réservées} ; {refused} {refused|n’a pas pu l’être|n’ont pas pu l’être}.
                """,
            en: "{booked} {booked|date was|dates were} booked; {refused} could not be."),
        TextEntry("page.series.cancel", fr: "Annuler toutes les dates à venir", en: "Cancel all dates to come"),
        TextEntry(
            "page.series.cancelLead",
            fr: "Ce qui a commencé ou est passé reste. Une seule date s’annule sur sa propre page.",
            en: "What has begun or is over stays. A single date is cancelled on its own page."),
        TextEntry("page.series.link", fr: "Voir toutes les dates de cette réservation", en: "See all dates of this booking"),
        TextEntry("page.series.instead", fr: "À la place :", en: "Instead:"),
        TextEntry("page.news.seriesBooked", fr: "Les réservations sont faites.", en: "The bookings are made."),
        TextEntry("page.news.seriesCancelled", fr: "Les dates à venir sont annulées.", en: "The dates to come are cancelled."),
    ]
}
