import HTTPEdge

extension BookingTexts {
    /// What is said about series and their rules.
    static let series: [TextEntry] = refusals + reasons + ruleFaults

    private static let refusals: [TextEntry] = [
        TextEntry("seriesRefused.title", fr: "Série refusée", en: "Series refused"),
        TextEntry(
            "seriesRefused.detail",
            fr: "{count} {count|occurrence refusée|occurrences refusées}, {bookable} {bookable|possible|possibles} ; rien n'a été écrit.",
            en: "{count} {count|occurrence|occurrences} cannot be booked, {bookable} could be; nothing was written."),
        TextEntry("seriesOver.title", fr: "Plus rien à changer", en: "Nothing left to change"),
        TextEntry(
            "seriesOver.detail", fr: "Aucune des occurrences demandées ne peut encore être annulée ou changée.",
            en: "None of the occurrences asked for can still be cancelled or changed."),
    ]

    private static let reasons: [TextEntry] = [
        TextEntry("reason.dayOrInstant", fr: "jour (2027-05-04) ou instant attendu", en: "expected a day (2027-05-04) or an instant"),
        TextEntry(
            "reason.startNotInRule", fr: "la règle ne choisit pas ce jour ; le premier qu'elle choisit est le {day}",
            en: "the rule does not choose this day; the first that it chooses is {day}"),
        TextEntry("reason.ruleWithoutDay", fr: "la règle ne choisit aucun jour", en: "the rule chooses no day"),
        TextEntry(
            "reason.tooManyOccurrences", fr: "une série a au plus {limit} occurrences ; COUNT ou UNTIL y mettent fin",
            en: "a series has at most {limit} occurrences; COUNT or UNTIL end it"),
        TextEntry("reason.noOccurrence", fr: "toutes les occurrences sont exclues", en: "every occurrence is left out"),
        TextEntry(
            "reason.tooManySeriesDays", fr: "toutes les lignes de toutes les occurrences ensemble couvrent au plus {days} jours",
            en: "all lines of all occurrences together cover at most {days} days"),
        TextEntry(
            "reason.occurrenceUnknown", fr: "aucune occurrence de cette série ne commence alors",
            en: "no occurrence of this series starts then"),
        TextEntry("reason.fromNeeded", fr: "nécessaire avec cette portée", en: "needed with this scope"),
        TextEntry("reason.fromWithAll", fr: "sans objet quand tout est annulé", en: "has no place when all is cancelled"),
        TextEntry(
            "reason.otherCentre", fr: "la première ligne reste au centre où la série a été réservée",
            en: "the first line stays at the centre where the series was booked"),
    ]

    private static let ruleFaults: [TextEntry] = [
        TextEntry("reason.rule.missing", fr: "{part} manque ; permis : {allowed}", en: "{part} is missing; allowed: {allowed}"),
        TextEntry(
            "reason.rule.repeated", fr: "{part} apparaît deux fois (« {found} ») ; permis : {allowed}",
            en: "{part} appears twice (\"{found}\"); allowed: {allowed}"),
        TextEntry(
            "reason.rule.unknown", fr: "{part} n'est pas connu (« {found} ») ; permis : {allowed}",
            en: "{part} is not known (\"{found}\"); allowed: {allowed}"),
        TextEntry(
            "reason.rule.unsupported", fr: "{part} existe dans la RFC 5545 mais pas ici (« {found} ») ; permis : {allowed}",
            en: "{part} exists in RFC 5545 but not here (\"{found}\"); allowed: {allowed}"),
        TextEntry(
            "reason.rule.malformed", fr: "{part} : « {found} » trouvé ; permis : {allowed}",
            en: "{part}: found \"{found}\"; allowed: {allowed}"),
        TextEntry(
            "reason.rule.misplaced", fr: "{part} ne va pas avec les autres parties (« {found} ») ; permis : {allowed}",
            en: "{part} does not go with the other parts (\"{found}\"); allowed: {allowed}"),
        TextEntry(
            "reason.rule.tooLong", fr: "{part} est trop long (« {found} ») ; permis : {allowed}",
            en: "{part} is too long (\"{found}\"); allowed: {allowed}"),
    ]
}
