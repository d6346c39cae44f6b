package import HTTPEdge

/// What the slice says, in French and English.
///
/// The sentences of rules stand with the gate, in `Labels`.
package enum BookingTexts {
    package static let entries: [TextEntry] = problems + states + activities + series + lifecycle

    private static let problems: [TextEntry] = [
        TextEntry("bookingRefused.title", fr: "Réservation refusée", en: "Booking refused"),
        TextEntry(
            "bookingRefused.detail",
            fr: "{count} {count|règle s'y oppose ; elle est expliquée|règles s'y opposent ; chacune est expliquée} dans « rules ».",
            en: "{count} {count|rule stands against it; it|rules stand against it; each} is explained in \"rules\"."),
        TextEntry("batchRefused.title", fr: "Lot refusé", en: "Batch refused"),
        TextEntry(
            "batchRefused.detail",
            fr: "{count} {count|réservation refusée|réservations refusées}, {bookable} {bookable|possible|possibles} ; rien n'a été écrit.",
            en: "{count} {count|booking|bookings} refused, {bookable} possible; nothing was written."),
        TextEntry("bookingForbidden.title", fr: "Réservation non permise", en: "Booking not allowed"),
        TextEntry(
            "bookingForbidden.detail",
            fr: "Il faut le rôle « booker » dans l'organisation, ou faire partie du personnel de chaque centre concerné.",
            en: "It takes the role \"booker\" in the organisation, or being on the staff of every centre concerned."),
        TextEntry(
            "cancellationForbidden.detail",
            fr: "Il faut le rôle « booker » dans l'organisation qui a réservé, ou faire partie du personnel du centre.",
            en: "It takes the role \"booker\" in the organisation that booked, or being on the staff of the centre."),
        TextEntry(
            "equipmentOut.ofBooking", fr: "Du matériel remis pour cette réservation est encore sorti. Notez d'abord son retour.",
            en: "Equipment handed out for this booking is still out. Note its return first."),
        TextEntry("notCancellable.title", fr: "Annulation impossible", en: "Cannot be cancelled"),
        TextEntry(
            "notCancellable.detail", fr: "Une réservation {state} ne s'annule plus.",
            en: "A booking that is {state} can no longer be cancelled."),
        TextEntry("alreadyStarted.title", fr: "Réservation déjà commencée", en: "Booking already started"),
        TextEntry(
            "alreadyStarted.detail", fr: "Après le début, seul le centre peut annuler.",
            en: "After its start only the centre can cancel."),
        TextEntry(
            "reason.kitNotTaken",
            fr: "ni une série ni un changement ne prend de kit : réservez chaque date dans un lot (POST /v1/bookings/batch), "
                + "ou nommez les membres du kit",
            en: "neither a series nor a change takes kits: book each date in a batch (POST /v1/bookings/batch), "
                + "or name the members of the kit"),
        TextEntry(
            "reason.modelNotTaken",
            fr: "ni une série ni un changement ne prend « un exemplaire de ce modèle » : réservez chaque date dans un lot "
                + "(POST /v1/bookings/batch), ou nommez l'équipement",
            en: "neither a series nor a change takes \"any of a model\": book each date in a batch (POST /v1/bookings/batch), "
                + "or name the equipment"),
        TextEntry("reason.tooManyModels", fr: "{models} lignes de modèle au plus", en: "{models} lines that ask for a model at most"),
        TextEntry("reason.tooManyKits", fr: "{kits} kits au plus", en: "{kits} kits at most"),
        TextEntry(
            "reason.tooManyKitLines", fr: "les kits et les modèles comptent trop de lignes ou de jours : faites plusieurs réservations",
            en: "the kits and models come to too many lines or days: make several bookings"),
        TextEntry("importInProgress.title", fr: "Autre import en cours", en: "Another import under way"),
        TextEntry(
            "importInProgress.detail",
            fr: "Une autre table de votre organisation est en cours d'import : renvoyez la même table sous peu.",
            en: "Another table of your organisation is being entered: send the same table again shortly."),
        TextEntry("reason.organisationUnknown", fr: "organisation inconnue", en: "unknown organisation"),
        TextEntry("reason.audienceTwice", fr: "un public n'apparaît qu'une fois", en: "an audience appears once only"),
        TextEntry("reason.seatsOrExclusive", fr: "« seats » ou « exclusive », pas les deux", en: "\"seats\" or \"exclusive\", not both"),
        TextEntry("reason.email", fr: "adresse électronique attendue", en: "expected an e-mail address"),
        TextEntry(
            "reason.tooManyLineDays", fr: "toutes les lignes ensemble couvrent au plus {days} jours",
            en: "all lines together cover at most {days} days"),
        TextEntry(
            "reason.audienceWord", fr: "publics et nombres attendus, par exemple « jobSeeker:12 worker:3 »",
            en: "expected audiences and head-counts, such as \"jobSeeker:12 worker:3\""),
        TextEntry(
            "reason.holderWord", fr: "rôles et identifiants attendus, par exemple « trainer: » suivi de l'identifiant",
            en: "expected roles and ids, such as \"trainer:\" and the id"),
        TextEntry("reason.offerCodeUnknown", fr: "le centre n'a pas d'offre de ce code", en: "the centre has no offer of this code"),
        TextEntry(
            "reason.rowChanged",
            fr: "déjà importée avec un autre contenu, comme réservation {reference} : modifiez celle-ci, ou donnez une autre référence",
            en: "entered before with other content, as booking {reference}: change that one, or give another reference"),
        TextEntry(
            "reason.eventCancelled",
            fr: "annulé dans le calendrier, mais la réservation {reference} tient : annulez-la",
            en: "cancelled in the calendar, but booking {reference} stands: cancel it"),
        TextEntry(
            "reason.occurrenceGone",
            fr: "le calendrier n'a plus cette occurrence, mais sa réservation {reference} tient : annulez-la, ou remettez l'occurrence",
            en: "the calendar no longer has this occurrence, but its booking {reference} stands: cancel it, or put the occurrence back"),
        TextEntry(
            "reason.eventMoved",
            fr: "la réservation {reference} du même événement tient encore ailleurs : annulez-la d'abord",
            en: "booking {reference} of the same event still stands elsewhere: cancel that first"),
        TextEntry(
            "reason.eventWithoutTime", fr: "une réservation a une heure de début et de fin",
            en: "a booking has a time at which it starts and ends"),
        TextEntry(
            "reason.ruleWithoutEnd", fr: "la règle n'a pas de fin : donnez UNTIL, COUNT ou lastDay",
            en: "the rule has no end: give UNTIL, COUNT or lastDay"),
        TextEntry("reason.tooManyBookings", fr: "plus de {most} réservations", en: "more than {most} bookings"),
        TextEntry("reason.propertyUnknown", fr: "propriété inconnue : {property}", en: "unknown property: {property}"),
        TextEntry("reason.onlyTrue", fr: "true, ou rien", en: "true, or nothing"),
        TextEntry(
            "reason.audienceCode", fr: "code de public attendu, par exemple jobSeeker",
            en: "expected the code of an audience, such as jobSeeker"),
        TextEntry("reason.kilometres", fr: "entre 0 et 20 100", en: "must be from 0 to 20,100"),
        TextEntry("reason.windowTooShort", fr: "plus long que la fenêtre", en: "longer than the window"),
        TextEntry("reason.startOutsideWindow", fr: "ne tient pas dans la fenêtre", en: "does not fit into the window"),
        TextEntry(
            "reason.likeAlone", fr: "une ressource à laquelle ressembler, ou des critères, pas les deux",
            en: "a resource that it is to be like, or criteria, not both"),
    ]
    /// As they follow the word « réservation ».
    private static let states: [TextEntry] = [
        TextEntry("state.draft", fr: "en brouillon", en: "a draft"),
        TextEntry("state.requested", fr: "demandée", en: "requested"),
        TextEntry("state.waitlisted", fr: "en liste d'attente", en: "on the waiting list"),
        TextEntry("state.held", fr: "en option", en: "held"),
        TextEntry("state.conditional", fr: "conditionnelle", en: "conditional"),
        TextEntry("state.confirmed", fr: "confirmée", en: "confirmed"),
        TextEntry("state.suspended", fr: "suspendue", en: "suspended"),
        TextEntry("state.inUse", fr: "en cours", en: "in use"),
        TextEntry("state.completed", fr: "terminée", en: "completed"),
        TextEntry("state.rejected", fr: "rejetée", en: "rejected"),
        TextEntry("state.cancelledByUser", fr: "annulée par l'utilisateur", en: "cancelled by the user"),
        TextEntry("state.cancelledByCentre", fr: "annulée par le centre", en: "cancelled by the centre"),
        TextEntry("state.cancelledByNetwork", fr: "annulée par le réseau", en: "cancelled by the network"),
        TextEntry("state.expired", fr: "expirée", en: "expired"),
        TextEntry("state.noShow", fr: "non honorée", en: "marked as a no-show"),
    ]

    private static let activities: [TextEntry] = [
        TextEntry("word.participant", fr: "participant", en: "participant"),
        TextEntry("word.driver", fr: "conducteur", en: "driver"),
        TextEntry("word.trainer", fr: "formateur", en: "trainer"),
        TextEntry("word.company", fr: "entreprise", en: "company"),
        TextEntry("reason.holderTwice", fr: "une personne n'est nommée qu'une fois pour un rôle", en: "a person is named once for a role"),
        TextEntry("word.catalogueTraining", fr: "formation du catalogue", en: "catalogue training"),
        TextEntry("word.bespokeTraining", fr: "formation sur mesure", en: "bespoke training"),
        TextEntry("word.awareness", fr: "sensibilisation", en: "awareness"),
        TextEntry("word.demonstration", fr: "démonstration", en: "demonstration"),
        TextEntry("word.technologyWatch", fr: "veille technologique", en: "technology watch"),
        TextEntry("word.needsAnalysis", fr: "analyse des besoins", en: "needs analysis"),
        TextEntry("word.maintenance", fr: "maintenance", en: "maintenance"),
        TextEntry("word.companyProduction", fr: "production de l'entreprise", en: "company production"),
    ]
}
