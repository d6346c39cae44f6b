import HTTPEdge

extension InventoryTexts {
    static let funding: [TextEntry] = [
        TextEntry("durabilityPeriod.title", fr: "Période de pérennité en cours", en: "Durability period runs"),
        TextEntry(
            "durabilityPeriod.detail",
            fr: """
                {funder} : jusqu'au {until}, l'équipement reste en service, à son propriétaire et partagé. \
                Pour passer outre, donnez une raison, « durabilityOverride » ; elle est conservée et annoncée.
                """,
            en: """
                {funder}: until {until} the equipment stays in service, under its owner and shared. \
                To go on all the same, give a reason, "durabilityOverride"; it is kept and told.
                """),
        TextEntry("fundingDurable.title", fr: "Période de pérennité en cours", en: "Durability period runs"),
        TextEntry(
            "fundingDurable.detail",
            fr: """
                {funder} : la période de pérennité court jusqu'au {until}. Seul le réseau la raccourcit, clôt la ligne ou en change \
                le financeur, la nature, le programme, la part, les jours ou une limite vers le haut.
                """,
            en: """
                {funder}: the durability period runs until {until}. The network alone shortens it, ends the line, or changes its \
                payer, nature, programme, share, days or a limit upwards.
                """),
        TextEntry("fundingShareExceeded.title", fr: "Parts au-delà de 100 %", en: "Shares above 100 %"),
        TextEntry(
            "fundingShareExceeded.detail",
            fr: "Le {day}, il reste {left} % du prix de l'équipement à financer.",
            en: "On {day}, {left} % of the price of the equipment is left to be paid."),
        TextEntry("fundingLineEnded.title", fr: "Ligne déjà clôturée", en: "Line ended already"),
        TextEntry(
            "fundingLineEnded.detail", fr: "Elle ne compte plus et ne change plus ; créez-en une autre.",
            en: "It counts no more and does not change any more; create another one."),
        TextEntry(
            "reason.onePartner", fr: "« organisationId » ou « body », l'un des deux", en: "\"organisationId\" or \"body\", one of them"),
        TextEntry(
            "reason.agreementOfPartner", fr: "demande « organisationId » : une convention lie le centre à une organisation",
            en: "needs \"organisationId\": an agreement is with an organisation"),
        TextEntry(
            "reason.fundingAgreementUnknown", fr: "ce n'est pas une convention du centre avec ce partenaire",
            en: "not an agreement of the centre with this partner"),
        TextEntry("reason.fundingToBeforeFrom", fr: "précède « from »", en: "is before \"from\""),
        TextEntry("reason.durableBeforeFrom", fr: "précède « from »", en: "is before \"from\""),
        TextEntry(
            "reason.sharePercent", fr: "de 0,01 à 100, avec deux décimales au plus", en: "from 0.01 to 100, with two decimals at most"),
        TextEntry(
            "reason.withinDurability", fr: "des fonds lient encore l'équipement : passez par sa fiche, en donnant une raison",
            en: "funds still bind the equipment: use its page and give a reason"),
    ]
}
