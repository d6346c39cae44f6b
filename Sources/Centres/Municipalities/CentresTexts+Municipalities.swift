import HTTPEdge

extension CentresTexts {
    /// Lists of municipalities, and the one of a site.
    static let municipalities: [TextEntry] = ofLists + faults + ofSites + forms

    private static let ofLists: [TextEntry] = [
        TextEntry("municipalityListEntered.title", fr: "Version déjà encodée", en: "Version entered already"),
        TextEntry(
            "municipalityListEntered.detail",
            fr: "Cette version a été encodée autrement et ne change plus : donnez-en une autre, d'un autre jour.",
            en: "This version was entered otherwise and does not change any more: give another one, of another day."),
        TextEntry("municipalityListOutOfOrder.title", fr: "Liste antérieure", en: "List of an earlier day"),
        TextEntry(
            "municipalityListOutOfOrder.detail",
            fr: "La liste {scheme} {version} commence le {day} : la suivante commence après.",
            en: "The list {scheme} {version} begins on {day}: the next one begins after it."),
        TextEntry(
            "municipalityListUnfit.title", fr: "Liste qui ne suit pas la précédente", en: "List that does not follow the former one"),
        TextEntry(
            "municipalityListUnfit.detail",
            fr: "Rien n'a été encodé : voyez « issues », qui en dit 50 au plus.",
            en: "Nothing was entered: see \"issues\", which tells 50 at most."),
    ]

    private static let faults: [TextEntry] = [
        TextEntry(
            "municipalityFault.differs", fr: "{subject} : pas comme encodé ({known})", en: "{subject}: not as it was entered ({known})"),
        TextEntry("municipalityFault.added", fr: "{subject} : n'a pas été encodé", en: "{subject}: was not entered"),
        TextEntry(
            "municipalityFault.left", fr: "{subject} ({known}) a été encodé et manque ici",
            en: "{subject} ({known}) was entered and is missing here"),
        TextEntry(
            "municipalityFault.patternOfScheme", fr: "les codes de ce système ont la forme {known}",
            en: "the codes of this scheme have the form {known}"),
        TextEntry(
            "municipalityFault.codeForm", fr: "{subject} n'a pas la forme {known}", en: "{subject} does not have the form {known}"),
        TextEntry(
            "municipalityFault.notInFormerList", fr: "{subject} n'est pas de la liste précédente",
            en: "{subject} is not in the former list"),
        TextEntry(
            "municipalityFault.notInThisList", fr: "{subject} n'est pas de cette liste", en: "{subject} is not in this list"),
        TextEntry(
            "municipalityFault.becameItself", fr: "{subject} ne devient que lui-même : ne le nommez pas",
            en: "{subject} becomes itself alone: do not name it"),
        TextEntry(
            "municipalityFault.becameNothing", fr: "{subject} ({known}) n'est plus de cette liste : dites ce que c'est devenu",
            en: "{subject} ({known}) is in this list no more: say what it became"),
    ]

    private static let ofSites: [TextEntry] = [
        TextEntry("municipalityListUnknown.title", fr: "Liste de communes inconnue", en: "Unknown list of municipalities"),
        TextEntry(
            "municipalityListUnknown.detail",
            fr: "La version {version} de la liste {scheme} n'existe pas : voyez /v1/municipality-lists.",
            en: "There is no version {version} of the list {scheme}: see /v1/municipality-lists."),
        TextEntry("municipalityListToCome.title", fr: "Liste de communes à venir", en: "List of municipalities to come"),
        TextEntry(
            "municipalityListToCome.detail",
            fr: "La liste {scheme} {version} ne vaut qu'à partir du {validFrom} : donnez un code de la liste en vigueur.",
            en: "The list {scheme} {version} holds from {validFrom} only: give a code of the list in force."),
        TextEntry("municipalityCodeUnknown.title", fr: "Code de commune inconnu", en: "Unknown code of a municipality"),
        TextEntry(
            "municipalityCodeUnknown.detail", fr: "Le code {code} n'est pas de la liste {scheme} {version}.",
            en: "Code {code} is not in the list {scheme} {version}."),
        TextEntry("municipalityEnded.title", fr: "Commune qui n'est plus", en: "Municipality that is no more"),
        TextEntry(
            "municipalityEnded.detail",
            fr: """
                Le code {code} de {scheme} {version} a pris fin le {validTo}. Dans la liste {currentVersion}, en vigueur, il correspond à \
                {successors} : choisissez.
                """,
            en: """
                Code {code} of {scheme} {version} ended on {validTo}. In the list {currentVersion}, in force, it corresponds to \
                {successors}: choose.
                """),
    ]

    private static let forms: [TextEntry] = [
        TextEntry(
            "reason.municipalityScheme", fr: "2 à 20 capitales, chiffres ou traits d'union, une capitale d'abord, par exemple NIS",
            en: "2 to 20 capitals, digits or hyphens, a capital first, such as NIS"),
        TextEntry(
            "reason.municipalityListVersion", fr: "1 à 40 lettres, chiffres, points ou traits d'union, par exemple 2024-12-02",
            en: "1 to 40 letters, digits, dots or hyphens, such as 2024-12-02"),
        TextEntry(
            "reason.municipalityCode", fr: "1 à 20 capitales, chiffres, points ou traits d'union",
            en: "1 to 20 capitals, digits, dots or hyphens"),
        TextEntry(
            "reason.municipalityCodePattern",
            fr: "9 pour un chiffre, A pour une capitale, X pour l'un ou l'autre, « - » et « . » ; par exemple 99999",
            en: "9 for a digit, A for a capital, X for either, \"-\" and \".\"; such as 99999"),
        TextEntry("reason.municipalityTwice", fr: "{code} est donné plus d'une fois", en: "{code} is given more than once"),
    ]
}
