package import HTTPEdge

/// What this slice says.
package enum CentresTexts {
    package static let entries: [TextEntry] = reasons + successions + closedDays + schoolHolidays + closureCalendars + municipalities

    private static let successions: [TextEntry] = [
        TextEntry("alreadySucceeded.title", fr: "Centre déjà repris", en: "Already succeeded"),
        TextEntry(
            "alreadySucceeded.detail", fr: "Un autre centre a déjà pris la place de celui-ci.",
            en: "Another centre stands in the place of this one already."),
        TextEntry("succeedsItself.title", fr: "Reprise en boucle", en: "Succession in a ring"),
        TextEntry(
            "succeedsItself.detail", fr: "Le centre prendrait, directement ou non, sa propre place.",
            en: "The centre would come to stand, directly or not, in its own place."),
        TextEntry(
            "reason.carrierHistory", fr: "le porteur actuel l'est depuis le {since} : un autre ne commence pas avant",
            en: "the present carrier has been so since {since}: another cannot begin earlier"),
    ]

    private static let reasons: [TextEntry] = [
        TextEntry(
            "reason.zone", fr: "fuseau horaire IANA attendu, par exemple Europe/Brussels",
            en: "expected an IANA time zone, such as Europe/Brussels"),
        TextEntry("reason.future", fr: "ce jour est à venir", en: "this day is yet to come"),
        TextEntry(
            "reason.nameHistory", fr: "le nom actuel est porté depuis le {since} : un autre ne commence pas avant",
            en: "the present name has been borne since {since}: another cannot begin earlier"),
        TextEntry("reason.pastDay", fr: "pas avant le {today}", en: "not before {today}"),
        TextEntry(
            "reason.openingTime", fr: "heure attendue de 00:00 à 24:00, à la minute",
            en: "expected a time from 00:00 to 24:00, to the minute"),
        TextEntry("reason.openingOrder", fr: "« closes » doit suivre « opens »", en: "\"closes\" must be after \"opens\""),
        TextEntry(
            "reason.openingOverlap", fr: "chevauche une autre plage du même jour", en: "overlaps another range of the same weekday"),
        TextEntry("reason.dayOutsideRange", fr: "chaque jour est entre « from » et « to »", en: "each day is between \"from\" and \"to\""),
        TextEntry(
            "reason.schoolCalendar", fr: "calendrier scolaire attendu, par exemple be-fwb", en: "expected a school calendar, such as be-fwb"
        ),
        TextEntry("reason.schoolHolidayOverlap", fr: "deux congés se chevauchent", en: "two holidays overlap"),
        TextEntry("reason.coordinates", fr: "latitude et longitude vont ensemble", en: "latitude and longitude go together"),
        TextEntry("reason.latitude", fr: "entre -90 et 90", en: "must be from -90 to 90"),
        TextEntry("reason.longitude", fr: "entre -180 et 180", en: "must be from -180 to 180"),
        TextEntry(
            "reason.closedAlready", fr: "ce jour est déjà fermé, pour une autre raison : {reason}",
            en: "this day is closed already, for another reason: {reason}"),
        TextEntry("reason.twice", fr: "donné plus d'une fois", en: "given more than once"),
        TextEntry("reason.daySpan", fr: "au plus {limit} jours, « to » compris", en: "at most {limit} days, \"to\" included"),
    ]

    /// Why a calendar closes nothing; what else is wrong with calendars the edge says.
    private static let closureCalendars: [TextEntry] = [
        TextEntry(
            "reason.closedParts", fr: "trop de fermetures : au plus {most} jours ou parties de jours dans un calendrier",
            en: "too many closures: at most {most} days or parts of days in a calendar")
    ]

    /// Why a site is closed on a day: the names of the holidays, and the reasons that a centre gives.
    private static let closedDays: [TextEntry] = [
        TextEntry("holiday.newYear", fr: "Jour de l'an", en: "New Year's Day"),
        TextEntry("holiday.easterMonday", fr: "Lundi de Pâques", en: "Easter Monday"),
        TextEntry("holiday.labourDay", fr: "Fête du Travail", en: "Labour Day"),
        TextEntry("holiday.ascension", fr: "Ascension", en: "Ascension Day"),
        TextEntry("holiday.whitMonday", fr: "Lundi de Pentecôte", en: "Whit Monday"),
        TextEntry("holiday.nationalDay", fr: "Fête nationale", en: "Belgian National Day"),
        TextEntry("holiday.assumption", fr: "Assomption", en: "Assumption Day"),
        TextEntry("holiday.allSaints", fr: "Toussaint", en: "All Saints' Day"),
        TextEntry("holiday.armistice", fr: "Armistice", en: "Armistice Day"),
        TextEntry("holiday.christmas", fr: "Noël", en: "Christmas Day"),
        TextEntry("replacementDay", fr: "Jour de remplacement d'un férié", en: "Replacement day of a public holiday"),
        TextEntry("closure", fr: "Fermeture", en: "Closure"),
    ]

    /// Why schools are closed on a day.
    private static let schoolHolidays: [TextEntry] = [
        TextEntry("schoolHoliday.summer", fr: "Vacances d'été", en: "Summer holidays"),
        TextEntry("schoolHoliday.autumn", fr: "Congé d'automne", en: "Autumn holidays"),
        TextEntry("schoolHoliday.winter", fr: "Vacances d'hiver", en: "Winter holidays"),
        TextEntry("schoolHoliday.carnival", fr: "Congé de détente", en: "Carnival holidays"),
        TextEntry("schoolHoliday.spring", fr: "Vacances de printemps", en: "Spring holidays"),
        TextEntry(
            "schoolHoliday.frenchCommunity", fr: "Fête de la Communauté française", en: "Day of the French Community of Belgium"),
        TextEntry("schoolHoliday.armistice", fr: "Armistice", en: "Armistice Day"),
        TextEntry("schoolHoliday.easterMonday", fr: "Lundi de Pâques", en: "Easter Monday"),
        TextEntry("schoolHoliday.ascension", fr: "Ascension", en: "Ascension Day"),
        TextEntry("schoolHoliday.whitMonday", fr: "Lundi de Pentecôte", en: "Whit Monday"),
        TextEntry("schoolHoliday.labourDay", fr: "Fête du Travail", en: "Labour Day"),
        TextEntry("schoolHoliday.other", fr: "Jour de congé scolaire", en: "School holiday"),
    ]
}
