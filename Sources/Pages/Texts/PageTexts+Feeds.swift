import HTTPEdge

extension PageTexts {
    /// Calendars that other programs read.
    static let feeds: [TextEntry] = [
        TextEntry("page.feeds.title", fr: "Dans votre agenda", en: "In your calendar"),
        TextEntry(
            "page.feeds.lead",
            fr: "Outlook, Google Agenda, Thunderbird ou un téléphone s’abonnent aux réservations et se tiennent à jour d’eux-mêmes.",
            en: "Outlook, Google Calendar, Thunderbird or a phone subscribe to bookings and keep themselves up to date."),
        TextEntry("page.feeds.link", fr: "S’abonner dans un agenda", en: "Subscribe in a calendar"),
        TextEntry("page.feeds.new", fr: "Nouvel abonnement", en: "New subscription"),
        TextEntry("page.feeds.kind", fr: "Ce qu’il montre", en: "What it shows"),
        TextEntry("page.feedKind.organisation", fr: "Toutes les réservations de mon organisation", en: "All bookings of my organisation"),
        TextEntry("page.feedKind.person", fr: "Les réservations que je fais", en: "The bookings that I make"),
        TextEntry("page.feedKind.resource", fr: "Une plate-forme ou un équipement", en: "A platform or a machine"),
        TextEntry("page.feedKind.site", fr: "Une implantation", en: "A site"),
        TextEntry("page.feedKind.centre", fr: "Un centre", en: "A centre"),
        TextEntry("page.feeds.ofResource", fr: "Ce qui est pris à « {name} »", en: "What is taken at “{name}”"),
        TextEntry("page.feeds.ofCentre", fr: "Tout ce qui est pris chez {name}", en: "Everything that is taken at {name}"),
        TextEntry("page.feeds.ofKey", fr: "Les réservations que fait {label}", en: "The bookings that {label} makes"),
        TextEntry("page.feeds.ofAnother", fr: "Les réservations d’une autre personne", en: "Another person’s bookings"),
        TextEntry("page.feeds.language", fr: "Langue", en: "Language"),
        TextEntry("page.feeds.purpose", fr: "Pour qui (facultatif)", en: "For whom (optional)"),
        TextEntry("page.feeds.make", fr: "Créer l’adresse", en: "Make the address"),
        TextEntry(
            "page.feeds.secret",
            fr: """
                Voici l’adresse de l’agenda. Copiez-la maintenant : elle ne sera plus montrée. Qui l’a lit l’agenda ; gardez-la comme \
                un mot de passe.
                """,
            en: """
                Here is the address of the calendar. Copy it now: it will not be shown again. Whoever has it reads the calendar; keep \
                it as a password.
                """),
        TextEntry("page.feeds.open", fr: "Ouvrir dans mon agenda", en: "Open in my calendar"),
        TextEntry(
            "page.feeds.shownBefore",
            fr: "Cet abonnement a déjà été créé et son adresse montrée ; révoquez-le et créez-en un autre si elle est perdue.",
            en: "This subscription was made already and its address shown; revoke it and make another if it is lost."),
        TextEntry("page.feeds.how", fr: "Comment s’abonner", en: "How to subscribe"),
        TextEntry(
            "page.feeds.outlook",
            fr: "Calendrier, « Ajouter un calendrier », « S’abonner à partir du web » : collez l’adresse.",
            en: "Calendar, “Add calendar”, “Subscribe from web”: paste the address."),
        TextEntry(
            "page.feeds.google",
            fr: "« Autres agendas », « + », « À partir de l’URL » : collez l’adresse.",
            en: "“Other calendars”, “+”, “From URL”: paste the address."),
        TextEntry(
            "page.feeds.thunderbird",
            fr: "« Nouvel agenda », « Sur le réseau » : collez l’adresse, sans nom d’utilisateur.",
            en: "“New calendar”, “On the network”: paste the address, without a user name."),
        TextEntry("page.feeds.phone", fr: "Téléphone, Mac", en: "Phone, Mac"),
        TextEntry(
            "page.feeds.onPhone",
            fr: "Ouvrez cette page sur l’appareil et touchez « Ouvrir dans mon agenda ».",
            en: "Open this page on the device and touch “Open in my calendar”."),
        TextEntry("page.feeds.existing", fr: "Abonnements en cours", en: "Subscriptions in use"),
        TextEntry("page.feeds.none", fr: "Aucun abonnement.", en: "No subscription."),
        TextEntry("page.feeds.madeOn", fr: "créé le {moment}", en: "made on {moment}"),
        TextEntry("page.feeds.readOn", fr: "lu le {moment}", en: "read on {moment}"),
        TextEntry("page.feeds.neverRead", fr: "jamais lu", en: "never read"),
        TextEntry("page.feeds.revoke", fr: "Révoquer", en: "Revoke"),
        TextEntry(
            "page.feeds.rights",
            fr: """
                Un abonnement montre ce que vous avez le droit de voir ; du reste il dit seulement que c’est pris. Révoqué, son adresse \
                ne mène plus nulle part.
                """,
            en: """
                A subscription shows what you may see; of the rest it says only that it is taken. Once revoked, its address leads nowhere.
                """),
        TextEntry("page.news.feedRevoked", fr: "L’abonnement est révoqué.", en: "The subscription is revoked."),
    ]
}
