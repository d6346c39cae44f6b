extension RuleSentence {
    /// The codes of `labels.whole_slot`, about the owner's label and about the caller's.
    static let label: [RuleSentence] = owner + caller

    private static let owner: [RuleSentence] = [
        RuleSentence(
            "labelled", fr: "Le centre est labellisé pendant tout le créneau.", en: "The centre is labelled for the whole slot."),
        RuleSentence(
            "labelled", fr: "Le label du centre couvre la période du {from} au {to}.",
            en: "The centre's label covers the period from {from} to {to}."),
        RuleSentence(
            "labelProvisional", fr: "Le centre a un label provisoire depuis le {from}, sans date de fin.",
            en: "The centre has a provisional label since {from}, without an end date."),
        RuleSentence(
            "labelProvisional", fr: "Le centre a un label provisoire.", en: "The centre has a provisional label."),
        RuleSentence(
            "labelProvisional", fr: "Le centre a un label provisoire du {from} au {to}.",
            en: "The centre has a provisional label from {from} to {to}."),
        RuleSentence(
            "labelProvisionalBeyondHorizon",
            fr: "Le label provisoire du centre n'a pas de date de fin et le créneau est lointain : il reste conditionnel.",
            en: "The centre's provisional label has no end date and the slot is far ahead: it stays conditional."),
        RuleSentence(
            "labelProvisionalBeyondHorizon",
            fr: "Le label provisoire du centre n'a pas de date de fin : au-delà du {certainUntil}, un créneau reste conditionnel.",
            en: "The centre's provisional label has no end date: beyond {certainUntil}, a slot stays conditional."),
        RuleSentence(
            "labelPending", fr: "Le renouvellement du label du centre attend une décision : le créneau reste conditionnel.",
            en: "The renewal of the centre's label awaits a decision: the slot stays conditional."),
        RuleSentence(
            "labelPending",
            fr: "Le label du centre est certain jusqu'au {certainUntil} ; la suite attend une décision : le créneau reste conditionnel.",
            en: "The centre's label is certain until {certainUntil}; what follows awaits a decision: the slot stays conditional."),
        RuleSentence(
            "labelEndsInside", fr: "Le label du centre prend fin pendant le créneau.", en: "The centre's label ends inside the slot."),
        RuleSentence(
            "labelEndsInside",
            fr: "Le label du centre prend fin le {certainUntil}, avant la fin du créneau (le {slotLastDay}).",
            en: "The centre's label ends on {certainUntil}, before the end of the slot ({slotLastDay})."),
        RuleSentence(
            "labelNone", fr: "Le centre n'a pas de label à la date du créneau.", en: "The centre has no label at the time of the slot."),
        RuleSentence(
            "labelCandidate", fr: "Le centre a demandé le label et ne l'a pas encore reçu.",
            en: "The centre has applied for the label and has not received it yet."),
        RuleSentence("labelExpired", fr: "Le label du centre a expiré.", en: "The centre's label has expired."),
        RuleSentence(
            "labelExpired", fr: "Le label du centre a expiré le {termEndsOn}, et aucun renouvellement n'est demandé.",
            en: "The centre's label expired on {termEndsOn}, and no renewal has been applied for."),
        RuleSentence(
            "labelSuspended", fr: "Le label du centre est suspendu pendant le créneau.",
            en: "The centre's label is suspended during the slot."),
        RuleSentence(
            "labelSuspended", fr: "Le label du centre est suspendu depuis le {from}.",
            en: "The centre's label has been suspended since {from}."),
        RuleSentence(
            "labelSuspended", fr: "Le label du centre est suspendu du {from} au {to}.",
            en: "The centre's label is suspended from {from} to {to}."),
        RuleSentence("labelRefused", fr: "Le label a été refusé au centre.", en: "The centre was refused the label."),
        RuleSentence("labelWithdrawn", fr: "Le label du centre a été retiré.", en: "The centre's label has been withdrawn."),
        RuleSentence("labelAnnulled", fr: "Le label du centre a été annulé.", en: "The centre's label has been annulled."),
    ]

    private static let caller: [RuleSentence] = [
        RuleSentence(
            "labelled", of: "callerLabel", fr: "Votre centre est labellisé du {slotFirstDay} au {slotLastDay} : l'accès est direct.",
            en: "Your centre is labelled from {slotFirstDay} to {slotLastDay}: access is direct."),
        RuleSentence(
            "labelProvisional", of: "callerLabel", fr: "Votre centre a un label provisoire : l'accès est direct.",
            en: "Your centre has a provisional label: access is direct."),
        RuleSentence(
            "labelProvisionalBeyondHorizon", of: "callerLabel",
            fr: "Le label provisoire de votre centre n'a pas de date de fin et le créneau est lointain : il reste conditionnel.",
            en: "Your centre's provisional label has no end date and the slot is far ahead: it stays conditional."),
        RuleSentence(
            "labelPending", of: "callerLabel",
            fr: "Le renouvellement du label de votre centre attend une décision : le créneau reste conditionnel.",
            en: "The renewal of your centre's label awaits a decision: the slot stays conditional."),
        RuleSentence(
            "labelEndsInside", of: "callerLabel", fr: "Le label de votre centre prend fin avant le {slotLastDay}.",
            en: "Your centre's label ends before {slotLastDay}."),
        RuleSentence(
            "labelNone", of: "callerLabel", fr: "Votre centre n'a pas de label à la date du créneau.",
            en: "Your centre has no label at the time of the slot."),
        RuleSentence(
            "labelCandidate", of: "callerLabel", fr: "Votre centre a demandé le label et ne l'a pas encore reçu.",
            en: "Your centre has applied for the label and has not received it yet."),
        RuleSentence("labelExpired", of: "callerLabel", fr: "Le label de votre centre a expiré.", en: "Your centre's label has expired."),
        RuleSentence(
            "labelSuspended", of: "callerLabel", fr: "Le label de votre centre est suspendu pendant le créneau.",
            en: "Your centre's label is suspended during the slot."),
        RuleSentence(
            "labelRefused", of: "callerLabel", fr: "Le label a été refusé à votre centre.",
            en: "Your centre was refused the label."),
        RuleSentence(
            "labelWithdrawn", of: "callerLabel", fr: "Le label de votre centre a été retiré.",
            en: "Your centre's label has been withdrawn."),
        RuleSentence(
            "labelAnnulled", of: "callerLabel", fr: "Le label de votre centre a été annulé.",
            en: "Your centre's label has been annulled."),
    ]
}
