/// What the edge itself says.
///
/// A problem's title has the key `<code>.title`.
enum EdgeTexts {
    static let entries = problems + reasons + TableTexts.entries + CalendarTexts.entries

    private static let problems: [TextEntry] = [
        TextEntry("requestMalformed.title", fr: "Requête illisible", en: "Malformed request"),
        TextEntry("invalidRequest.title", fr: "Requête invalide", en: "Invalid request"),
        TextEntry(
            "invalidRequest.detail", fr: "La requête contient {count} {count|erreur, détaillée|erreurs, détaillées} dans « issues ».",
            en: "The request has {count} {count|error|errors}, listed in \"issues\"."),
        TextEntry("jsonMalformed.title", fr: "JSON illisible", en: "Malformed JSON"),
        TextEntry(
            "jsonMalformed.detail", fr: "Le corps de la requête n'est pas un objet JSON valide en UTF-8.",
            en: "The request body is not a valid JSON object in UTF-8."),
        TextEntry(
            "bodyNotUTF8.detail",
            fr: "Le corps de la requête doit être du JSON en UTF-8, sans indicateur d'ordre des octets (BOM) ni octet nul.",
            en: "The request body must be JSON in UTF-8, without a byte order mark (BOM) or a zero byte."),
        TextEntry("unauthorized.title", fr: "Authentification requise", en: "Authentication required"),
        TextEntry(
            "unauthorized.detail", fr: "Envoyez une clé valide dans l'en-tête « Authorization: Bearer ».",
            en: "Send a valid key in the \"Authorization: Bearer\" header."),
        TextEntry("forbidden.title", fr: "Accès refusé", en: "Access denied"),
        TextEntry(
            "forbidden.detail", fr: "Cette opération demande un de ces rôles : {roles}.",
            en: "This operation asks for one of these roles: {roles}."),
        TextEntry("notFound.title", fr: "Introuvable", en: "Not found"),
        TextEntry("methodNotAllowed.title", fr: "Méthode non permise", en: "Method not allowed"),
        TextEntry(
            "methodNotAllowed.detail", fr: "Cette adresse accepte : {methods}.", en: "This address accepts: {methods}."),
        TextEntry("methodUnknown.title", fr: "Méthode inconnue", en: "Unknown method"),
        TextEntry("contentTooLarge.title", fr: "Requête trop volumineuse", en: "Content too large"),
        TextEntry(
            "contentTooLarge.detail", fr: "Le corps de la requête dépasse {limit} octets.",
            en: "The request body is larger than {limit} bytes."),
        TextEntry("addressTooLong.title", fr: "Adresse trop longue", en: "Address too long"),
        TextEntry("requestTooSlow.title", fr: "Requête trop lente", en: "Request too slow"),
        TextEntry("headerFieldsTooLarge.title", fr: "En-têtes trop volumineux", en: "Header fields too large"),
        TextEntry("unsupportedMediaType.title", fr: "Type de contenu non accepté", en: "Unsupported media type"),
        TextEntry(
            "unsupportedMediaType.detail", fr: "Le corps doit être de type {accepted}.", en: "The body must be {accepted}."),
        TextEntry("preconditionRequired.title", fr: "En-tête If-Match requis", en: "If-Match required"),
        TextEntry(
            "preconditionRequired.detail",
            fr: "Renvoyez dans « If-Match » l'étiquette (ETag) de la version que vous avez lue.",
            en: "Send the ETag of the version you read in \"If-Match\"."),
        TextEntry("preconditionFailed.title", fr: "La ressource a changé", en: "The resource has changed"),
        TextEntry(
            "preconditionFailed.detail", fr: "Une autre version existe depuis votre lecture : relisez, puis recommencez.",
            en: "There is a newer version than the one you read: read again, then retry."),
        TextEntry("idempotencyKeyReused.title", fr: "Clé d'idempotence déjà utilisée", en: "Idempotency key reused"),
        TextEntry(
            "idempotencyKeyReused.detail", fr: "Cette clé a servi pour une autre requête.",
            en: "This key was used for another request."),
        TextEntry("idempotencyInFlight.title", fr: "Requête en cours", en: "Request in flight"),
        TextEntry(
            "idempotencyInFlight.detail", fr: "Une requête avec la même clé est en cours : réessayez sous peu.",
            en: "A request with the same key is being processed: try again shortly."),
        TextEntry("cursorInvalid.title", fr: "Curseur invalide", en: "Invalid cursor"),
        TextEntry(
            "cursorInvalid.detail",
            fr: "Le curseur n'a pas été émis pour cette liste, ces filtres et cette taille de page.",
            en: "The cursor was not issued for this list, these filters and this page size."),
        TextEntry("tooManyRequests.title", fr: "Trop de requêtes", en: "Too many requests"),
        TextEntry(
            "tooManyRequests.key",
            fr: "Cette clé permet {rate} unités par minute, dont {burst} à la fois : réessayez dans {seconds} seconde(s).",
            en: "This key may spend {rate} units a minute, {burst} of them at once: try again in {seconds} second(s)."),
        TextEntry(
            "tooManyRequests.address",
            fr: "Sans clé, votre adresse permet {rate} requêtes par minute, dont {burst} à la fois : réessayez dans {seconds} seconde(s).",
            en: "Without a key, your address may make {rate} requests a minute, {burst} at once: try again in {seconds} second(s)."),
        TextEntry(
            "tooManyRequests.failures",
            fr: "Trop de clés non valides sont venues de votre adresse : réessayez dans {seconds} seconde(s).",
            en: "Too many keys that are not valid came from your address: try again in {seconds} second(s)."),
        TextEntry("serviceUnavailable.title", fr: "Service momentanément indisponible", en: "Temporarily unavailable"),
        TextEntry(
            "serviceUnavailable.detail", fr: "Réessayez dans {seconds} {seconds|seconde|secondes}.",
            en: "Try again in {seconds} {seconds|second|seconds}."),
        TextEntry("outcomeUnknown.title", fr: "Issue inconnue", en: "Outcome unknown"),
        TextEntry(
            "outcomeUnknown.detail",
            fr: "La demande a peut-être été exécutée. Répétez-la avec la même Idempotency-Key dans {seconds} {seconds|seconde|secondes}.",
            en: "The request may have been carried out. Repeat it with the same Idempotency-Key in {seconds} {seconds|second|seconds}."),
        TextEntry("internalError.title", fr: "Erreur interne", en: "Internal error"),
        TextEntry(
            "internalError.detail", fr: "L'erreur est consignée sous l'identifiant {request}.",
            en: "The error is logged under the identifier {request}."),
        TextEntry("requestRefused.title", fr: "Requête refusée", en: "Request refused"),
    ]

