import HTTPEdge

extension PageTexts {
    /// What is entered from files: choosing one, what would become of it, what became of it.
    static let tables: [TextEntry] = tableForms + tableKinds + tableReports

    private static let tableForms: [TextEntry] = [
        TextEntry("page.tables.title", fr: "Entrer un tableau ou un calendrier", en: "Enter a table or a calendar"),
        TextEntry("page.tables.bookingTitle", fr: "Réserver à partir d’un fichier", en: "Book from a file"),
        TextEntry(
            "page.tables.lead",
            fr: "Choisissez un fichier : la page dit d’abord ce qu’il en adviendrait, ligne par ligne. Rien n’est enregistré avant.",
            en: "Choose a file: the page first says what would become of it, line by line. Nothing is entered before."),
        TextEntry("page.tables.file", fr: "Fichier", en: "File"),
        TextEntry("page.tables.check", fr: "Vérifier", en: "Check"),
        TextEntry("page.tables.download", fr: "Télécharger ce qui est enregistré", en: "Download what is entered"),
        TextEntry("page.tables.where", fr: "Ce qui ferme", en: "What closes"),
        TextEntry(
            "page.tables.complete", fr: "Le calendrier est complet : rouvrir ce qu’il ne nomme plus",
            en: "The calendar is complete: open again what it no longer names"),
        TextEntry("page.tables.resource", fr: "Plateforme ou machine", en: "Platform or machine"),
        TextEntry(
            "page.tables.resourceHint", fr: "Des événements sans lieu : un nom, un numéro d’inventaire ou un identifiant.",
            en: "Of events without a place: a name, an inventory number or an id."),
        TextEntry("page.tables.activity", fr: "Activité", en: "Activity"),
        TextEntry("page.tables.inTheFile", fr: "Dite dans le fichier", en: "Said in the file"),
        TextEntry("page.tables.audiences", fr: "Publics", en: "Audiences"),
        TextEntry(
            "page.tables.audiencesHint", fr: "Par exemple « jobSeeker:12 worker:3 ».", en: "For example “jobSeeker:12 worker:3”."),
        TextEntry("page.tables.firstDay", fr: "Du", en: "From"),
        TextEntry("page.tables.lastDay", fr: "Au", en: "To"),
        TextEntry("page.tables.export", fr: "Télécharger les réservations", en: "Download bookings"),
        TextEntry(
            "page.tables.exportHint",
            fr: "Un tableau que l’on peut rendre tel quel, d’au plus 1 000 lignes : choisissez moins de jours s’il en manque.",
            en: "A table that can be given back as it is, of at most 1,000 lines: choose fewer days where some are missing."),
        TextEntry("page.tables.exportButton", fr: "Télécharger", en: "Download"),
        TextEntry("page.tables.noFile", fr: "Aucun fichier", en: "No file"),
        TextEntry(
            "page.tables.noFileDetail", fr: "Choisissez un fichier qui n’est pas vide.", en: "Choose a file that is not empty."),
        TextEntry("page.tables.tooLarge", fr: "Fichier trop volumineux", en: "File too large"),
        TextEntry(
            "page.tables.atMost", fr: "Au plus {count} {count|mébioctet|mébioctets} : partagez un fichier plus volumineux.",
            en: "At most {count} {count|mebibyte|mebibytes}: divide a larger file."),
        TextEntry("page.tables.link", fr: "Entrer un tableau ou un calendrier", en: "Enter a table or a calendar"),
        TextEntry("page.tables.bookingLink", fr: "Réserver à partir d’un fichier", en: "Book from a file"),
    ]

    private static let tableKinds: [TextEntry] = [
        TextEntry("page.tableKind.equipment", fr: "Équipements", en: "Equipment"),
        TextEntry("page.tableKind.platforms", fr: "Plateformes", en: "Platforms"),
        TextEntry("page.tableKind.opening", fr: "Heures d’ouverture", en: "Opening hours"),
        TextEntry("page.tableKind.closedDays", fr: "Jours de fermeture", en: "Closed days"),
        TextEntry("page.tableKind.closureCalendar", fr: "Calendrier de fermetures", en: "Calendar of closures"),
        TextEntry("page.tableKind.bookings", fr: "Réservations", en: "Bookings"),
        TextEntry("page.tableKind.bookingCalendar", fr: "Calendrier de réservations", en: "Calendar of bookings"),
        TextEntry(
            "page.tableHint.equipment",
            fr:
                "CSV : une ligne par équipement, sous son numéro (inventoryNumber, name, category, manufacturer, model, site…).",
            en: "CSV: a line for each machine, by its inventory number (inventoryNumber, name, category, manufacturer, model, site…)."),
        TextEntry(
            "page.tableHint.platforms", fr: "CSV : une ligne par plateforme (name, site, visibility, workstations…).",
            en: "CSV: a line for each platform (name, site, visibility, workstations…)."),
        TextEntry(
            "page.tableHint.opening", fr: "CSV : une ligne par plage d’heures (site, resource, from, weekday, day, opens, closes…).",
            en: "CSV: a line for each span of hours (site, resource, from, weekday, day, opens, closes…)."),
        TextEntry(
            "page.tableHint.closedDays", fr: "CSV : une ligne par jour (day, reason).", en: "CSV: a line for each day (day, reason)."),
        TextEntry(
            "page.tableHint.closureCalendar", fr: "iCalendar : chaque événement ferme le centre ou un site.",
            en: "iCalendar: each event closes the centre or a site."),
        TextEntry(
            "page.tableHint.bookings",
            fr: "CSV : une ligne par réservation, sous votre propre référence (ownReference, resource, start, end, activity, audiences…).",
            en: "CSV: a line for each booking, by a reference of your own (ownReference, resource, start, end, activity, audiences…)."),
        TextEntry(
            "page.tableHint.bookingCalendar",
            fr: "iCalendar : chaque événement est une réservation de la plateforme ou de la machine que nomme son lieu.",
            en: "iCalendar: each event is a booking of the platform or machine that its location names."),
    ]

