import HTTPEdge

extension PageTexts {
    /// Where what is written about a resource is.
    static let documents: [TextEntry] = [
        TextEntry("page.documents.title", fr: "Documents", en: "Documents"),
        TextEntry("page.documents.none", fr: "Aucun document.", en: "No document."),
        TextEntry("page.documents.since", fr: "depuis le {day}", en: "since {day}"),
        TextEntry("page.documents.ofModel", fr: "du modèle", en: "of the model"),
        TextEntry("page.documents.add", fr: "Ajouter un document", en: "Add a document"),
        TextEntry("page.documents.name", fr: "Titre", en: "Title"),
        TextEntry("page.documents.kind", fr: "Sorte", en: "Kind"),
        TextEntry("page.documents.address", fr: "Adresse (https://…)", en: "Address (https://…)"),
        TextEntry("page.documents.language", fr: "Langue", en: "Language"),
        TextEntry("page.documents.day", fr: "En vigueur depuis", en: "In force since"),
        TextEntry("page.documents.wholeModel", fr: "Pour toutes les machines de ce modèle", en: "For all machines of this model"),
        TextEntry("page.documents.remove", fr: "Retirer", en: "Remove"),
        TextEntry("page.documentKind.manual", fr: "mode d’emploi", en: "manual"),
        TextEntry("page.documentKind.safety", fr: "consignes de sécurité", en: "safety instructions"),
        TextEntry("page.documentKind.certificate", fr: "certificat", en: "certificate"),
        TextEntry("page.documentKind.plan", fr: "plan", en: "plan"),
        TextEntry("page.documentLanguage.fr", fr: "français", en: "French"),
        TextEntry("page.documentLanguage.nl", fr: "néerlandais", en: "Dutch"),
        TextEntry("page.documentLanguage.de", fr: "allemand", en: "German"),
        TextEntry("page.documentLanguage.en", fr: "anglais", en: "English"),
        TextEntry("page.news.documentAdded", fr: "Le document est ajouté.", en: "The document is added."),
        TextEntry("page.news.documentRemoved", fr: "Le document est retiré.", en: "The document is removed."),
    ]
}
