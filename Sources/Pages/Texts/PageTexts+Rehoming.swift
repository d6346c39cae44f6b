import HTTPEdge

extension PageTexts {
    /// Other places for bookings that lost theirs.
    static let rehoming: [TextEntry] = [
        TextEntry("page.rehoming.title", fr: "Où aller à la place", en: "Where to go instead"),
        TextEntry(
            "page.rehoming.lead",
            fr: """
                Ces lieux sont ouverts, libres et permis aux mêmes heures, les plus semblables et les plus proches d’abord. La réservation \
                garde sa référence.
                """,
            en: """
                These places are open, free and allowed at the same times, the most alike and the nearest first. The booking keeps its \
                reference.
                """),
        TextEntry(
            "page.rehoming.together",
            fr: "Plusieurs lignes ont perdu leur place ; elles sont déplacées ensemble ou pas du tout.",
            en: "Several lines have lost their place; they are moved together or not at all."),
        TextEntry(
            "page.rehoming.none",
            fr: """
                Aucun autre lieu n’est ouvert, libre et permis à ces heures. La place revient d’elle-même si l’arrêt finit plus tôt ; \
                sinon, annulez-la et réservez à d’autres heures.
                """,
            en: """
                No other place is open, free and allowed at these times. The room comes back by itself should the outage end sooner; \
                otherwise cancel it and book at other times.
                """),
        TextEntry(
            "page.rehoming.stuck",
            fr: """
                Une ligne au moins ne peut aller nulle part, et les lignes sont déplacées ensemble ou pas du tout. La place revient \
                d’elle-même si l’arrêt finit plus tôt ; sinon, annulez-la et réservez à d’autres heures.
                """,
            en: """
                At least one line has nowhere to go, and lines are moved together or not at all. The room comes back by itself should \
                the outage end sooner; otherwise cancel it and book at other times.
                """),
        TextEntry("page.rehoming.move", fr: "Déplacer ici", en: "Move here"),
        TextEntry("page.rehoming.moveAll", fr: "Déplacer la réservation", en: "Move the booking"),
        TextEntry("page.rehoming.conditional", fr: "sous condition", en: "conditionally"),
        TextEntry("page.placeReason.sameModelSameCentre", fr: "même modèle, même centre", en: "same model, same centre"),
        TextEntry("page.placeReason.sameCategorySameCentre", fr: "même catégorie, même centre", en: "same category, same centre"),
        TextEntry("page.placeReason.sameSkillsSameCentre", fr: "mêmes métiers, même centre", en: "same skills, same centre"),
        TextEntry("page.placeReason.sameModelOtherCentre", fr: "même modèle, autre centre", en: "same model, another centre"),
        TextEntry("page.placeReason.sameCategoryOtherCentre", fr: "même catégorie, autre centre", en: "same category, another centre"),
        TextEntry("page.placeReason.sameSkillsOtherCentre", fr: "mêmes métiers, autre centre", en: "same skills, another centre"),
        TextEntry("page.news.moved", fr: "La réservation a sa nouvelle place.", en: "The booking has its new place."),
    ]
}
