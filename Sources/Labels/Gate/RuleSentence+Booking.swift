extension RuleSentence {
    /// The codes of `bookings.reserve` and `bookings.time_rules`.
    static let booking: [RuleSentence] = rules + shared + counted + proof + offer

    private static let rules: [RuleSentence] = [
        RuleSentence("resourceUnknown", fr: "La ressource {resourceId} n'existe pas.", en: "The resource {resourceId} does not exist."),
        RuleSentence(
            "resourceRetired", fr: "La ressource est retirée depuis le {retiredAt}.", en: "The resource is retired as of {retiredAt}."),
        RuleSentence(
            "notInService", fr: "L'équipement n'est pas en service : « {state} ».", en: "The equipment is not in service: \"{state}\"."),
        RuleSentence(
            "notInService", fr: "L'équipement n'est pas en service : « {state} » ; il est attendu le {usableFrom}.",
            en: "The equipment is not in service: \"{state}\"; it is expected on {usableFrom}."),
        RuleSentence(
            "notInService", fr: "L'équipement, emprunté, retourne à son propriétaire le {usableUntil}.",
            en: "The equipment is borrowed and goes back on {usableUntil}."),
        RuleSentence(
            "maintenanceOverdue",
            fr: "« {planName} » est à refaire le {validUntil} au plus tard ; l'équipement ne se réserve pas au-delà.",
            en: "\"{planName}\" is to be done again by {validUntil}; the equipment cannot be booked beyond that."),
        RuleSentence(
            "maintenance", fr: "La ressource est indisponible depuis le {start}, sans retour annoncé (« {cause} »).",
            en: "The resource cannot be used from {start} on, for how long is not known (\"{cause}\")."),
        RuleSentence(
            "maintenance", fr: "La ressource est indisponible du {start} au {end} (« {cause} »).",
            en: "The resource cannot be used from {start} to {end} (\"{cause}\")."),
        RuleSentence(
            "participantsRequired", fr: "Une activité « {activity} » compte au moins un participant.",
            en: "An activity \"{activity}\" counts at least one participant."),
        RuleSentence(
            "activityNotAllowed", fr: "L'activité « {activity} » ne vous est pas permise ici.",
            en: "The activity \"{activity}\" is not allowed to you here."),
        RuleSentence("inThePast", fr: "Le créneau commence dans le passé.", en: "The slot starts in the past."),
        RuleSentence(
            "noticeTooShort",
            fr: "Un préavis de {noticeMinutes} {noticeMinutes|minute|minutes} est demandé : au plus tôt le {earliestStart}.",
            en: "A notice of {noticeMinutes} {noticeMinutes|minute|minutes} is asked for: {earliestStart} at the earliest."),
        RuleSentence(
            "beyondHorizon", fr: "On réserve au plus {horizonDays} {horizonDays|jour|jours} à l'avance, jusqu'au {lastDay}.",
            en: "Bookings are taken at most {horizonDays} {horizonDays|day|days} ahead, until {lastDay}."),
        RuleSentence(
            "durationTooShort", fr: "Le créneau dure {minutes} {minutes|minute|minutes} ; il en faut au moins {minimumMinutes}.",
            en: "The slot lasts {minutes} {minutes|minute|minutes}; at least {minimumMinutes} {minimumMinutes|is|are} required."),
        RuleSentence(
            "durationTooLong", fr: "Le créneau dure {minutes} {minutes|minute|minutes} ; le plus long permis en dure {maximumMinutes}.",
            en: "The slot lasts {minutes} {minutes|minute|minutes}; at most {maximumMinutes} {maximumMinutes|is|are} allowed."),
        RuleSentence(
            "offGrid", fr: "Le début et la durée sont des multiples de {gridMinutes} {gridMinutes|minute|minutes}.",
            en: "Start and duration are multiples of {gridMinutes} {gridMinutes|minute|minutes}."),
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
            "closed", fr: "Le calendrier du site n'est connu que jusqu'au {calendarKnownUntil}.",
            en: "The site's calendar is known until {calendarKnownUntil} only."),
        RuleSentence(
            "closed", fr: "Fermé pendant tout ou partie du créneau ; horaires exceptionnels le {exceptions}.",
            en: "Closed for all or part of the slot; exceptional hours on {exceptions}."),
        RuleSentence(
            "closed", fr: "Fermé pendant une partie du créneau ; horaires exceptionnels le {exceptions} : {openHours}.",
            en: "Closed for part of the slot; exceptional hours on {exceptions}: {openHours}."),
        RuleSentence(
            "quantityTooLarge", fr: "Demandé : {seats} ; il y en a {capacity} en tout.",
            en: "Asked for: {seats}; there {capacity|is|are} {capacity} in all."),
        RuleSentence(
            "capacityFull",
            fr: "Demandé : {seats} ; il en reste {free} sur {capacity} pendant tout le créneau.",
            en: "Asked for: {seats}; {free} of {capacity} {free|is|are} free throughout the slot."),
        RuleSentence(
            "unitTaken", fr: "L'équipement ou le poste est déjà pris pendant le créneau.",
            en: "The equipment or workstation is already taken during the slot."),
        RuleSentence(
            "waitingListFirst",
            fr: "Ce qui vient de se libérer est d'abord proposé à la liste d'attente ; dans un instant, il est libre ou pris.",
            en: "What has just come free is offered to the waiting list first; in a moment it is free or taken."),
    ]

    /// What stands in the way of those who share a hall with others.
    private static let shared: [RuleSentence] = [
        RuleSentence(
            "parentFull",
            fr: "Demandé : {seats} ; « {name} », dont la ressource fait partie, en a {free} de libre sur {capacity} pendant tout le "
                + "créneau.",
            en: "Asked for: {seats}; \"{name}\", which the resource is a part of, has {free} of {capacity} free throughout the slot."),
        RuleSentence(
            "tooManyPersons",
            fr: "{persons} {persons|personne est annoncée|personnes sont annoncées} ; « {name} » en reçoit au plus {personLimit}, "
                + "et {present} y {present|est|sont} déjà.",
            en: "{persons} {persons|person is|persons are} announced; \"{name}\" holds at most {personLimit}, and {present} "
                + "{present|is|are} there already."),
        RuleSentence(
            "keptForOthers", fr: "Le {day}, « {window} » réserve la ressource à : {audiences}.",
            en: "On {day}, \"{window}\" keeps the resource for: {audiences}."),
        RuleSentence(
            "keptForOthers",
            fr: "Le {day}, « {window} » réserve la ressource à : {audiences}. Ce qui reste libre est à tous à partir du {releasedOn}.",
            en: "On {day}, \"{window}\" keeps the resource for: {audiences}. What is left is for everybody from {releasedOn}."),
        RuleSentence(
            "supervisionNotOffered", fr: "Un usage « {supervision} » n'est pas prévu ici ; sont possibles : {offered}.",
            en: "Use \"{supervision}\" is not offered here; possible are: {offered}."),
    ]

    /// What is counted for an organisation.
    private static let counted: [RuleSentence] = [
        RuleSentence(
            "quotaExceeded", fr: "Le quota est de {mostMinutes} minutes : {drawnMinutes} sont prises, {minutes} sont demandées.",
            en: "The quota is {mostMinutes} minutes: {drawnMinutes} are drawn, {minutes} are asked for."),
        RuleSentence(
            "quotaExceeded",
            fr: "Le quota est de {mostBookings} {mostBookings|réservation|réservations} : {drawnBookings} "
                + "{drawnBookings|est prise|sont prises}.",
            en: "The quota is {mostBookings} {mostBookings|booking|bookings}: {drawnBookings} {drawnBookings|is|are} made."),
        RuleSentence(
            "tooManyHolds", fr: "{held} {held|option court|options courent} déjà ; il y en a au plus {mostHolds} à la fois.",
            en: "{held} {held|hold is|holds are} running already; there are at most {mostHolds} at a time."),
    ]
}
