package import HTTPEdge

/// What the slice says, in French and English.
package enum UtilisationTexts {
    package static let entries: [TextEntry] = [
        TextEntry("reason.dayBefore", fr: "doit suivre « from » ou lui être égal", en: "must be on or after \"from\""),
        TextEntry("reason.bothDays", fr: "« from » et « to » vont ensemble", en: "\"from\" and \"to\" go together"),
        TextEntry("reason.tooManyDays", fr: "au plus {days} jours", en: "at most {days} days"),
    ]
}
