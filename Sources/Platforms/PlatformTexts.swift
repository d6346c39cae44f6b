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
        TextEntry(
            "reason.tag", fr: "2 à 60 lettres, chiffres ou traits d'union, sans majuscule",
            en: "2 to 60 letters, digits or hyphens, without capitals"),
        TextEntry(
            "reason.attestationCode", fr: "code d'attestation attendu, par exemple forkliftLicence",
            en: "expected the code of an attestation, such as forkliftLicence"),
        TextEntry(
            "reason.platformElsewhere", fr: "la plate-forme est à une autre implantation", en: "the platform is at another site"),
        TextEntry(
            "reason.fromOrDay", fr: "« from » pour une semaine, « day » pour un seul jour : l'un des deux",
            en: "\"from\" for a week, \"day\" for a single day: one of the two"),
        TextEntry("reason.onlyForWeeks", fr: "seulement avec « from »", en: "only with \"from\""),
        TextEntry("reason.onlyForDays", fr: "seulement avec « day »", en: "only with \"day\""),
        TextEntry("reason.onlyForResources", fr: "seulement pour une ressource", en: "only for a resource"),
        TextEntry(
            "reason.partRefused", fr: "une autre ligne de la même semaine ou du même jour est refusée",
            en: "another line of the same week or day is refused"),
        TextEntry(
            "reason.reasonsDiffer", fr: "les lignes d'un même jour ont la même raison", en: "the lines of one day have the same reason"),
        TextEntry(
            "reason.openAndClosed", fr: "dit ouvert et fermé à la fois", en: "says open and closed at once"),
        TextEntry("reason.givenAndRemoved", fr: "donné et retiré à la fois", en: "given and removed at once"),
        TextEntry(
            "reason.parentUnknown", fr: "ce n'est pas une plate-forme du centre dont elle puisse faire partie",
            en: "not a platform of the centre that it could be a part of"),
        TextEntry("reason.parentElsewhere", fr: "cette plate-forme est sur un autre site", en: "that platform is at another site"),
        TextEntry(
            "reason.parentSmaller", fr: "elle aurait plus de postes que la plate-forme dont elle fait partie",
            en: "it would have more workstations than the platform that it is a part of"),
        TextEntry("reason.parentInside", fr: "elle ferait partie d'elle-même", en: "it would be a part of itself"),
        TextEntry(
            "reason.parentHours", fr: "elle, ou une de ses parties, a des heures d'ouverture propres",
            en: "it, or a part of it, keeps opening hours of its own"),
        TextEntry(
            "reason.baysLarger", fr: "une de ses parties a {workstations} {workstations|poste|postes}",
            en: "a part of it has {workstations} {workstations|workstation|workstations}"),
        TextEntry("platformInUse.title", fr: "Plate-forme réservée", en: "Platform booked"),
        TextEntry(
            "platformInUse.detailAt",
            fr: "Elle est réservée le {moment} : sa place ne change que si aucune réservation n'est à venir.",
            en: "It is booked on {moment}: its place only changes while no booking is to come."),
        TextEntry("workstationRetired.title", fr: "Poste déjà retiré", en: "Workstation retired already"),
        TextEntry(
            "workstationRetired.detail", fr: "Ce poste n'est plus en service ; il ne se retire pas une seconde fois.",
            en: "This workstation is out of service; it is not retired a second time."),
        TextEntry("workstationInUse.title", fr: "Poste réservé", en: "Workstation booked"),
        TextEntry(
            "workstationInUse.detailAt",
            fr: "Il est réservé, ou tous ceux de son modèle le sont, le {moment} : il ne peut pas être retiré.",
            en: "It, or all of its model, are booked on {moment}: it cannot be retired."),
        TextEntry(
            "workstationInUse.detail", fr: "Son modèle est réservé en entier et la plate-forme n'a pas de place pour un poste de plus.",
            en: "Its model is booked as a whole and the platform has no room for one more workstation."),
        TextEntry("reason.monthDay", fr: "jour de l'année attendu, par exemple 12-01", en: "expected a day of the year, such as 12-01"),
        TextEntry("word.unsupervised", fr: "sans encadrement", en: "unsupervised"),
        TextEntry("word.centreInstructor", fr: "encadré par un formateur du centre", en: "with an instructor of the centre"),
        TextEntry("word.habilitatedTrainer", fr: "encadré par un formateur habilité", en: "with a habilitated trainer"),
    ]
}
