import HTTPEdge

/// What mail says.
enum MailTexts {
    static let entries: [TextEntry] = subjects + leads + parts

    private static let subjects: [TextEntry] = [
        TextEntry("mail.confirmed.subject", fr: "Réservation confirmée : {what}, {when}", en: "Booking confirmed: {what}, {when}"),
        TextEntry("mail.requested.subject", fr: "Demande reçue : {what}, {when}", en: "Request received: {what}, {when}"),
        TextEntry("mail.approvalAsked.subject", fr: "Demande à décider : {what}, {when}", en: "Request to decide: {what}, {when}"),
        TextEntry(
            "mail.approvalReminder.subject", fr: "Rappel, demande à décider : {what}, {when}",
            en: "Reminder, request to decide: {what}, {when}"),
        TextEntry("mail.expired.subject", fr: "Sans suite : {what}, {when}", en: "Lapsed: {what}, {when}"),
        TextEntry("mail.timeGone.subject", fr: "Place prise : {what}, {when}", en: "The time is gone: {what}, {when}"),
        TextEntry("mail.approved.subject", fr: "Demande acceptée : {what}, {when}", en: "Request approved: {what}, {when}"),
        TextEntry("mail.rejected.subject", fr: "Demande refusée : {what}, {when}", en: "Request rejected: {what}, {when}"),
        TextEntry("mail.offered.subject", fr: "Une place s'est libérée : {what}, {when}", en: "Room has come free: {what}, {when}"),
        TextEntry("mail.changed.subject", fr: "Réservation modifiée : {what}, {when}", en: "Booking changed: {what}, {when}"),
        TextEntry("mail.suspended.subject", fr: "Réservation suspendue : {what}, {when}", en: "Booking suspended: {what}, {when}"),
        TextEntry("mail.restored.subject", fr: "Réservation rétablie : {what}, {when}", en: "Booking restored: {what}, {when}"),
        TextEntry("mail.cancelled.subject", fr: "Réservation annulée : {what}, {when}", en: "Booking cancelled: {what}, {when}"),
        TextEntry("mail.reminder.subject", fr: "Rappel : {what}, {when}", en: "Reminder: {what}, {when}"),
        TextEntry("mail.returnDue.subject", fr: "À rendre : {what}, {when}", en: "To be returned: {what}, {when}"),
        TextEntry("mail.returnLate.subject", fr: "Retour en retard : {what}, {when}", en: "Late return: {what}, {when}"),
    ]

