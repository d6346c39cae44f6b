import HTTPEdge

extension PageTexts {
    /// Who paid what, and how much of its use is economic.
    static let funding: [TextEntry] = lines + use

    private static let lines: [TextEntry] = [
        TextEntry("page.funding.title", fr: "Financement et usage économique", en: "Funding and economic use"),
        TextEntry("page.funding.partner", fr: "Partenaire", en: "Partner"),
        TextEntry("page.funding.public", fr: "argent public", en: "public money"),
        TextEntry("page.funding.private", fr: "argent privé", en: "private money"),
        TextEntry("page.funding.share", fr: "Part", en: "Share"),
        TextEntry("page.funding.programme", fr: "Programme", en: "Programme"),
        TextEntry("page.funding.days", fr: "Jours", en: "Days"),
        TextEntry("page.funding.since", fr: "depuis le {day}", en: "since {day}"),
        TextEntry("page.funding.bound", fr: "Pérennité", en: "Durability"),
        TextEntry("page.funding.boundUntil", fr: "jusqu’au {day}", en: "until {day}"),
        TextEntry("page.funding.none", fr: "Aucune ligne de financement.", en: "No funding line."),
    ]

    private static let use: [TextEntry] = [
        TextEntry("page.funding.mixed", fr: "Investissement mixte", en: "Mixed investment"),
        TextEntry(
            "page.funding.lead",
            fr: "Économique : ce que réservent les entreprises, et la production. Les chiffres sont ceux de l’année civile.",
            en: "Economic: what companies book, and production. The figures are those of the calendar year."),
        TextEntry(
            "page.funding.sentence",
            fr: """
                {year} : {count} {count|équipement financé|équipements financés}, dont {over} au-dessus {over|de son seuil|de leur seuil} \
                d’usage économique.
                """,
            en: "{year}: {count} funded {count|machine|machines}, of which {over} above {over|its|their} limit of economic use."),
        TextEntry("page.funding.asset", fr: "Équipement", en: "Equipment"),
        TextEntry("page.funding.paid", fr: "Payé par le public", en: "Paid by public money"),
        TextEntry("page.funding.hours", fr: "Économique / réservé (h)", en: "Economic / booked (h)"),
        TextEntry("page.funding.hoursOf", fr: "{part} / {whole}", en: "{part} / {whole}"),
        TextEntry("page.funding.most", fr: "Seuil", en: "Limit"),
        TextEntry("page.economicUse.over", fr: "au-dessus", en: "above"),
        TextEntry("page.economicUse.within", fr: "en dessous", en: "within"),
        TextEntry("page.economicUse.free", fr: "sans seuil", en: "no limit"),
        TextEntry(
            "page.funding.unused", fr: "Rien n’est réservé cette année.", en: "Nothing is booked this year."),
        TextEntry(
            "page.funding.used", fr: "Usage économique cette année : {share} ({part} h sur {whole} h). Aucun seuil.",
            en: "Economic use this year: {share} ({part} h of {whole} h). No limit."),
        TextEntry(
            "page.funding.usedWithin", fr: "Usage économique cette année : {share} ({part} h sur {whole} h). Seuil : {most}.",
            en: "Economic use this year: {share} ({part} h of {whole} h). Limit: {most}."),
        TextEntry(
            "page.funding.usedOver",
            fr: "Usage économique cette année : {share} ({part} h sur {whole} h), au-dessus du seuil de {most}.",
            en: "Economic use this year: {share} ({part} h of {whole} h), above the limit of {most}."),
        TextEntry("page.funding.allowances", fr: "Heures des partenaires", en: "Hours of partners"),
        TextEntry("page.funding.given", fr: "Convenues (h)", en: "Agreed (h)"),
        TextEntry("page.funding.drawn", fr: "Utilisées (h)", en: "Drawn (h)"),
        TextEntry("page.funding.left", fr: "Restantes (h)", en: "Left (h)"),
        TextEntry("page.funding.over", fr: "Au-delà (h)", en: "Beyond (h)"),
        TextEntry("page.funding.noAllowances", fr: "Aucune convention ne donne d’heures.", en: "No agreement gives hours."),
    ]
}
