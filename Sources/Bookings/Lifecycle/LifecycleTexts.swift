import HTTPEdge

extension BookingTexts {
    /// What is said about holds, requests, changes, use, the waiting list, terms and quotas.
    static let lifecycle: [TextEntry] = rights + conflicts + requests

    private static let rights: [TextEntry] = [
        TextEntry(
            "commandForbidden.detail", fr: "Cette réservation ne se prête pas à cela avec les rôles de cette clé.",
            en: "This booking is not for the roles of this key to do that with."),
        TextEntry("overrideForbidden.title", fr: "Dérogation non permise", en: "Override not allowed"),
        TextEntry(
            "overrideForbidden.detail", fr: "Seul le personnel de chaque centre concerné écarte une règle.",
            en: "Only the staff of every centre concerned sets a rule aside."),
        TextEntry("ownRequest.title", fr: "Demande de sa propre organisation", en: "One's own request"),
        TextEntry(
            "ownRequest.detail", fr: "Personne n'approuve ce que sa propre organisation, ou sa propre clé, demande.",
            en: "Nobody approves what their own organisation, or their own key, asks for."),
    ]

    private static let conflicts: [TextEntry] = [
        TextEntry("notHeld.title", fr: "Rien à confirmer", en: "Nothing to confirm"),
        TextEntry(
            "notHeld.detail", fr: "Une réservation {state} ne se confirme pas : il faut une option, une offre ou un brouillon.",
            en: "A booking that is {state} is not to be confirmed: it takes a hold, an offer or a draft."),
        TextEntry("holdExpired.title", fr: "Option expirée", en: "Hold expired"),
        TextEntry(
            "holdExpired.detail", fr: "Le délai est passé ; la place n'est plus gardée.",
            en: "The deadline has passed; the room is not kept any more."),
        TextEntry("notRequested.title", fr: "Rien à décider", en: "Nothing to decide"),
        TextEntry(
            "notRequested.detail", fr: "Une réservation {state} n'attend pas d'approbation.",
            en: "A booking that is {state} does not wait for an approval."),
        TextEntry("requestExpired.title", fr: "Demande expirée", en: "Request expired"),
        TextEntry(
            "requestExpired.detail", fr: "Le délai pour décider est passé.", en: "The time to decide has passed."),
        TextEntry("notChangeable.title", fr: "Modification impossible", en: "Cannot be changed"),
        TextEntry(
            "notChangeable.detail", fr: "Une réservation {state} ne se modifie pas.",
            en: "A booking that is {state} is not to be changed."),
        TextEntry("otherCentre.detail", fr: "La première ligne reste dans son centre.", en: "The first line stays at its centre."),
        TextEntry("notUsable.title", fr: "Pas d'usage possible", en: "Not to be used"),
        TextEntry(
            "notUsable.detail", fr: "Une réservation {state} ne donne pas accès.", en: "A booking that is {state} gives no access."),
        TextEntry("notInUse.title", fr: "Pas en cours", en: "Not in use"),
        TextEntry(
            "notInUse.detail", fr: "Rien de cette réservation n'est en cours, ou ne l'a été.",
            en: "Nothing of this booking is in use, or has been."),
        TextEntry("tooEarly.title", fr: "Trop tôt", en: "Too early"),
        TextEntry("tooEarly.detail", fr: "L'heure n'est pas encore venue.", en: "The time has not come yet."),
        TextEntry("tooLate.title", fr: "Trop tard", en: "Too late"),
        TextEntry("tooLate.detail", fr: "L'heure est passée.", en: "The time has passed."),
        TextEntry("alreadyCheckedIn.title", fr: "Déjà en cours", en: "Already checked in"),
        TextEntry(
            "alreadyCheckedIn.detail", fr: "L'arrivée a déjà été notée.", en: "The arrival was noted already."),
        TextEntry("useSuspended.title", fr: "Label suspendu", en: "Label suspended"),
        TextEntry(
            "useSuspended.detail", fr: "Le label d'un centre concerné est suspendu : l'usage ne commence pas.",
            en: "The label of a centre concerned is suspended: the use does not begin."),
        TextEntry("notWaiting.title", fr: "Pas en liste d'attente", en: "Not on the waiting list"),
        TextEntry(
            "notWaiting.detail", fr: "Une réservation {state} n'attend pas de place.",
            en: "A booking that is {state} does not wait for room."),
        TextEntry("quotaEnded.title", fr: "Quota déjà terminé", en: "Quota ended already"),
        TextEntry("quotaEnded.detail", fr: "Plus rien n'y compte.", en: "Nothing counts against it any more."),
    ]

    private static let requests: [TextEntry] = [
        TextEntry(
            "reason.draftAlone", fr: "un brouillon n'attend pas et n'écarte aucune règle",
            en: "a draft does not wait and sets no rule aside"),
        TextEntry(
            "reason.organisationStays", fr: "une réservation reste à son organisation", en: "a booking stays with its organisation"),
        TextEntry("reason.endBeforeStart", fr: "après le début de chaque ligne", en: "after the start of each line"),
        TextEntry(
            "reason.attendanceOrIncident", fr: "« attendance » ou « incident »", en: "\"attendance\" or \"incident\""),
        TextEntry("reason.quotaToBeforeFrom", fr: "pas avant « from »", en: "not before \"from\""),
        TextEntry(
            "reason.allowanceByAgreement", fr: "une convention donne ces heures : demandez-en une avec « allowanceHours »",
            en: "an agreement gives these hours: ask for one with \"allowanceHours\""),
        TextEntry(
            "reason.quotaSaysHowMuch", fr: "« mostMinutes », « mostBookings » ou les deux",
            en: "\"mostMinutes\", \"mostBookings\" or both"),
        TextEntry(
            "reason.resourceOfCentre", fr: "ressource du centre « centreId »", en: "a resource of the centre \"centreId\""),
        TextEntry("reason.resourceUnknown", fr: "ressource inconnue", en: "unknown resource"),
    ]
}
