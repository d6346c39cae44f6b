extension RuleSentence {
    /// The codes of `bookings.reserve` and `bookings.time_rules`.
    static let booking: [RuleSentence] = [
        RuleSentence("resourceUnknown", fr: "La ressource {resourceId} n'existe pas.", en: "The resource {resourceId} does not exist."),
        RuleSentence(
            "resourceRetired", fr: "La ressource est retirée depuis le {retiredAt}.", en: "The resource is retired as of {retiredAt}."),
        RuleSentence(
            "participantsRequired", fr: "Une activité « {activity} » compte au moins un participant.",
            en: "An activity \"{activity}\" counts at least one participant."),
        RuleSentence(
            "activityNotAllowed", fr: "L'activité « {activity} » ne vous est pas permise ici.",
            en: "The activity \"{activity}\" is not allowed to you here."),
        RuleSentence("inThePast", fr: "Le créneau commence dans le passé.", en: "The slot starts in the past."),
        RuleSentence(
            "noticeTooShort", fr: "Un préavis de {noticeMinutes} minutes est demandé : au plus tôt {earliestStart}.",
            en: "A notice of {noticeMinutes} minutes is asked for: {earliestStart} at the earliest."),
        RuleSentence(
            "beyondHorizon", fr: "On réserve au plus {horizonDays} jours à l'avance, jusqu'au {lastDay}.",
            en: "Bookings are taken at most {horizonDays} days ahead, until {lastDay}."),
        RuleSentence(
            "durationTooShort", fr: "Le créneau dure {minutes} minutes ; il en faut au moins {minimumMinutes}.",
            en: "The slot lasts {minutes} minutes; at least {minimumMinutes} are required."),
        RuleSentence(
            "durationTooLong", fr: "Le créneau dure {minutes} minutes ; il en faut au plus {maximumMinutes}.",
            en: "The slot lasts {minutes} minutes; at most {maximumMinutes} are allowed."),
        RuleSentence(
            "offGrid", fr: "Le début et la durée sont des multiples de {gridMinutes} minutes.",
            en: "Start and duration are multiples of {gridMinutes} minutes."),
        RuleSentence(
            "closed", fr: "Le site est fermé pendant tout ou partie du créneau.", en: "The site is closed for all or part of the slot."),
        RuleSentence(
            "closed", fr: "Le site est fermé pendant une partie du créneau ; il est ouvert : {openHours}.",
            en: "The site is closed for part of the slot; it is open: {openHours}."),
        RuleSentence("closed", fr: "Le site est fermé : {closedDays}.", en: "The site is closed: {closedDays}."),
        RuleSentence(
            "closed", fr: "Le site est fermé : {closedDays} ; il est ouvert : {openHours}.",
            en: "The site is closed: {closedDays}; it is open: {openHours}."),
        RuleSentence(
            "quantityTooLarge", fr: "{seats} postes sont demandés ; la plate-forme en a {capacity}.",
            en: "{seats} workstations are asked for; the platform has {capacity}."),
        RuleSentence(
            "capacityFull", fr: "{seats} postes sont demandés ; il en reste {free} sur {capacity} pendant tout le créneau.",
            en: "{seats} workstations are asked for; {free} of {capacity} are free throughout the slot."),
        RuleSentence(
            "unitTaken", fr: "L'équipement est déjà pris pendant le créneau.",
            en: "The equipment is already taken during the slot."),
    ]
}
