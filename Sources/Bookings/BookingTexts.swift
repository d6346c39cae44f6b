package import HTTPEdge

/// What the slice says, in French and English.
///
/// The sentences of rules stand with the gate, in `Labels`.
package enum BookingTexts {
    package static let entries: [TextEntry] = [
        TextEntry("bookingRefused.title", fr: "Réservation refusée", en: "Booking refused"),
        TextEntry(
            "bookingRefused.detail", fr: "{count} règle(s) s'y opposent ; chacune est expliquée dans « rules ».",
            en: "{count} rule(s) stand against it; each is explained in \"rules\"."),
        TextEntry("bookingForbidden.title", fr: "Réservation non permise", en: "Booking not allowed"),
        TextEntry(
            "bookingForbidden.detail",
            fr: "Il faut le rôle « booker » dans l'organisation, ou faire partie du personnel de chaque centre concerné.",
            en: "It takes the role \"booker\" in the organisation, or being on the staff of every centre concerned."),
        TextEntry(
            "cancellationForbidden.detail",
            fr: "Il faut le rôle « booker » dans l'organisation qui a réservé, ou faire partie du personnel du centre.",
            en: "It takes the role \"booker\" in the organisation that booked, or being on the staff of the centre."),
        TextEntry("notCancellable.title", fr: "Annulation impossible", en: "Cannot be cancelled"),
        TextEntry(
            "notCancellable.detail", fr: "Une réservation dans l'état « {state} » ne s'annule plus.",
            en: "A booking in the state \"{state}\" can no longer be cancelled."),
        TextEntry("alreadyStarted.title", fr: "Réservation déjà commencée", en: "Booking already started"),
        TextEntry(
            "alreadyStarted.detail", fr: "Après le début, seul le centre peut annuler.",
            en: "After its start only the centre can cancel."),
        TextEntry("reason.organisationUnknown", fr: "organisation inconnue", en: "unknown organisation"),
        TextEntry("reason.audienceTwice", fr: "un public n'apparaît qu'une fois", en: "an audience appears once only"),
        TextEntry("reason.seatsOrExclusive", fr: "« seats » ou « exclusive », pas les deux", en: "\"seats\" or \"exclusive\", not both"),
        TextEntry("reason.email", fr: "adresse électronique attendue", en: "expected an e-mail address"),
        TextEntry(
            "reason.tooManyLineDays", fr: "toutes les lignes ensemble couvrent au plus {days} jours",
            en: "all lines together cover at most {days} days"),
        TextEntry("reason.onlyTrue", fr: "true, ou rien", en: "true, or nothing"),
        TextEntry(
            "reason.audienceCode", fr: "code de public attendu, par exemple jobSeeker",
            en: "expected the code of an audience, such as jobSeeker"),
        TextEntry("reason.windowTooLong", fr: "au plus {days} jours", en: "at most {days} days"),
    ]
}