    private static let tableReports: [TextEntry] = [
        TextEntry("page.tables.reviewTitle", fr: "Ce qu’il en adviendrait", en: "What would become of it"),
        TextEntry("page.tables.doneTitle", fr: "Ce qu’il en est advenu", en: "What became of it"),
        TextEntry(
            "page.tables.wouldBe",
            fr:
                "À créer : {created} ; à modifier : {updated} ; déjà là : {unchanged} ; refusées : {refused}. Rien n’est enregistré.",
            en: "To create: {created}; to change: {updated}; there already: {unchanged}; refused: {refused}. Nothing is entered yet."),
        TextEntry(
            "page.tables.entered",
            fr: "C’est enregistré. Créées : {created} ; modifiées : {updated} ; déjà là : {unchanged} ; refusées : {refused}.",
            en: "It is entered. Created: {created}; changed: {updated}; there already: {unchanged}; refused: {refused}."),
        TextEntry(
            "page.tables.nothingEntered",
            fr: "Rien n’a été enregistré : {refused} {refused|ligne est refusée|lignes sont refusées}.",
            en: "Nothing was entered: {refused} {refused|line is|lines are} refused."),
        TextEntry(
            "page.tables.enterAccepted",
            fr: "Enregistrer {count} {count|ligne qui peut l’être|lignes qui peuvent l’être}",
            en: "Enter the {count} {count|line|lines} that can be"),
        TextEntry("page.tables.enterReopening", fr: "Rouvrir ce qu’il ne nomme plus", en: "Open again what it no longer names"),
        TextEntry("page.tables.again", fr: "Réessayer", en: "Try again"),
        TextEntry(
            "page.tables.unnamedStay",
            fr: "Entré d’autres calendriers, hors de celui-ci, et laissé tel quel : {count} {count|fermeture|fermetures}.",
            en: "Entered from other calendars, not in this one, and left as it is: {count} {count|closure|closures}."),
        TextEntry(
            "page.tables.unnamedWouldOpen",
            fr: "Ce que le calendrier ne nomme plus serait rouvert : {count} {count|fermeture|fermetures}.",
            en: "What the calendar no longer names would be open again: {count} {count|closure|closures}."),
        TextEntry(
            "page.tables.unnamedMayOpen",
            fr: "Ce que le calendrier ne nomme plus serait rouvert si chaque UID se lit : {count} {count|fermeture|fermetures}.",
            en: "What the calendar no longer names would be open again if each UID can be read: {count} {count|closure|closures}."),
        TextEntry(
            "page.tables.unnamedOpen", fr: "Ce que le calendrier ne nomme plus est rouvert : {count} {count|fermeture|fermetures}.",
            en: "What the calendar no longer names is open again: {count} {count|closure|closures}."),
        TextEntry(
            "page.tables.wouldBeOutside",
            fr: "{count} {count|réservation serait|réservations seraient} alors hors des heures d’ouverture.",
            en: "{count} {count|booking|bookings} would then be outside opening hours."),
        TextEntry(
            "page.tables.outside",
            fr: "{count} {count|réservation est|réservations sont} maintenant hors des heures d’ouverture.",
            en: "{count} {count|booking is|bookings are} now outside opening hours."),
        TextEntry("page.tables.enterAll", fr: "Tout enregistrer", en: "Enter all of it"),
        TextEntry("page.tables.another", fr: "Choisir un autre fichier", en: "Choose another file"),
        TextEntry("page.tables.faults", fr: "Ce qui ne va pas", en: "What is wrong"),
        TextEntry("page.tables.lines", fr: "Lignes", en: "Lines"),
        TextEntry("page.tables.line", fr: "Ligne", en: "Line"),
        TextEntry("page.tables.column", fr: "Colonne ou propriété", en: "Column or property"),
        TextEntry("page.tables.reason", fr: "Pourquoi", en: "Why"),
        TextEntry("page.tables.outcome", fr: "Sort", en: "Outcome"),
        TextEntry("page.tables.what", fr: "Réservation", en: "Booking"),
        TextEntry("page.tables.created", fr: "nouvelle", en: "new"),
        TextEntry("page.tables.updated", fr: "modifiée", en: "changed"),
        TextEntry("page.tables.unchanged", fr: "déjà là", en: "there already"),
        TextEntry("page.tables.refused", fr: "refusée", en: "refused"),
        TextEntry("page.tables.more", fr: "{count} autres ne sont pas montrées ici.", en: "{count} more are not shown here."),
    ]
}
