package import HTTPEdge

/// What the slice says, in French and English; the sentences of the rules included.
package enum LabelTexts {
    package static let entries: [TextEntry] =
        own + audiences + files + evaluation + RuleSentence.all.map(\.entry) + [RuleExplanation.ofKitMember]

    private static let own: [TextEntry] = [
        TextEntry("knownAtInFuture.title", fr: "Moment futur", en: "Moment in the future"),
        TextEntry(
            "knownAtInFuture.detail", fr: "« knownAt » ne peut pas être dans le futur : on ignore ce que l'on saura alors.",
            en: "\"knownAt\" cannot be in the future: nobody knows what will be known then."),
        TextEntry("samePerson.title", fr: "Deux personnes requises", en: "Two people required"),
        TextEntry(
            "samePerson.detail", fr: "Ce que quelqu'un a proposé ou déposé, une autre personne l'approuve ou l'évalue.",
            en: "What somebody proposed or submitted is approved or evaluated by another person."),
        TextEntry("alreadyApproved.title", fr: "Décision déjà approuvée", en: "Decision already approved"),
        TextEntry("alreadyApproved.detail", fr: "Cette proposition est déjà une décision.", en: "This proposal is a decision already."),
        TextEntry("alreadySuperseded.title", fr: "Décision déjà remplacée", en: "Decision already superseded"),
        TextEntry(
            "alreadySuperseded.detail", fr: "Une autre décision remplace déjà celle que la proposition veut remplacer.",
            en: "Another decision already supersedes the one that the proposal wants to supersede."),
        TextEntry("alreadyWithdrawn.title", fr: "Proposition retirée", en: "Proposal withdrawn"),
        TextEntry("alreadyWithdrawn.detail", fr: "Cette proposition a été retirée.", en: "This proposal was withdrawn."),
        TextEntry("annulmentIsFinal.title", fr: "Annulation définitive", en: "Annulment is final"),
        TextEntry(
            "annulmentIsFinal.detail", fr: "Une annulation ne se remplace pas : prenez une nouvelle décision.",
            en: "An annulment is not superseded: take a new decision."),
        TextEntry("nothingToLift.title", fr: "Aucune suspension à lever", en: "No suspension to lift"),
        TextEntry(
            "nothingToLift.detail", fr: "Aucune suspension du label n'est en cours ni prévue à partir de ce jour.",
            en: "The label is not suspended on that day nor later."),
        TextEntry("simulationUnknown.title", fr: "Simulation inconnue", en: "Unknown simulation"),
        TextEntry(
            "simulationUnknown.detail", fr: "Il n'y a pas de simulation de cette proposition sous l'identifiant « simulationId ».",
            en: "There is no simulation of this proposal under the identifier \"simulationId\"."),
        TextEntry("simulationChanged.title", fr: "Effets changés", en: "Effects have changed"),
        TextEntry(
            "simulationChanged.detail",
            fr: "L'effet a changé depuis pour {count} {count|réservation|réservations} : voyez « differences » et simulez à nouveau.",
            en: "The effect has changed since for {count} {count|booking|bookings}: see \"differences\", and simulate again."),
        TextEntry("supersedesUnknown.title", fr: "Décision à remplacer inconnue", en: "Unknown decision to supersede"),
        TextEntry(
            "supersedesUnknown.detail", fr: "Le centre n'a pas de décision portant l'identifiant donné dans « supersedes ».",
            en: "The centre has no decision with the identifier given in \"supersedes\"."),
        TextEntry("audienceUnknown.title", fr: "Public inconnu", en: "Unknown audience"),
        TextEntry(
            "audienceUnknown.detail", fr: "Au moins un public du dossier n'existe pas : voyez /v1/audiences.",
            en: "At least one audience of the file does not exist: see /v1/audiences."),
        TextEntry(
            "reason.lastDayMissing", fr: "une prolongation a un dernier jour", en: "an extension has a last day"),
        TextEntry(
            "reason.lastDayNotAllowed", fr: "un refus et une levée n'ont pas de dernier jour", en: "a refusal and a lift have no last day"),
        TextEntry("reason.dayOutOfRange", fr: "de 1900 à 2999", en: "from 1900 to 2999"),
        TextEntry("reason.labelPolicy", fr: "honour, conditional ou refuse", en: "honour, conditional or refuse"),
        TextEntry("reason.lastDayBeforeFirst", fr: "précède le premier jour", en: "is before the first day"),
        TextEntry(
            "reason.annulsNothing", fr: "une annulation désigne la décision qu'elle annule",
            en: "an annulment names the decision that it annuls"),
        TextEntry("reason.inTheFuture", fr: "ne peut pas être dans le futur", en: "cannot be in the future"),
        TextEntry("reason.slotTooLong", fr: "au plus {days} jours", en: "at most {days} days"),
        TextEntry("reason.sector", fr: "1 à {limit} caractères attendus", en: "expected 1 to {limit} characters"),
    ]

    /// The audiences that every network begins with; one that a network adds is said by its code.
    private static let audiences: [TextEntry] = [
        TextEntry("word.jobSeeker", fr: "demandeurs d'emploi", en: "job seekers"),
        TextEntry("word.worker", fr: "travailleurs", en: "workers"),
        TextEntry("word.executive", fr: "cadres et chefs d'entreprise", en: "executives"),
        TextEntry("word.teacher", fr: "enseignants", en: "teachers"),
        TextEntry("word.student", fr: "étudiants", en: "students"),
        TextEntry("word.apprentice", fr: "apprentis", en: "apprentices"),
    ]
}