    private static let leads: [TextEntry] = [
        TextEntry("mail.confirmed.lead", fr: "Votre réservation est enregistrée.", en: "Your booking is made."),
        TextEntry(
            "mail.requested.lead",
            fr: "Votre demande est enregistrée ; le centre doit encore l'accepter. La place est gardée jusque-là.",
            en: "Your request is recorded; the centre still has to approve it. The room is kept until then."),
        TextEntry(
            "mail.approvalAsked.lead", fr: "Une demande attend votre décision, au plus tard {deadline}.",
            en: "A request waits for your decision, at the latest {deadline}."),
        TextEntry(
            "mail.approvalReminder.lead",
            fr: "Cette demande attend toujours votre décision ; sans réponse, elle sera sans suite {deadline}.",
            en: "This request still waits for your decision; without an answer it lapses {deadline}."),
        TextEntry(
            "mail.expired.lead", fr: "Le délai est passé : ce qui suit n'est plus réservé, demandé ni attendu.",
            en: "The time has run out: what follows is no longer booked, asked for or waited for."),
        TextEntry(
            "mail.timeGone.lead",
            fr: "Ce que vous prépariez ou attendiez vient d'être attribué à d'autres. Une demande en attente le reste, au cas où la "
                + "place se libérerait.",
            en: "What you were preparing or waiting for has just gone to others. Who waits goes on waiting, should the room come free."),
        TextEntry("mail.approved.lead", fr: "Le centre a accepté votre demande.", en: "The centre has approved your request."),
        TextEntry(
            "mail.rejected.lead", fr: "Le centre n'a pas accepté votre demande ; la place est libérée.",
            en: "The centre has not approved your request; the room is free again."),
        TextEntry(
            "mail.offered.lead", fr: "Ce que vous attendiez est libre et gardé pour vous. Confirmez au plus tard {deadline}.",
            en: "What you were waiting for is free and kept for you. Confirm at the latest {deadline}."),
        TextEntry("mail.changed.lead", fr: "Votre réservation a changé ; la voici.", en: "Your booking has changed; here it is."),
        TextEntry(
            "mail.suspended.lead", fr: "Votre réservation est suspendue : elle ne peut pas avoir lieu pour le moment.",
            en: "Your booking is suspended: it cannot take place for the time being."),
        TextEntry("mail.restored.lead", fr: "Votre réservation est rétablie.", en: "Your booking is restored."),
        TextEntry("mail.cancelled.lead", fr: "Cette réservation est annulée.", en: "This booking is cancelled."),
        TextEntry("mail.reminder.lead", fr: "Votre réservation approche.", en: "Your booking is coming up."),
        TextEntry(
            "mail.returnDue.lead", fr: "Ce qui suit vous a été remis et est à rendre : {deadline}.",
            en: "What follows was handed out to you and is due: {deadline}."),
        TextEntry(
            "mail.returnLate.lead",
            fr: """
                Ce qui suit vous a été remis et devait revenir : {deadline}. Rendez-le dès que possible, ou dites au centre ce qu'il en \
                est.
                """,
            en: """
                What follows was handed out to you and was due: {deadline}. Return it as soon as you can, or tell the centre how it \
                stands.
                """),
    ]

    private static let parts: [TextEntry] = [
        TextEntry("mail.dates", fr: "{count} {count|date|dates}", en: "{count} {count|date|dates}"),
        TextEntry("mail.greeting", fr: "Bonjour,", en: "Hello,"),
        TextEntry("mail.greetingTo", fr: "Bonjour {name},", en: "Hello {name},"),
        TextEntry("mail.time", fr: "– {resource} ({site}) : {time}", en: "– {resource} ({site}): {time}"),
        TextEntry(
            "mail.timeWithPlaces", fr: "– {resource} ({site}) : {time}, {taken} {taken|place|places} sur {all}",
            en: "– {resource} ({site}): {time}, {taken} of {all} {all|place|places}"),
        TextEntry("mail.things", fr: "{count} {count|chose|choses}", en: "{count} {count|thing|things}"),
        TextEntry("mail.thing", fr: "– {thing} ({site})", en: "– {thing} ({site})"),
        TextEntry("mail.items", fr: "{count} × {thing}", en: "{count} × {thing}"),
        TextEntry("mail.takenBy", fr: "Emporté par : {name}", en: "Taken by: {name}"),
        TextEntry("mail.returnTo", fr: "À rendre à : {centre}", en: "To be returned to: {centre}"),
        TextEntry("mail.further", fr: "… et {count} {count|autre|autres}", en: "… and {count} more"),
        TextEntry(
            "mail.conditional", fr: "Elle est conditionnelle : elle dépend du label du centre.",
            en: "It is conditional: it depends on the centre's label."),
        TextEntry("mail.reason", fr: "Raison donnée : {reason}", en: "Reason given: {reason}"),
        TextEntry(
            "mail.footer", fr: "Message automatique de Plateau. Votre organisation choisit ce qui lui est envoyé.",
            en: "An automatic message from Plateau. Your organisation chooses what it is sent."),
        TextEntry(
            "reason.mailAddress", fr: "une adresse comme nom@exemple.be est attendue, sans espaces ni accents",
            en: "an address such as name@example.org is expected, without spaces or accents"),
    ]
}
