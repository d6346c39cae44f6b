/// What the edge says of calendars that are imported, and of events in them.
enum CalendarTexts {
    static let entries: [TextEntry] = [
        TextEntry(
            "reason.noCalendar", fr: "ligne {line} : BEGIN:VCALENDAR attendu", en: "line {line}: expected BEGIN:VCALENDAR"),
        TextEntry(
            "reason.calendarUnended", fr: "ligne {line} : ce qui commence ici ne finit pas",
            en: "line {line}: what begins here does not end"),
        TextEntry("reason.calendarTooDeep", fr: "ligne {line} : trop de niveaux", en: "line {line}: nested too deep"),
        TextEntry("reason.calendarTooLong", fr: "plus de {most} événements", en: "more than {most} events"),
        TextEntry("reason.contentLine", fr: "NOM:VALEUR attendu, en UTF-8", en: "expected NAME:VALUE, in UTF-8"),
        TextEntry("reason.noEvent", fr: "seuls les VEVENT sont pris", en: "only VEVENT are taken"),
        TextEntry("reason.uid", fr: "1 à {limit} caractères", en: "1 to {limit} characters"),
        TextEntry(
            "reason.zoneUnknown", fr: "fuseau horaire IANA attendu, par exemple Europe/Brussels, au lieu de « {zone} »",
            en: "expected an IANA time zone, such as Europe/Brussels, instead of \"{zone}\""),
        TextEntry(
            "reason.calendarTime", fr: "20271231, 20271231T090000 ou 20271231T080000Z attendu",
            en: "expected 20271231, 20271231T090000 or 20271231T080000Z"),
        TextEntry(
            "reason.calendarDuration", fr: "durée attendue, par exemple P1D ou PT2H30M", en: "expected a duration, such as P1D or PT2H30M"),
        TextEntry("reason.wholeDays", fr: "des jours entiers, puisque le début en est un", en: "whole days, since it begins with one"),
        TextEntry("reason.dayAndTime", fr: "jour ou heure, comme le début", en: "a day or a time, as the start"),
        TextEntry("reason.endAndDuration", fr: "DTEND ou DURATION, pas les deux", en: "DTEND or DURATION, not both"),
        TextEntry("reason.endNotAfterStart", fr: "la fin doit suivre le début", en: "the end must be after the start"),
        TextEntry("reason.eventTooLong", fr: "au plus {limit} jours d'affilée", en: "at most {limit} days on end"),
        TextEntry(
            "reason.rangeUnsupported", fr: "RANGE n'est pas pris : écrivez une autre série",
            en: "RANGE is not taken: write another series"),
        TextEntry(
            "reason.seriesRefused", fr: "une autre partie de la même série est refusée", en: "another part of the same series is refused"),
        TextEntry(
            "reason.seriesMissing", fr: "la série de ce UID n'est pas dans le calendrier",
            en: "the series of this UID is not in the calendar"),
        TextEntry(
            "reason.occurrences", fr: "trop d'occurrences depuis le début : au plus {most} dans un calendrier",
            en: "too many occurrences since the start: at most {most} in a calendar"),
    ]
}
