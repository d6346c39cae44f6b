import HTTPEdge

extension RuleSentence {
    /// The codes of `bookings.kit_pieces` and `bookings.kit_rules`.
    static let kit: [RuleSentence] = [
        RuleSentence("kitUnknown", fr: "Le kit {kitId} n'existe pas.", en: "The kit {kitId} does not exist."),
        RuleSentence(
            "kitNotInForce", fr: "Le kit « {kitName} » ne se réserve qu'à partir du {from}.",
            en: "The kit \"{kitName}\" can be had from {from} on only."),
        RuleSentence(
            "kitNotInForce", fr: "Le kit « {kitName} » ne se réserve que du {from} au {to}.",
            en: "The kit \"{kitName}\" can be had from {from} to {to} only."),
        RuleSentence(
            "kitTooFew", fr: "Le kit « {kitName} » demande {needed} × « {memberName} » ; le centre n'en a que {there} à y mettre.",
            en: "The kit \"{kitName}\" asks for {needed} × \"{memberName}\"; the centre has only {there} to put into it."),
        RuleSentence("modelUnknown", fr: "Le modèle {modelId} n'existe pas.", en: "The model {modelId} does not exist."),
        RuleSentence(
            "quantityTooLarge", fr: "Demandé : {seats} × « {modelName} » ; le centre en a {capacity} en tout.",
            en: "Asked for: {seats} × \"{modelName}\"; the centre has {capacity} in all."),
        RuleSentence(
            "noFreeUnit",
            fr: "Demandé : {needed} × « {modelName} » ; {free} sur {units} {free|est libre|sont libres} pendant tout le créneau, et aucun "
                + "échange n'en libère assez.",
            en: "Asked for: {needed} × \"{modelName}\"; {free} of {units} {free|is|are} free throughout the slot, and no exchange frees "
                + "enough."),
    ]
}

extension RuleExplanation {
    /// The sentence; of a member of a kit, which one it is about.
    func sentence(by speaker: Speaker) -> String {
        let sentence = speaker.say(text)
        guard rule != "kit", case .string(let kit)? = facts["kitName"], case .string(let member)? = facts["memberName"] else {
            return sentence
        }
        return speaker.say(
            Text("rule.ofKitMember", ["kit": .text(kit), "member": .text(member), "sentence": .text(sentence)]))
    }

    /// Whom the sentence of a rule is about.
    static let ofKitMember = TextEntry(
        "rule.ofKitMember", fr: "Kit « {kit} », « {member} » : {sentence}", en: "Kit \"{kit}\", \"{member}\": {sentence}")
}
