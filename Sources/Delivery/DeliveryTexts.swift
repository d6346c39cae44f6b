package import HTTPEdge

/// What this slice says.
package enum DeliveryTexts {
    package static let entries: [TextEntry] = [
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
}
