import HTTPEdge

extension LabelTexts {
    /// Recognition files: refusals, what is missing, words.
    static let files: [TextEntry] = refusals + sectors + gaps + words

    private static let refusals: [TextEntry] = [
        TextEntry("fileInForce.title", fr: "Dossier reconnu", en: "File in force"),
        TextEntry(
            "fileInForce.detail",
            fr: "Un dossier reconnu ne se modifie plus : commencez-en un autre à partir de celui-ci, il le remplacera.",
            en: "A recognised file cannot be changed any more: begin another one based on it, which will supersede it."),
        TextEntry("fileSubmitted.title", fr: "Dossier déposé", en: "File submitted"),
        TextEntry(
            "fileSubmitted.detail", fr: "Le dossier est à l'examen : il ne change que si le réseau le renvoie au centre.",
            en: "The file is being examined: it changes only when the network returns it to the centre."),
        TextEntry("fileNotSubmitted.title", fr: "Dossier non déposé", en: "File not submitted"),
        TextEntry(
            "fileNotSubmitted.detail", fr: "Le centre n'a pas déposé ce dossier : il est encore en préparation.",
            en: "The centre has not submitted this file: it is still a draft."),
        TextEntry("fileIncomplete.title", fr: "Dossier incomplet", en: "File incomplete"),
        TextEntry(
            "fileIncomplete.detail", fr: "Il manque {count} {count|élément|éléments} au dossier : voyez « missing ».",
            en: "{count} {count|thing is|things are} missing from the file: see \"missing\"."),
        TextEntry("basedOnUnknown.title", fr: "Dossier de départ inconnu", en: "Unknown file to begin with"),
        TextEntry(
            "basedOnUnknown.detail", fr: "Le centre n'a pas de dossier reconnu portant l'identifiant donné dans « basedOn ».",
            en: "The centre has no recognised file with the identifier given in \"basedOn\"."),
        TextEntry("missionUnknown.title", fr: "Mission inconnue", en: "Unknown mission"),
        TextEntry(
            "missionUnknown.detail", fr: "Au moins une mission du dossier n'existe pas : voyez /v1/label-specification.",
            en: "At least one mission of the file does not exist: see /v1/label-specification."),
        TextEntry("tooMuchEvidence.title", fr: "Trop de pièces", en: "Too many documents"),
        TextEntry(
            "tooMuchEvidence.detail", fr: "Un dossier porte au plus 100 pièces.", en: "A file holds at most 100 documents."),
        TextEntry("evidenceTwice.title", fr: "Pièce déjà jointe", en: "Document attached already"),
        TextEntry(
            "evidenceTwice.detail", fr: "Le même document est déjà joint à cet élément du dossier.",
            en: "The same document is attached to this element of the file already."),
        TextEntry("documentNotOfItsType.title", fr: "Document d'un autre type", en: "Document of another type"),
        TextEntry(
            "documentNotOfItsType.detail", fr: "Le contenu n'est pas celui d'un document du type annoncé par « Content-Type ».",
            en: "The content is not that of a document of the type that \"Content-Type\" names."),
        TextEntry(
            "reason.documentName", fr: "1 à {limit} caractères attendus, sans barre oblique",
            en: "expected 1 to {limit} characters, without slashes"),
    ]

    private static let sectors: [TextEntry] = [
        TextEntry("sectorListUnknown.title", fr: "Liste de secteurs inconnue", en: "Unknown list of sectors"),
        TextEntry(
            "sectorListUnknown.detail", fr: "La version {version} de la liste {scheme} n'existe pas : voyez /v1/label-specification.",
            en: "There is no version {version} of the list {scheme}: see /v1/label-specification."),
        TextEntry("sectorListOutdated.title", fr: "Version de liste d'un autre temps", en: "Version of a list for other days"),
        TextEntry(
            "sectorListOutdated.detail",
            fr: "Un dossier qui commence le {day} ne peut pas employer {scheme} {version} : donnez le code dans la version de ce jour.",
            en: "A file that begins on {day} cannot use {scheme} {version}: give the code in the version of that day."),
        TextEntry(
            "sectorListOutdated.successors",
            fr: """
                Un dossier qui commence le {day} ne peut pas employer {scheme} {version}. En version {currentVersion}, le code {code} \
                correspond à {successors} : choisissez.
                """,
            en: """
                A file that begins on {day} cannot use {scheme} {version}. In version {currentVersion}, code {code} corresponds to \
                {successors}: choose.
                """),
        TextEntry("sectorCodeUnknown.title", fr: "Code de secteur inconnu", en: "Unknown code of a sector"),
        TextEntry(
            "sectorCodeUnknown.detail", fr: "Le code {code} n'est pas de la liste {scheme} {version}.",
            en: "Code {code} is not in the list {scheme} {version}."),
        TextEntry("sectorCodeOfOtherList.title", fr: "Code d'une autre version", en: "Code of another version"),
        TextEntry(
            "sectorCodeOfOtherList.detail", fr: "Le code {code} n'est pas de la liste {scheme} {version}.",
            en: "Code {code} is not in the list {scheme} {version}."),
        TextEntry(
            "sectorCodeOfOtherList.successors",
            fr: "Le code {code} est de {scheme} {otherVersion}. En version {version}, il correspond à {successors} : choisissez.",
            en: "Code {code} is of {scheme} {otherVersion}. In version {version} it corresponds to {successors}: choose."),
    ]

    private static let gaps: [TextEntry] = [
        TextEntry("gap.effectiveFromMissing", fr: "Le premier jour manque.", en: "The first day is missing."),
        TextEntry("gap.sectorsMissing", fr: "Aucun secteur n'est nommé.", en: "No sector is named."),
        TextEntry(
            "gap.sectorCodesMissing", fr: "Aucun code d'une liste de secteurs n'est donné.", en: "No code of a list of sectors is given."),
        TextEntry("gap.audiencesMissing", fr: "Aucun public n'est visé.", en: "No audience is targeted."),
        TextEntry(
            "gap.missionsMissing", fr: "Missions prévues par le décret et absentes du dossier : {missing}.",
            en: "Missions that the decree foresees and the file lacks: {missing}."),
        TextEntry(
            "gap.answerMissing", fr: "Aucune réponse à l'élément « {element} ».", en: "There is no answer to the element \"{element}\"."),
        TextEntry(
            "gap.evidenceMissing", fr: "Aucune pièce à l'appui de l'élément « {element} ».",
            en: "No document supports the element \"{element}\"."),
    ]

    /// Technology watch and needs analysis are activities too, and named there.
    private static let words: [TextEntry] = [
        TextEntry("word.inSentence", fr: "{word}", en: "{word}"),
        TextEntry("word.economicRoots", fr: "ancrage dans la vie économique", en: "roots in economic life"),
        TextEntry("word.trainingOffer", fr: "offre de formation et diffusion technologique", en: "training offer and spread of technology"),
        TextEntry("word.resourceCentre", fr: "centre de ressources multi-utilisateurs", en: "multi-user resource centre"),
        TextEntry(
            "word.mixedInvestment", fr: "partenariat public-privé et investissements mixtes",
            en: "public/private partnership and mixed investment"),
        TextEntry("word.informationAwareness", fr: "information et sensibilisation", en: "information and awareness"),
        TextEntry("word.training", fr: "formation", en: "training"),
    ]
}
