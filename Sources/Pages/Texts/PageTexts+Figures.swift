import HTTPEdge

extension PageTexts {
    /// What managers decide from.
    static let figures: [TextEntry] = utilisation + demand + network

    private static let utilisation: [TextEntry] = [
        TextEntry("page.utilisation.title", fr: "Utilisation du centre", en: "Utilisation of the centre"),
        TextEntry("page.utilisation.from", fr: "Du", en: "From"),
        TextEntry("page.utilisation.to", fr: "Au", en: "To"),
        TextEntry(
            "page.utilisation.badPeriod",
            fr: "La fin vient après le début, à un an au plus ; voici les 90 derniers jours.",
            en: "The end comes after the start, by one year at most; these are the last 90 days."),
        TextEntry(
            "page.utilisation.summary",
            fr: "Plates-formes occupées à {platforms}, équipements à {machines} ; {bookings} {bookings|réservation|réservations}.",
            en: "Platforms occupied at {platforms}, equipment at {machines}; {bookings} {bookings|booking|bookings}."),
        TextEntry(
            "page.utilisation.occupancySummary",
            fr: "Plates-formes occupées à {platforms}, équipements à {machines}.",
            en: "Platforms occupied at {platforms}, equipment at {machines}."),
        TextEntry("page.utilisation.nothingBookable", fr: "rien (fermé)", en: "nothing (closed)"),
        TextEntry("page.utilisation.noneIdle", fr: "Rien n’est resté inutilisé.", en: "Nothing stood idle."),
        TextEntry(
            "page.utilisation.idle",
            fr: "{count} {count|ressource est restée inutilisée|ressources sont restées inutilisées} : {names}.",
            en: "{count} {count|resource|resources} stood idle: {names}."),
        TextEntry(
            "page.utilisation.idleMany",
            fr: "{count} ressources sont restées inutilisées, dont {names} ; le tableau les a toutes.",
            en: "{count} resources stood idle, among them {names}; the table has them all."),
        TextEntry("page.utilisation.chart", fr: "Occupation par ressource", en: "Occupancy by resource"),
        TextEntry(
            "page.utilisation.chartLead",
            fr: "Temps réservé sur temps réservable. Le tableau donne les chiffres.",
            en: "Booked over bookable time. The table gives the figures."),
        TextEntry("page.utilisation.table", fr: "Les chiffres", en: "The figures"),
        TextEntry("page.utilisation.resource", fr: "Ressource", en: "Resource"),
        TextEntry("page.utilisation.capacity", fr: "Postes", en: "Workstations"),
        TextEntry("page.utilisation.bookable", fr: "Réservable (h)", en: "Bookable (h)"),
        TextEntry("page.utilisation.booked", fr: "Réservé (h)", en: "Booked (h)"),
        TextEntry("page.utilisation.used", fr: "Utilisé (h)", en: "Used (h)"),
        TextEntry("page.utilisation.use", fr: "Usage", en: "Use"),
        TextEntry("page.utilisation.available", fr: "Disponibilité", en: "Availability"),
        TextEntry("page.utilisation.downtime", fr: "Arrêts (h)", en: "Downtime (h)"),
        TextEntry("page.utilisation.outside", fr: "Hors ouverture (h)", en: "Outside hours (h)"),
        TextEntry("page.utilisation.bookings", fr: "Réservations", en: "Bookings"),
        TextEntry("page.utilisation.occupancy", fr: "Occupation", en: "Occupancy"),
        TextEntry("page.utilisation.known", fr: "Tel que connu le", en: "As known on"),
        TextEntry("page.utilisation.knownAt", fr: "Tel que connu le", en: "As known on"),
        TextEntry(
            "page.utilisation.knownAtHint",
            fr: "« Tel que connu le » : laissez vide pour ce qui est connu maintenant.",
            en: "“As known on”: leave empty for what is known now."),
        TextEntry(
            "page.utilisation.knownThen",
            fr: """
                Ces chiffres sont recomptés tels qu’ils étaient connus à ce moment. Les comparaisons, les heures de la semaine, les \
                refus et le financement ne se montrent que tels que connus maintenant.
                """,
            en: """
                These figures are counted again as they were known at that moment. Comparisons, the hours of the week, what was turned \
                away and funding are shown as known now only.
                """),
        TextEntry("page.utilisation.asNow", fr: "Voir ce qui est connu maintenant", en: "See what is known now"),
        TextEntry(
            "page.utilisation.badMoment",
            fr: "On ne connaît pas l’avenir : voici ce qui est connu maintenant.",
            en: "Nobody knows the future: this is what is known now."),
        TextEntry(
            "page.utilisation.unreadableMoment",
            fr: "Ce moment ne se lit pas, ou vient avant 1970 : voici ce qui est connu maintenant.",
            en: "This moment cannot be read, or is before 1970: this is what is known now."),
        TextEntry("page.utilisation.noTable", fr: "Pas de tableau pour ce moment", en: "No table for this moment"),
        TextEntry(
            "page.utilisation.unit",
            fr: "Heures de poste de travail : une plate-forme de 12 postes ouverte 8 heures en offre 96.",
            en: "Workstation-hours: a platform of 12 workstations open for 8 hours offers 96."),
        TextEntry("page.utilisation.withWhole", fr: "compté avec l’ensemble", en: "counted with the whole"),
        TextEntry("page.utilisation.countedWith", fr: "avec {whole}", en: "with {whole}"),
        TextEntry("page.utilisation.part", fr: "partie", en: "part"),
        TextEntry(
            "page.utilisation.compare",
            fr: "Par rapport à avant, et au réseau", en: "Against before, and against the network"),
        TextEntry(
            "page.utilisation.compared",
            fr: "L’occupation est de {now} ; elle était de {before} ({change}). La médiane du réseau est de {median}.",
            en: "Occupancy is {now}; it was {before} ({change}). The network’s median is {median}."),
        TextEntry("page.utilisation.figure", fr: "Chiffre", en: "Figure"),
        TextEntry("page.utilisation.now", fr: "Cette période", en: "This period"),
        TextEntry("page.utilisation.before", fr: "Période précédente", en: "Period before"),
        TextEntry("page.utilisation.change", fr: "Évolution", en: "Change"),
        TextEntry("page.utilisation.median", fr: "Médiane du réseau", en: "Network’s median"),
        TextEntry("page.utilisation.points", fr: "{signed} {points|point|points}", en: "{signed} {points|point|points}"),
        TextEntry("page.utilisation.share.occupancy", fr: "Occupation (réservé sur réservable)", en: "Occupancy (booked over bookable)"),
        TextEntry("page.utilisation.share.use", fr: "Usage (utilisé sur réservable)", en: "Use (used over bookable)"),
        TextEntry(
            "page.utilisation.share.availability", fr: "Disponibilité (réservable sur ouvert)", en: "Availability (bookable over open)"),
        TextEntry("page.utilisation.trend", fr: "L’occupation, mois par mois", en: "Occupancy, month by month"),
        TextEntry(
            "page.utilisation.trendSentence",
            fr: """
                De {first} ({firstMonth}) à {last} ({lastMonth}) ; au plus haut {most} ({mostMonth}), au plus bas {least} ({leastMonth}).
                """,
            en: "From {first} ({firstMonth}) to {last} ({lastMonth}); at most {most} ({mostMonth}), at least {least} ({leastMonth})."),
        TextEntry("page.utilisation.noTrend", fr: "Rien n’était réservable.", en: "Nothing could be booked."),
        TextEntry("page.utilisation.month", fr: "Mois", en: "Month"),
        TextEntry("page.utilisation.csv", fr: "Télécharger pour un tableur (CSV)", en: "Download for a spreadsheet (CSV)"),
        TextEntry("page.utilisation.atTable", fr: "Voir les chiffres du dessin", en: "See the figures of the drawing"),
        TextEntry("page.utilisation.divided", fr: "Qui, et pour quoi", en: "Who, and what for"),
        TextEntry("page.utilisation.by.audience", fr: "Par public", en: "By audience"),
        TextEntry("page.utilisation.of.audience", fr: "Public", en: "Audience"),
        TextEntry("page.utilisation.by.activity", fr: "Par activité", en: "By activity"),
        TextEntry("page.utilisation.of.activity", fr: "Activité", en: "Activity"),
        TextEntry("page.utilisation.by.sector", fr: "Par secteur", en: "By sector"),
        TextEntry("page.utilisation.of.sector", fr: "Secteur", en: "Sector"),
        TextEntry("page.utilisation.by.programme", fr: "Les programmes les plus suivis", en: "The largest programmes"),
        TextEntry("page.utilisation.of.programme", fr: "Programme", en: "Programme"),
        TextEntry("page.utilisation.by.organisation", fr: "Par type d’organisation", en: "By kind of organisation"),
        TextEntry("page.utilisation.of.organisation", fr: "Organisation", en: "Organisation"),
        TextEntry("page.utilisation.traineeHours", fr: "Heures-stagiaires prévues", en: "Trainee-hours booked"),
        TextEntry("page.utilisation.attendedHours", fr: "Heures-stagiaires suivies", en: "Trainee-hours attended"),
        TextEntry("page.utilisation.participations", fr: "Participations prévues", en: "Participations booked"),
        TextEntry("page.utilisation.attendedParticipations", fr: "Présences notées", en: "Participations attended"),
        TextEntry("page.utilisation.shareOfAll", fr: "Part", en: "Share"),
        TextEntry("page.utilisation.more", fr: "Et encore", en: "And also"),
        TextEntry("page.utilisation.cancelledShare", fr: "Réservations annulées", en: "Bookings cancelled"),
        TextEntry("page.utilisation.lateCancelled", fr: "dont trop tard", en: "of them too late"),
        TextEntry("page.utilisation.noShows", fr: "Non honorées", en: "No-shows"),
        TextEntry(
            "page.utilisation.attendanceBookings", fr: "Réservations dont les présences sont notées",
            en: "Bookings with attendance noted"),
        TextEntry("page.utilisation.lateArrivals", fr: "Arrivées en retard", en: "Late arrivals"),
        TextEntry(
            "page.utilisation.lateBy",
            fr: "{late} sur {count}, de {minutes} min en moyenne", en: "{late} of {count}, by {minutes} min on average"),
        TextEntry("page.utilisation.lateNone", fr: "aucune sur {count}", en: "none of {count}"),
        TextEntry("page.utilisation.faultHours", fr: "Heures de poste perdues en panne", en: "Workstation-hours lost to faults"),
        TextEntry("page.utilisation.plannedHours", fr: "Heures de poste en arrêt prévu", en: "Workstation-hours of planned downtime"),
        TextEntry("page.utilisation.leadTime", fr: "Réservé à l’avance, en moyenne", en: "Booked ahead, on average"),
        TextEntry("page.utilisation.days", fr: "{days} {days|jour|jours}", en: "{days} {days|day|days}"),
        TextEntry("page.utilisation.schoolShare", fr: "Part des écoles", en: "Share of schools"),
        TextEntry("page.utilisation.underLabel", fr: "Heures, « {label} »", en: "Hours, “{label}”"),
        TextEntry("page.utilisation.risk", fr: "À risque par le label", en: "At risk from the label"),
        TextEntry(
            "page.utilisation.atRisk",
            fr: "{count} {count|réservation à venir dépend|réservations à venir dépendent} d’un label qui n’est plus certain.",
            en: "{count} {count|booking to come depends|bookings to come depend} on a label that is not certain any more."),
        TextEntry("page.heat.title", fr: "Les heures de la semaine", en: "The hours of the week"),
        TextEntry(
            "page.heat.lead",
            fr: "Part du temps ouvert qui est réservée, en pour cent ; « + » : réservé hors ouverture.",
            en: "Share of open time that is booked, in per cent; “+”: booked outside opening hours."),
        TextEntry(
            "page.heat.sentence",
            fr: "Le plus pris : {most} ({mostShare}). Le moins pris des heures ouvertes : {least} ({leastShare}).",
            en: "Taken most: {most} ({mostShare}). Taken least of the open hours: {least} ({leastShare})."),
        TextEntry("page.heat.when", fr: "{weekday} à {hour} h", en: "{weekday} at {hour}:00"),
        TextEntry("page.heat.outside", fr: "Tout est réservé hors ouverture.", en: "Everything is booked outside opening hours."),
        TextEntry("page.heat.outsideCell", fr: "hors ouverture", en: "outside hours"),
        TextEntry("page.heat.weekday", fr: "Jour", en: "Day"),
    ]

