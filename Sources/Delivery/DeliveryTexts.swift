package import HTTPEdge

/// What this slice says.
package enum DeliveryTexts {
    package static let entries: [TextEntry] = webhooks + feeds + MailTexts.entries

    private static let webhooks: [TextEntry] = [
        TextEntry("tooManyWebhooks.title", fr: "Trop de webhooks", en: "Too many webhooks"),
        TextEntry(
            "tooManyWebhooks.detail", fr: "Une organisation a au plus {limit} webhooks ; supprimez-en un d'abord.",
            en: "An organisation has at most {limit} webhooks; remove one first."),
        TextEntry("webhookDisabled.title", fr: "Webhook désactivé", en: "Webhook disabled"),
        TextEntry(
            "webhookDisabled.detail", fr: "Rien n'est envoyé à un webhook désactivé ; réactivez-le d'abord (enabled: true).",
            en: "Nothing is sent to a webhook that is disabled; enable it first (enabled: true)."),
        TextEntry("eventsForgotten.title", fr: "Évènements oubliés", en: "Events forgotten"),
        TextEntry(
            "eventsForgotten.detail",
            fr: "Ce curseur a plus de 30 jours : des évènements ont pu disparaître. Recommencez sans curseur et relisez les réservations.",
            en: "This cursor is more than 30 days old: events may have gone since. Begin again without one, and read the bookings anew."),
        TextEntry(
            "reason.eventType", fr: "ce n'est pas un type d'évènement comme booking.created",
            en: "not a type of event such as booking.created"),
        TextEntry(
            "reason.webhookURL", fr: "une adresse absolue est attendue, sans compte ni fragment",
            en: "an absolute address is expected, without an account or a fragment"),
        TextEntry("reason.webhookScheme", fr: "l'adresse doit commencer par https://", en: "the address has to begin with https://"),
        TextEntry(
            "reason.webhookHost", fr: "l'hôte est un nom en minuscules ou une adresse IPv4",
            en: "the host is a name in lower case or an IPv4 address"),
        TextEntry("reason.webhookPort", fr: "le port doit être 443 ou 8443", en: "the port has to be 443 or 8443"),
        TextEntry(
            "reason.webhookAddress", fr: "cette adresse n'est pas publique : rien n'y est envoyé",
            en: "this address is not public: nothing is sent there"),
    ]

    private static let feeds: [TextEntry] = [
        TextEntry("tooManyFeeds.title", fr: "Trop de calendriers", en: "Too many calendars"),
        TextEntry(
            "tooManyFeeds.detail", fr: "Une clé a au plus {limit} calendriers ; révoquez-en un d'abord.",
            en: "A key has at most {limit} calendars; revoke one first."),
        TextEntry("feedSubjectUnknown.title", fr: "Rien de tel à montrer", en: "Nothing of the kind to show"),
        TextEntry(
            "feedSubjectUnknown.detail", fr: "Cette ressource, ce site ou ce centre n'existe pas, ou la ressource est retirée.",
            en: "There is no such resource, site or centre, or the resource is retired."),
        TextEntry(
            "reason.feedSubject", fr: "ne va pas avec un calendrier de la sorte {kind}",
            en: "does not go with a calendar of the kind {kind}"),
        TextEntry("calendar.mine", fr: "Réservations faites par {name}", en: "Bookings made by {name}"),
        TextEntry(
            "calendar.cut", fr: "Seules les {count} premières entrées sont montrées.", en: "Only the first {count} entries are shown."),
        TextEntry("calendar.busy", fr: "Occupé", en: "Busy"),
        TextEntry("calendar.busyPartly", fr: "Occupé en partie ({taken} sur {all})", en: "Partly busy ({taken} of {all})"),
        TextEntry("calendar.outOfService", fr: "Hors service", en: "Out of service"),
        TextEntry("calendar.cancelled", fr: "Annulé : {what}", en: "Cancelled: {what}"),
        TextEntry("calendar.what", fr: "{what}", en: "{what}"),
        TextEntry("calendar.reference", fr: "Référence : {reference}", en: "Reference: {reference}"),
        TextEntry("calendar.state", fr: "Réservation {state}", en: "Booking {state}"),
        TextEntry("calendar.organisation", fr: "Pour : {organisation}", en: "For: {organisation}"),
        TextEntry("calendar.seats", fr: "{resource} : {taken} places sur {all}", en: "{resource}: {taken} of {all} places"),
    ]
}
