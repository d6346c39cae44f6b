package import HTTPEdge

/// What the slice says, in French and English.
package enum PlatformTexts {
    package static let entries: [TextEntry] = [
        TextEntry("capacityInUse.title", fr: "Postes déjà réservés", en: "Workstations already booked"),
        TextEntry(
            "capacityInUse.detail",
            fr: "{taken} {taken|poste est réservé|postes sont réservés} le {moment} : la capacité ne peut pas descendre en dessous.",
            en: "{taken} {taken|workstation is|workstations are} booked on {moment}: the capacity cannot go below."),
        TextEntry("reason.nothingGiven", fr: "aucun champ à changer", en: "no field to change"),
        TextEntry("reason.siteUnknown", fr: "ce n'est pas un site du centre", en: "not a site of the centre"),
        TextEntry(
            "reason.durationsCrossed", fr: "« maximumMinutes » ne peut pas être inférieur à « minimumMinutes »",
            en: "\"maximumMinutes\" cannot be less than \"minimumMinutes\""),
        TextEntry(
            "reason.noDurationOnGrid",
            fr: "aucune durée de « minimumMinutes » à « maximumMinutes » n'est un multiple de « gridMinutes »",
            en: "no duration from \"minimumMinutes\" to \"maximumMinutes\" is a multiple of \"gridMinutes\""),
    ]
}
