package import HTTPEdge

/// What the pages say, in French and English; the words of states, activities and audiences are the slices' own.
package enum PageTexts {
    package static let entries: [TextEntry] = groups.flatMap(\.self)

    private static let groups: [[TextEntry]] = [
        frame, signIn, people, booking, series, courses, day, centre, figures, funding, inventory, custody, stocksAndKits, tables,
        documents, evidence, sealedReports, applications, webhooks, feeds, rehoming, sectors, problems,
    ]

    private static let problems: [TextEntry] = [
        TextEntry("formRefused.title", fr: "Formulaire refusé", en: "Form refused"),
        TextEntry(
            "formRefused.detail",
            fr: "Ce formulaire ne vient pas d'une page ouverte de votre session. Rechargez la page et envoyez-le à nouveau.",
            en: "This form does not come from an open page of your session. Load the page again and send it once more."),
    ]
}
