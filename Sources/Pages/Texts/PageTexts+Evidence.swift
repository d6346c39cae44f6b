import HTTPEdge

extension PageTexts {
    /// The dossier for the renewal of a label.
    static let evidence: [TextEntry] = [
        TextEntry("page.evidence.title", fr: "Dossier de renouvellement du label", en: "Dossier for the renewal of the label"),
        TextEntry(
            "page.evidence.lead",
            fr: """
                Ce que l’utilisation montre, élément par élément du cahier des charges et mission par mission du décret. À imprimer \
                et à joindre.
                """,
            en: "What use shows, element by element of the specifications and mission by mission of the decree. To be printed and filed."),
        TextEntry("page.evidence.gaps", fr: "Ce qui manque", en: "What is missing"),
        TextEntry(
            "page.evidence.gapSummary",
            fr: "{count} {count|point à expliquer ou à combler|points à expliquer ou à combler}.",
            en: "{count} {count|point|points} to explain or to fill."),
        TextEntry("page.evidence.see", fr: "Voir", en: "See"),
        TextEntry("page.gap.missionWithoutUse", fr: "Mission sans utilisation : {about}.", en: "Mission without use: {about}."),
        TextEntry(
            "page.gap.audienceNotReached", fr: "Public visé, non atteint : {about}.", en: "Audience targeted, not reached: {about}."),
        TextEntry("page.gap.actorMissing", fr: "N’ont rien réservé : {about}.", en: "Have booked nothing: {about}."),
        TextEntry("page.gap.idleResource", fr: "Jamais réservé : {about}.", en: "Never booked: {about}."),
        TextEntry(
            "page.gap.recognitionFileMissing", fr: "Aucun dossier de reconnaissance en vigueur.", en: "No recognition file in force."),
        TextEntry("page.gap.advancedEquipmentMissing", fr: "Aucun équipement de pointe.", en: "No advanced equipment."),
        TextEntry(
            "page.gap.equipmentPastRenewal",
            fr: "Des équipements ont dépassé leur renouvellement prévu.", en: "Equipment is past its expected renewal."),
        TextEntry("page.element.economicRoots", fr: "1. Ancrage dans la vie économique", en: "1. Roots in economic life"),
        TextEntry("page.element.trainingOffer", fr: "2. Offre de formation", en: "2. Training offer"),
        TextEntry("page.element.resourceCentre", fr: "3. Centre de ressources multi-usager", en: "3. Multi-user resource centre"),
        TextEntry("page.element.mixedInvestment", fr: "4. Partenariat et investissement mixte", en: "4. Partnership and mixed investment"),
        TextEntry(
            "page.elementLead.economicRoots", fr: "Les entreprises qui utilisent le centre.", en: "The companies that use the centre."),
        TextEntry(
            "page.elementLead.trainingOffer",
            fr: "Les formations données, par activité et par secteur.", en: "The training given, by activity and by sector."),
        TextEntry(
            "page.elementLead.resourceCentre",
            fr: "L’usage des plates-formes et des équipements, par qui et pour quels publics.",
            en: "The use of platforms and equipment, by whom and for which audiences."),
        TextEntry(
            "page.elementLead.mixedInvestment", fr: "Les équipements, leur âge et ceux qui les financent.",
            en: "The equipment, its age and who pays for it."),
        TextEntry("page.evidence.seeUtilisation", fr: "Voir les chiffres de l’utilisation", en: "See the figures of use"),
        TextEntry("page.evidence.seeInventory", fr: "Voir l’inventaire", en: "See the inventory"),
        TextEntry("page.evidence.companies", fr: "Entreprises utilisatrices", en: "Companies that booked"),
        TextEntry("page.evidence.companyHours", fr: "Heures de poste des entreprises", en: "Workstation-hours of companies"),
        TextEntry("page.evidence.agreements", fr: "Conventions", en: "Agreements"),
        TextEntry("page.evidence.traineeHours", fr: "Heures-stagiaires", en: "Trainee-hours"),
        TextEntry("page.evidence.participations", fr: "Participations", en: "Participations"),
        TextEntry("page.evidence.byActivity", fr: "Par activité", en: "By activity"),
        TextEntry("page.evidence.bySector", fr: "Par secteur", en: "By sector"),
        TextEntry("page.evidence.byAudience", fr: "Par public", en: "By audience"),
        TextEntry("page.evidence.ofHours", fr: "{what}\u{A0}: {hours}\u{A0}h", en: "{what}: {hours} h"),
        TextEntry("page.evidence.pair", fr: "{what}\u{A0}: {value}", en: "{what}: {value}"),
        TextEntry("page.evidence.platformsOccupancy", fr: "Occupation des plates-formes", en: "Occupancy of platforms"),
        TextEntry("page.evidence.equipmentOccupancy", fr: "Occupation des équipements", en: "Occupancy of equipment"),
        TextEntry("page.evidence.organisations", fr: "Organisations utilisatrices", en: "Organisations that booked"),
        TextEntry("page.evidence.audiencesTargeted", fr: "Publics visés", en: "Audiences targeted"),
        TextEntry("page.evidence.audiencesReached", fr: "Publics atteints", en: "Audiences reached"),
        TextEntry("page.evidence.none", fr: "aucun", en: "none"),
        TextEntry("page.evidence.labels", fr: "Heures selon le label", en: "Hours by label"),
        TextEntry("page.evidence.turnedAway", fr: "Refusées faute de place", en: "Turned away for lack of room"),
        TextEntry("page.evidence.requests", fr: "{count} {count|demande|demandes}", en: "{count} {count|request|requests}"),
        TextEntry("page.evidence.assets", fr: "Équipements", en: "Assets"),
        TextEntry("page.evidence.advancedAssets", fr: "dont de pointe", en: "of them advanced"),
        TextEntry("page.evidence.acquiredInTerm", fr: "Acquis dans la période", en: "Acquired in the period"),
        TextEntry("page.evidence.pastRenewal", fr: "Au-delà de leur renouvellement prévu", en: "Past their expected renewal"),
        TextEntry("page.evidence.meanAge", fr: "Âge moyen (années)", en: "Mean age (years)"),
        TextEntry("page.evidence.allowances", fr: "Droits d’usage", en: "Allowances"),
        TextEntry(
            "page.evidence.drawn", fr: "{year} : {drawn} h utilisées sur {allowance} h", en: "{year}: {drawn} h drawn of {allowance} h"),
        TextEntry("page.evidence.missions", fr: "Missions du décret", en: "Missions of the decree"),
        TextEntry("page.evidence.mission", fr: "Mission", en: "Mission"),
        TextEntry("page.evidence.activities", fr: "Activités", en: "Activities"),
        TextEntry("page.mission.informationAwareness", fr: "information et sensibilisation", en: "information and awareness"),
        TextEntry("page.mission.technologyWatch", fr: "veille technologique", en: "technology watch"),
        TextEntry("page.mission.training", fr: "formation", en: "training"),
        TextEntry("page.mission.needsAnalysis", fr: "analyse des besoins", en: "analysis of needs"),
        TextEntry("page.evidence.sealed", fr: "Rapports scellés", en: "Sealed reports"),
        TextEntry(
            "page.evidence.sealedLead",
            fr: "Gardés mot pour mot sous leur empreinte : chacun peut être refait et vérifié.",
            en: "Kept word for word under their hash: each can be made again and checked."),
        TextEntry("page.evidence.noSealed", fr: "Aucun rapport scellé.", en: "No sealed report."),
        TextEntry("page.evidence.version", fr: "Version", en: "Version"),
        TextEntry("page.evidence.sealedOn", fr: "Scellé le", en: "Sealed on"),
        TextEntry("page.evidence.seal", fr: "Sceller un rapport", en: "Seal a report"),
        TextEntry("page.evidence.sealButton", fr: "Sceller", en: "Seal"),
        TextEntry("page.sealReason.asked", fr: "demandé", en: "asked for"),
        TextEntry("page.sealReason.labelChanged", fr: "le label a changé", en: "the label has changed"),
    ]
}
