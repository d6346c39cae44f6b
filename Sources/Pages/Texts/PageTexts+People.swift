import HTTPEdge

extension PageTexts {
    /// Who may sign in, for the managers of the network.
    static let people: [TextEntry] = [
        TextEntry("page.nav.people", fr: "Personnes", en: "Persons"),
        TextEntry("page.people.title", fr: "Personnes", en: "Persons"),
        TextEntry(
            "page.people.lead",
            fr: "Seules les personnes inscrites se connectent aux pages, avec leur compte ou un mot de passe.",
            en: "Only persons who are registered sign in to the pages, with their account or a password."),
        TextEntry("page.people.organisation", fr: "Organisation", en: "Organisation"),
        TextEntry("page.people.show", fr: "Afficher", en: "Show"),
        TextEntry("page.people.new", fr: "Inscrire une personne", en: "Register a person"),
        TextEntry("page.people.name", fr: "Nom", en: "Name"),
        TextEntry("page.people.email", fr: "Adresse électronique", en: "E-mail address"),
        TextEntry("page.people.emailHint", fr: "celle de son compte", en: "that of their account"),
        TextEntry(
            "page.people.roleHint", fr: "gérer le réseau, décider du label : par l’exploitant du service",
            en: "managing the network, deciding on the label: by whoever runs the service"),
        TextEntry("page.people.centre", fr: "Centre", en: "Centre"),
        TextEntry("page.people.noCentre", fr: "aucun", en: "none"),
        TextEntry("page.people.centreHint", fr: "pour les droits dans un centre", en: "for rights at a centre"),
        TextEntry("page.people.register", fr: "Inscrire", en: "Register"),
        TextEntry("page.people.existing", fr: "Personnes inscrites", en: "Registered persons"),
        TextEntry(
            "page.people.none", fr: "Personne n’est inscrit dans cette organisation.", en: "Nobody is registered in this organisation."),
        TextEntry("page.people.registered", fr: "Inscrite le", en: "Registered on"),
        TextEntry("page.people.state", fr: "Connexion", en: "Signing in"),
        TextEntry("page.people.remove", fr: "Retirer", en: "Remove"),
        TextEntry(
            "page.people.removeMeans",
            fr: "Cette personne est déconnectée aussitôt et ne se connecte plus. Les clés d’API qu’elle a créées sont révoquées.",
            en: "This person is signed out at once and signs in no more. The API keys that they made are revoked."),
        TextEntry("page.people.removeButton", fr: "Retirer cette personne", en: "Remove this person"),
        TextEntry("page.personState.bound", fr: "avec son compte", en: "with their account"),
        TextEntry("page.personState.password", fr: "avec un mot de passe", en: "with a password"),
        TextEntry("page.personState.new", fr: "pas encore connectée", en: "not signed in yet"),
        TextEntry(
            "page.news.personRegistered", fr: "La personne est inscrite ; elle peut se connecter avec son compte.",
            en: "The person is registered; they can sign in with their account."),
        TextEntry("page.news.personRemoved", fr: "La personne ne peut plus se connecter.", en: "The person can sign in no more."),
    ]
}
