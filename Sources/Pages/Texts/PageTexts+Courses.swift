import HTTPEdge

extension PageTexts {
    /// Courses: finding them, and keeping those of a centre.
    static let courses: [TextEntry] = finding + keeping

    private static let finding: [TextEntry] = [
        TextEntry("page.nav.courses", fr: "Formations", en: "Courses"),
        TextEntry("page.nav.centreCourses", fr: "Offre de formation", en: "Courses"),
        TextEntry("page.courses.title", fr: "Formations des centres", en: "Courses of the centres"),
        TextEntry(
            "page.courses.lead", fr: "Ce que les centres enseignent, du catalogue ou sur mesure ; chaque formation mène à la réservation.",
            en: "What centres teach, from the catalogue or bespoke; each course leads to a booking."),
        TextEntry("page.courses.text", fr: "Mots", en: "Words"),
        TextEntry("page.courses.centre", fr: "Centre", en: "Centre"),
        TextEntry("page.courses.sector", fr: "Secteur", en: "Sector"),
        TextEntry("page.courses.technology", fr: "Technologie", en: "Technology"),
        TextEntry("page.courses.audience", fr: "Public", en: "Audience"),
        TextEntry("page.courses.any", fr: "peu importe", en: "any"),
        TextEntry("page.courses.find", fr: "Trouver", en: "Find"),
        TextEntry("page.courses.summary", fr: "{count} {count|formation|formations}", en: "{count} {count|course|courses}"),
        TextEntry(
            "page.courses.part", fr: "{count} {count|formation|formations} d’une liste plus longue",
            en: "{count} {count|course|courses} of a longer list"),
        TextEntry("page.courses.more", fr: "La suite", en: "More"),
        TextEntry("page.courses.first", fr: "Depuis le début", en: "From the beginning"),
        TextEntry("page.courses.none", fr: "Aucune formation ne correspond.", en: "No course fits."),
        TextEntry(
            "page.course.group", fr: "{count} {count|participant|participants} au plus",
            en: "at most {count} {count|participant|participants}"),
        TextEntry("page.course.about", fr: "En bref", en: "In short"),
        TextEntry("page.course.for", fr: "Pour qui", en: "For whom"),
        TextEntry("page.course.where", fr: "Où elle se donne", en: "Where it is given"),
        TextEntry(
            "page.course.nowhere", fr: "Le centre n’a nommé aucune plate-forme : cherchez-en une dans la recherche.",
            en: "The centre names no platform: look for one in the search."),
        TextEntry("page.course.book", fr: "Réserver", en: "Book"),
        TextEntry("page.course.change", fr: "Modifier", en: "Change"),
        TextEntry("page.course.withdraw", fr: "Retirer la formation", en: "Withdraw the course"),
        TextEntry(
            "page.course.withdrawLead",
            fr: "Plus aucune réservation ne la nommera ; celles qui la nomment la gardent. C’est définitif.",
            en: "No booking will name it any more; those that do keep it. This is final."),
        TextEntry("page.course.withdrawnBecause", fr: "Retirée :", en: "Withdrawn:"),
        TextEntry("page.courseKind.catalogue", fr: "du catalogue", en: "from the catalogue"),
        TextEntry("page.courseKind.bespoke", fr: "sur mesure", en: "bespoke"),
        TextEntry("page.courseState.inForce", fr: "donnée", en: "given"),
        TextEntry("page.courseState.upcoming", fr: "à venir", en: "to come"),
        TextEntry("page.courseState.ended", fr: "terminée", en: "over"),
        TextEntry("page.courseState.withdrawn", fr: "retirée", en: "withdrawn"),
        TextEntry("page.field.course", fr: "Formation", en: "Course"),
        TextEntry("page.book.course", fr: "Formation du centre", en: "Course of the centre"),
        TextEntry("page.book.noCourse", fr: "aucune", en: "none"),
    ]

    private static let keeping: [TextEntry] = [
        TextEntry("page.centreCourses.title", fr: "Offre de formation", en: "Courses of the centre"),
        TextEntry(
            "page.centreCourses.lead", fr: "Tout ce que le centre enseigne, a enseigné et enseignera.",
            en: "All that the centre teaches, taught and will teach."),
        TextEntry("page.centreCourses.days", fr: "Se donne", en: "Given"),
        TextEntry("page.centreCourses.none", fr: "Aucune formation encore.", en: "No course yet."),
        TextEntry("page.courseForm.new", fr: "Nouvelle formation", en: "New course"),
        TextEntry("page.courseForm.change", fr: "Modifier la formation", en: "Change the course"),
        TextEntry("page.courseForm.create", fr: "Créer", en: "Create"),
        TextEntry("page.courseForm.save", fr: "Enregistrer", en: "Save"),
        TextEntry("page.courseForm.what", fr: "Quoi", en: "What"),
        TextEntry("page.courseForm.when", fr: "Quand et combien", en: "When and how much"),
        TextEntry(
            "page.courseForm.wordsHint",
            fr: "En minuscules, avec des traits d’union ; plusieurs technologies entre virgules : soudage-tig, robot.",
            en: "In small letters, with hyphens; several technologies between commas: tig-welding, robot."),
        TextEntry(
            "page.courseForm.organisationHint",
            fr: "Pour une formation sur mesure seulement : l’identifiant de la seule organisation qui la voit et la réserve.",
            en: "For a bespoke course only: the id of the one organisation that sees it and books for it."),
        TextEntry("page.courseField.kind", fr: "Genre", en: "Kind"),
        TextEntry("page.courseField.code", fr: "Code", en: "Code"),
        TextEntry("page.courseField.title", fr: "Intitulé", en: "Title"),
        TextEntry("page.courseField.description", fr: "Description", en: "Description"),
        TextEntry("page.courseField.sector", fr: "Secteur", en: "Sector"),
        TextEntry("page.courseField.technologies", fr: "Technologies avancées", en: "Advanced technologies"),
        TextEntry("page.courseField.audiences", fr: "Publics", en: "Audiences"),
        TextEntry("page.courseField.platformIds", fr: "Plates-formes", en: "Platforms"),
        TextEntry("page.courseField.durationMinutes", fr: "Heures en tout", en: "Hours in all"),
        TextEntry("page.courseField.mostParticipants", fr: "Participants au plus", en: "Participants at most"),
        TextEntry("page.courseField.organisationId", fr: "Pour une seule organisation", en: "For one organisation"),
        TextEntry("page.courseField.from", fr: "Premier jour", en: "First day"),
        TextEntry("page.courseField.to", fr: "Dernier jour", en: "Last day"),
        TextEntry("page.news.courseCreated", fr: "La formation est créée.", en: "The course is created."),
        TextEntry("page.news.courseChanged", fr: "La formation est modifiée.", en: "The course is changed."),
        TextEntry("page.news.courseWithdrawn", fr: "La formation est retirée.", en: "The course is withdrawn."),
    ]
}