    private static let reasons: [TextEntry] = [
        TextEntry("reason.missing", fr: "champ obligatoire", en: "required"),
        TextEntry("reason.null", fr: "null n'est pas accepté : omettez le champ", en: "null is not accepted: leave the field out"),
        TextEntry("reason.unknown", fr: "champ inconnu", en: "unknown field"),
        TextEntry("reason.unknownParameter", fr: "paramètre inconnu", en: "unknown parameter"),
        TextEntry("reason.duplicate", fr: "donné plus d'une fois", en: "given more than once"),
        TextEntry("reason.encoding", fr: "codage pourcent invalide", en: "invalid percent-encoding"),
        TextEntry("reason.depth", fr: "imbrication de plus de {limit} niveaux", en: "nested deeper than {limit} levels"),
        TextEntry(
            "reason.digest", fr: "n'est pas l'empreinte du contenu reçu", en: "is not the digest of the content that was received"),
        TextEntry("reason.header", fr: "en-tête mal formé", en: "malformed header"),
        TextEntry("reason.type", fr: "{expected} attendu, {found} reçu", en: "expected {expected}, got {found}"),
        TextEntry("reason.text", fr: "texte attendu", en: "expected a text"),
        TextEntry("reason.object", fr: "objet attendu", en: "expected an object"),
        TextEntry("reason.list", fr: "liste attendue", en: "expected a list"),
        TextEntry("reason.boolean", fr: "true ou false attendu", en: "expected true or false"),
        TextEntry("reason.integer", fr: "nombre entier attendu", en: "expected an integer"),
        TextEntry("reason.number", fr: "nombre attendu", en: "expected a number"),
        TextEntry("reason.range", fr: "entre {least} et {most}", en: "must be from {least} to {most}"),
        TextEntry("reason.tooLong", fr: "plus de {limit} caractères", en: "longer than {limit} characters"),
        TextEntry("reason.empty", fr: "ne peut pas être vide", en: "must not be empty"),
        TextEntry("reason.control", fr: "caractère de contrôle non permis", en: "control character not allowed"),
        TextEntry("reason.tooMany", fr: "plus de {limit} éléments", en: "more than {limit} items"),
        TextEntry("reason.tooFew", fr: "moins de {limit} {limit|élément|éléments}", en: "fewer than {limit} {limit|item|items}"),
        TextEntry("reason.choice", fr: "valeurs permises : {allowed}", en: "allowed values: {allowed}"),
        TextEntry(
            "reason.instant", fr: "instant RFC 3339 avec décalage attendu, par exemple 2026-03-02T08:30:00+01:00",
            en: "expected an RFC 3339 instant with an offset, such as 2026-03-02T08:30:00+01:00"),
        TextEntry("reason.day", fr: "jour attendu, par exemple 2026-03-02", en: "expected a day, such as 2026-03-02"),
        TextEntry("reason.time", fr: "heure locale attendue, par exemple 08:30", en: "expected a local time, such as 08:30"),
        TextEntry(
            "reason.enterpriseNumber", fr: "numéro d'entreprise attendu (10 chiffres et leur contrôle)",
            en: "expected an enterprise number (10 digits with their check)"),
        TextEntry(
            "reason.establishmentNumber", fr: "numéro d'unité d'établissement attendu (10 chiffres et leur contrôle)",
            en: "expected an establishment unit number (10 digits with their check)"),
        TextEntry("reason.reference", fr: "référence de réservation attendue", en: "expected a booking reference"),
        TextEntry("reason.identifier", fr: "identifiant (UUID) attendu", en: "expected an identifier (UUID)"),
        TextEntry("reason.period", fr: "« end » doit suivre « start »", en: "\"end\" must be after \"start\""),
        TextEntry("reason.windowTooLong", fr: "au plus {days} jours", en: "at most {days} days"),
    ]
}
