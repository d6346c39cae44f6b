import HTTPEdge

extension PageTexts {
    /// Events for other programs.
    static let webhooks: [TextEntry] = [
        TextEntry("page.webhooks.title", fr: "Webhooks", en: "Webhooks"),
        TextEntry(
            "page.webhooks.lead",
            fr: "Vos logiciels sont avertis de ce qui arrive à vos réservations, sans rien demander.",
            en: "Your programs are told what happens to your bookings, without asking."),
        TextEntry("page.webhooks.existing", fr: "Adresses", en: "Addresses"),
        TextEntry("page.webhooks.none", fr: "Aucun webhook.", en: "No webhook."),
        TextEntry("page.webhooks.new", fr: "Nouveau webhook", en: "New webhook"),
        TextEntry("page.webhook.url", fr: "Adresse (HTTPS)", en: "Address (HTTPS)"),
        TextEntry(
            "page.webhook.urlHint",
            fr: "par exemple https://planning.exemple.be/plateau", en: "for example https://planning.example.org/plateau"),
        TextEntry("page.webhook.purpose", fr: "Pour quoi", en: "What for"),
        TextEntry("page.webhook.types", fr: "Types d’événements", en: "Types of events"),
        TextEntry(
            "page.webhook.typesHint",
            fr: "entre virgules, par exemple booking.created ; vide : tous", en: "between commas, such as booking.created; empty: all"),
        TextEntry("page.webhook.make", fr: "Créer le webhook", en: "Make the webhook"),
        TextEntry(
            "page.webhook.secret",
            fr: "Voici le secret qui signe les envois. Copiez-le maintenant : il ne sera plus montré.",
            en: "Here is the secret that signs what is sent. Copy it now: it will not be shown again."),
        TextEntry(
            "page.webhook.shownBefore",
            fr: "Ce webhook a déjà été créé ; son secret ne peut plus être montré.",
            en: "This webhook was made already; its secret cannot be shown again."),
        TextEntry("page.webhook.everyType", fr: "tous les événements", en: "every event"),
        TextEntry("page.webhook.enabled", fr: "actif", en: "active"),
        TextEntry("page.webhook.disabled.request", fr: "arrêté à votre demande", en: "stopped at your request"),
        TextEntry("page.webhook.disabled.gone", fr: "arrêté : l’adresse a répondu 410", en: "stopped: the address answered 410"),
        TextEntry(
            "page.webhook.disabled.makerRemoved", fr: "arrêté : la personne qui l’a créé a été retirée",
            en: "stopped: the person who made it was removed"),
        TextEntry(
            "page.webhook.disabled.failing",
            fr: "arrêté : rien n’est arrivé pendant trois jours", en: "stopped: nothing got through for three days"),
        TextEntry("page.webhook.lastSuccess", fr: "dernier succès le {moment}", en: "last success on {moment}"),
        TextEntry(
            "page.webhook.waiting",
            fr: "{count} {count|envoi en attente|envois en attente}", en: "{count} {count|delivery|deliveries} waiting"),
        TextEntry("page.webhook.test", fr: "Envoyer un essai", en: "Send a test"),
        TextEntry("page.webhook.deliveries", fr: "Envois", en: "Deliveries"),
        TextEntry("page.webhook.noDeliveries", fr: "Aucun envoi.", en: "No delivery."),
        TextEntry("page.webhook.replay", fr: "Renvoyer", en: "Send again"),
        TextEntry("page.webhook.remove", fr: "Supprimer ce webhook", en: "Remove this webhook"),
        TextEntry(
            "page.webhook.removeLead",
            fr: "Plus rien ne sera envoyé à cette adresse ; le journal des envois disparaît.",
            en: "Nothing will be sent to this address any more; the log of deliveries goes."),
        TextEntry("page.delivery.all", fr: "Tous", en: "All"),
        TextEntry("page.delivery.pending", fr: "En attente", en: "Pending"),
        TextEntry("page.delivery.delivered", fr: "Arrivé", en: "Delivered"),
        TextEntry("page.delivery.failed", fr: "Échoué", en: "Failed"),
        TextEntry("page.attempt.delivered", fr: "arrivé", en: "delivered"),
        TextEntry("page.attempt.refused", fr: "refusé", en: "refused"),
        TextEntry("page.attempt.redirected", fr: "renvoyé ailleurs, non suivi", en: "redirected, not followed"),
        TextEntry("page.attempt.gone", fr: "adresse abandonnée (410)", en: "gone (410)"),
        TextEntry("page.attempt.timedOut", fr: "sans réponse à temps", en: "timed out"),
        TextEntry("page.attempt.unreachable", fr: "injoignable", en: "unreachable"),
        TextEntry("page.attempt.addressNotAllowed", fr: "adresse non publique", en: "address that is not public"),
        TextEntry("page.attempt.nameUnknown", fr: "nom inconnu", en: "unknown name"),
        TextEntry("page.attempt.eventForgotten", fr: "événement trop ancien", en: "event too old"),
    ]
}
