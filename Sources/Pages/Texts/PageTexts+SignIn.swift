import HTTPEdge

extension PageTexts {
    /// Signing in with an account at an identity provider, or with a password.
    static let signIn: [TextEntry] = [
        TextEntry("page.signIn.withProvider", fr: "Avec votre compte", en: "With your account"),
        TextEntry(
            "page.signIn.providerLead",
            fr: "Vous vous identifiez auprès de {provider}, qui vous ramène ici.",
            en: "You identify yourself at {provider}, which brings you back here."),
        TextEntry("page.signIn.atProvider", fr: "Continuer avec {provider}", en: "Continue with {provider}"),
        TextEntry(
            "page.signIn.providerUnreachable",
            fr: "{provider} ne répond pas. Rien n’a été fait ; réessayez dans quelques minutes.",
            en: "{provider} does not answer. Nothing was done; try again in a few minutes."),
        TextEntry(
            "page.signIn.providerUnusable",
            fr: "La connexion avec {provider} est mal réglée. Rien n’a été fait ; prévenez le gestionnaire du réseau.",
            en: "The connection with {provider} is not set up rightly. Nothing was done; tell the network’s manager."),
        TextEntry(
            "page.signIn.notBegunHere",
            fr: "Cette réponse ne correspond à aucune connexion commencée dans ce navigateur. Recommencez ici.",
            en: "This answer belongs to no sign-in that was begun in this browser. Begin again here."),
        TextEntry(
            "page.signIn.tooLate",
            fr: "Cette connexion est trop ancienne, ou a déjà servi. Recommencez ici.",
            en: "This sign-in is too old, or was used already. Begin again here."),
        TextEntry(
            "page.signIn.declined",
            fr: "{provider} ne vous a pas identifié. Recommencez, ou choisissez un autre compte.",
            en: "{provider} did not identify you. Begin again, or choose another account."),
        TextEntry(
            "page.signIn.answerRefused",
            fr: "La réponse de {provider} n’a pas pu être acceptée. Recommencez ici.",
            en: "The answer of {provider} could not be accepted. Begin again here."),
        TextEntry(
            "page.signIn.notRegistered",
            fr: "Le compte {address} n’est pas inscrit ici, ou ne l’est plus. Demandez au gestionnaire du réseau de l’inscrire.",
            en: "The account {address} is not registered here, or no longer. Ask the network’s manager to register it."),
        TextEntry(
            "page.signIn.notVerified",
            fr: "{provider} n’a pas vérifié l’adresse {address}, et votre compte n’est pas inscrit autrement.",
            en: "{provider} has not verified the address {address}, and your account is not registered otherwise."),
        TextEntry(
            "page.signIn.noAddress",
            fr: "{provider} n’a pas donné d’adresse, et votre compte n’est pas inscrit autrement.",
            en: "{provider} gave no address, and your account is not registered otherwise."),
        TextEntry("page.keys.ofPerson", fr: "se connecte aux pages", en: "signs in to the pages"),
        TextEntry("page.signIn.withPassword", fr: "Avec un mot de passe", en: "With a password"),
        TextEntry(
            "page.signIn.passwordLead",
            fr: "Pour les personnes que le gestionnaire du réseau a inscrites.", en: "For people whom the network’s manager has registered."
        ),
        TextEntry("page.signIn.email", fr: "Adresse électronique", en: "E-mail address"),
        TextEntry("page.signIn.password", fr: "Mot de passe", en: "Password"),
        TextEntry(
            "page.signIn.passwordWrong",
            fr: "Cette adresse et ce mot de passe ne vont pas ensemble.", en: "This address and this password do not belong together."),
        TextEntry(
            "page.signIn.tooManyTries",
            fr: "Trop d’essais pour cette adresse, ou depuis ce réseau. Réessayez dans {minutes} {minutes|minute|minutes}.",
            en: "Too many tries for this address, or from this network. Try again in {minutes} {minutes|minute|minutes}."),
        TextEntry(
            "page.signIn.busy", fr: "Beaucoup de personnes se connectent en ce moment. Réessayez dans une minute.",
            en: "Many people are signing in at this moment. Try again in a minute."),
        TextEntry("page.password.title", fr: "Mot de passe", en: "Password"),
        TextEntry(
            "page.password.lead", fr: "Le nouveau vaut tout de suite ; vous restez connecté ici, et plus nulle part ailleurs.",
            en: "The new one holds at once; you stay signed in here, and nowhere else."),
        TextEntry("page.password.former", fr: "Mot de passe actuel", en: "Present password"),
        TextEntry("page.password.new", fr: "Nouveau mot de passe", en: "New password"),
        TextEntry(
            "page.password.hint",
            fr: "De {least} à {most} caractères, dont {differing} différents au moins ; pas votre adresse. Une phrase convient.",
            en: "{least} to {most} characters, {differing} different ones at least; not your address. A sentence will do."),
        TextEntry("page.password.again", fr: "Nouveau mot de passe, encore une fois", en: "New password, once more"),
        TextEntry("page.password.change", fr: "Changer", en: "Change"),
        TextEntry("page.password.wrong", fr: "Ce n’est pas votre mot de passe actuel.", en: "This is not your present password."),
        TextEntry("page.password.notAllowed", fr: "Ce nouveau mot de passe ne convient pas.", en: "This new password cannot be used."),
        TextEntry("page.password.differ", fr: "Les deux nouveaux mots de passe diffèrent.", en: "The two new passwords differ."),
        TextEntry(
            "page.password.none", fr: "Vous ne vous connectez pas avec un mot de passe : il n’y a rien à changer ici.",
            en: "You do not sign in with a password: there is nothing to change here."),
        TextEntry("page.news.passwordChanged", fr: "Le mot de passe est changé.", en: "The password is changed."),
    ]
}
