/// What the edge says of tables.
enum TableTexts {
    static let entries: [TextEntry] = [
        TextEntry("importRefused.title", fr: "Tableau refusé", en: "Table refused"),
        TextEntry(
            "importRefused.detail",
            fr: "Rien n'a été enregistré : {count} {count|erreur est détaillée|erreurs sont détaillées} dans « report ».",
            en: "Nothing was entered: {count} {count|error is|errors are} listed in \"report\"."),
        TextEntry("reason.tableEmpty", fr: "le tableau n'a pas de ligne de titres", en: "the table has no line of column names"),
        TextEntry("reason.tableTooLong", fr: "plus de {most} lignes", en: "more than {most} lines"),
        TextEntry(
            "reason.tableTooWide", fr: "ligne {line} : plus de {most} cellules", en: "line {line}: more than {most} cells"),
        TextEntry(
            "reason.tableCellTooLong", fr: "ligne {line} : une cellule de plus de {most} octets",
            en: "line {line}: a cell of more than {most} bytes"),
        TextEntry(
            "reason.tableNotUTF8", fr: "le tableau n'est pas en UTF-8 : enregistrez-le comme « CSV UTF-8 »",
            en: "the table is not in UTF-8: save it as \"CSV UTF-8\""),
        TextEntry(
            "reason.tableQuoteOpen", fr: "ligne {line} : les guillemets ouverts ne sont pas fermés",
            en: "line {line}: a quoted cell never ends"),
        TextEntry(
            "reason.tableAfterQuote", fr: "ligne {line} : du texte suit la fin d'une cellule entre guillemets",
            en: "line {line}: something stands behind the end of a quoted cell"),
        TextEntry("reason.columnUnknown", fr: "colonne inconnue : {column}", en: "unknown column: {column}"),
        TextEntry("reason.columnTwice", fr: "colonne donnée deux fois : {column}", en: "column given twice: {column}"),
        TextEntry("reason.columnMissing", fr: "colonne manquante : {column}", en: "missing column: {column}"),
        TextEntry(
            "reason.cells", fr: "{found} {found|cellule|cellules} au lieu de {expected}",
            en: "{found} {found|cell|cells} instead of {expected}"),
        TextEntry(
            "reason.nameUnknown", fr: "rien de ce nom ni de cet identifiant au centre", en: "nothing of this name or id at the centre"),
        TextEntry(
            "reason.nameAmbiguous", fr: "plusieurs portent ce nom : donnez l'identifiant", en: "several have this name: give the id"),
        TextEntry(
            "reason.tableMoment",
            fr: "date et heure attendues, par exemple 2027-03-15 09:00, 15/03/2027 09:00 ou 2027-03-15T09:00:00+01:00",
            en: "expected a day and a time, such as 2027-03-15 09:00, 15/03/2027 09:00 or 2027-03-15T09:00:00+01:00"),
        TextEntry("reason.keyTwice", fr: "une autre ligne parle du même objet", en: "another line speaks of the same thing"),
    ]
}
