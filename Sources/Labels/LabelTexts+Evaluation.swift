import HTTPEdge

extension LabelTexts {
    /// Applications, evaluations, the timeline.
    static let evaluation: [TextEntry] = refusals + gaps + criteria + actions

    private static let refusals: [TextEntry] = [
        TextEntry("applicationClosed.title", fr: "Demande close", en: "Application closed"),
        TextEntry(
            "applicationClosed.detail", fr: "La demande est retirée, répondue, ou déjà à l'évaluation : elle ne change plus.",
            en: "The application is withdrawn, answered or being evaluated: it does not change any more."),
        TextEntry("applicationIncomplete.title", fr: "Demande incomplète", en: "Application incomplete"),
        TextEntry(
            "applicationIncomplete.detail", fr: "Il manque {count} {count|élément|éléments} à la demande : voyez « missing ».",
            en: "{count} {count|thing is|things are} missing from the application: see \"missing\"."),
        TextEntry("fileUnknown.title", fr: "Dossier inconnu", en: "Unknown file"),
        TextEntry(
            "fileUnknown.detail", fr: "Le centre n'a pas de dossier portant l'identifiant donné dans « fileId ».",
            en: "The centre has no file with the identifier given in \"fileId\"."),
        TextEntry("evaluationOpen.title", fr: "Évaluation en cours", en: "Evaluation under way"),
        TextEntry(
            "evaluationOpen.detail", fr: "La demande est déjà à l'évaluation.", en: "The application is being evaluated already."),
        TextEntry("evaluationClosed.title", fr: "Évaluation close", en: "Evaluation closed"),
        TextEntry(
            "evaluationClosed.detail", fr: "Une évaluation close ne change plus : ouvrez-en une seconde.",
            en: "A closed evaluation does not change any more: open a second one."),
        TextEntry("evaluationIncomplete.title", fr: "Évaluation incomplète", en: "Evaluation incomplete"),
        TextEntry(
            "evaluationIncomplete.detail", fr: "Critères sans note : {criteria}.", en: "Criteria without a note: {criteria}."),
        TextEntry("criterionUnknown.title", fr: "Critère inconnu", en: "Unknown criterion"),
        TextEntry(
            "criterionUnknown.detail", fr: "Au moins un critère n'est pas du cahier des charges évalué : voyez /v1/label-specification.",
            en: "At least one criterion is not of the specifications that are evaluated: see /v1/label-specification."),
    ]

    private static let gaps: [TextEntry] = [
        TextEntry("gap.fileMissing", fr: "Aucun dossier de reconnaissance n'est joint.", en: "No recognition file is attached."),
        TextEntry("gap.fileStillDraft", fr: "Le dossier joint n'est pas déposé.", en: "The attached file is not submitted."),
        TextEntry(
            "gap.noProvisionalLabel",
            fr: "Une seconde évaluation suit un label provisoire : le centre n'en a pas eu jusqu'au {day}.",
            en: "A second evaluation follows a provisional label: the centre had none until {day}."),
        TextEntry(
            "gap.noLabelToRenew", fr: "Le centre n'a pas de label à renouveler le {day} : c'est une candidature.",
            en: "The centre has no label to renew on {day}: this is a candidacy."),
    ]

    private static let criteria: [TextEntry] = [
        TextEntry(
            "word.partnersInGovernance", fr: "partenaires du secteur dans la gouvernance", en: "partners of the sector in governance"),
        TextEntry("word.needsOfCompanies", fr: "lien avec les besoins des entreprises", en: "link with the needs of companies"),
        TextEntry("word.catalogueAndBespoke", fr: "formations au catalogue et sur mesure", en: "catalogue and bespoke training"),
        TextEntry("word.awarenessActions", fr: "actions d'information et de sensibilisation", en: "information and awareness"),
        TextEntry("word.advancedTechnology", fr: "usage de technologies de pointe", en: "use of advanced technology"),
        TextEntry("word.modernEquipment", fr: "équipements performants et modernes", en: "high-performance, modern equipment"),
        TextEntry(
            "word.openToOperators", fr: "plates-formes ouvertes aux opérateurs et entreprises",
            en: "platforms open to training organisations and companies"),
        TextEntry("word.variedAudiences", fr: "variété des publics", en: "variety of audiences"),
        TextEntry("word.publicPrivatePartnership", fr: "partenariat public-privé", en: "public/private partnership"),
        TextEntry("word.sharedInvestment", fr: "investissements mixtes", en: "mixed investment"),
        TextEntry("word.favourable", fr: "favorable", en: "favourable"),
        TextEntry("word.favourableWithConditions", fr: "favorable sous conditions", en: "favourable with conditions"),
        TextEntry("word.unfavourable", fr: "défavorable", en: "unfavourable"),
    ]

    private static let actions: [TextEntry] = [
        TextEntry("timeline.fileDrafted", fr: "Dossier de reconnaissance commencé.", en: "Recognition file begun."),
        TextEntry("timeline.fileSubmitted", fr: "Dossier de reconnaissance déposé.", en: "Recognition file submitted."),
        TextEntry("timeline.fileReturned", fr: "Dossier renvoyé au centre : {comment}", en: "File returned to the centre: {comment}"),
        TextEntry("timeline.fileRecognised", fr: "Dossier reconnu.", en: "File recognised."),
        TextEntry("timeline.fileRecorded", fr: "Dossier {number} enregistré.", en: "File {number} recorded."),
        TextEntry("timeline.applicationSubmitted", fr: "Demande introduite le {day}.", en: "Application submitted on {day}."),
        TextEntry("timeline.applicationWithdrawn", fr: "Demande retirée le {day}.", en: "Application withdrawn on {day}."),
        TextEntry("timeline.fileLinked", fr: "Dossier joint à la demande.", en: "File attached to the application."),
        TextEntry("timeline.evaluationOpened", fr: "Évaluation ouverte.", en: "Evaluation opened."),
        TextEntry("timeline.evaluationClosed", fr: "Évaluation close : avis {opinion}.", en: "Evaluation closed: {opinion}."),
        TextEntry("timeline.decisionProposed", fr: "Décision proposée ({reference}).", en: "Decision proposed ({reference})."),
        TextEntry("timeline.proposalWithdrawn", fr: "Proposition retirée.", en: "Proposal withdrawn."),
        TextEntry("timeline.decisionRecorded", fr: "Décision enregistrée ({reference}).", en: "Decision recorded ({reference})."),
        TextEntry(
            "timeline.reminderSent", fr: "Rappel : le label prend fin le {endsOn}, dans moins de {months} mois.",
            en: "Reminder: the label ends on {endsOn}, in less than {months} months."),
    ]
}