    private static let demand: [TextEntry] = [
        TextEntry("page.demand.title", fr: "Refusé faute de place", en: "Turned away for lack of room"),
        TextEntry(
            "page.demand.lead",
            fr: "Une fois par organisation, ressource et créneau ; repris quand la place a fini par être trouvée.",
            en: "Once for an organisation, a resource and a slot; taken back when room was found after all."),
        TextEntry(
            "page.demand.sentence",
            fr: """
                {requests} {requests|demande n’a|demandes n’ont} pas trouvé place. Là où un poste de plus aurait le plus servi : \
                « {name} », {served} h au plus.
                """,
            en: """
                {requests} {requests|request|requests} found no room. One more workstation would have served most at “{name}”: \
                {served} h at most.
                """),
        TextEntry(
            "page.demand.none", fr: "Aucune demande n’a été refusée faute de place.", en: "No request was turned away for lack of room."),
        TextEntry("page.demand.requests", fr: "Demandes", en: "Requests"),
        TextEntry("page.demand.hours", fr: "Heures de poste", en: "Workstation-hours"),
        TextEntry("page.demand.served", fr: "Un poste de plus aurait servi (h)", en: "One more would have served (h)"),
        TextEntry("page.demand.mostly", fr: "Surtout", en: "Mostly"),
        TextEntry("page.demand.atHour", fr: "à {hour} h", en: "at {hour}:00"),
        TextEntry("page.demand.byActor", fr: "Qui a été refusé", en: "Who was turned away"),
        TextEntry("page.demand.organisations", fr: "Organisations", en: "Organisations"),
        TextEntry("page.organisationKind.trainingOrganisation", fr: "Organismes de formation", en: "Training organisations"),
        TextEntry("page.organisationKind.company", fr: "Entreprises", en: "Companies"),
        TextEntry("page.organisationKind.school", fr: "Écoles", en: "Schools"),
        TextEntry("page.organisationKind.centre", fr: "Centres", en: "Centres"),
        TextEntry("page.organisationKind.network", fr: "Réseau", en: "Network"),
    ]

    private static let network: [TextEntry] = [
        TextEntry("page.network.title", fr: "Utilisation du réseau", en: "Utilisation of the network"),
        TextEntry(
            "page.network.sentence",
            fr: """
                {count} {count|centre|centres}, {bookings} réservations : occupation de {occupancy} dans l’ensemble, \
                de {median} au centre médian.
                """,
            en: "{count} {count|centre|centres}, {bookings} bookings: occupancy {occupancy} in all, {median} at the median centre."),
        TextEntry("page.network.change", fr: "Évolution (points)", en: "Change (points)"),
        TextEntry("page.network.chart", fr: "Occupation par centre", en: "Occupancy by centre"),
        TextEntry("page.network.companies", fr: "Part des entreprises", en: "Share of companies"),
        TextEntry("page.network.availability", fr: "Disponibilité", en: "Availability"),
        TextEntry("page.network.use", fr: "Usage", en: "Use"),
    ]
}
