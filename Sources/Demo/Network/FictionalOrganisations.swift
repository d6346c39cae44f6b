/// The organisations that book in the demo network; none exists, and each name says so.
enum FictionalOrganisations {
    enum Term: Sendable {
        case unlimited, expired, endsSoon
    }

    struct Entry: Sendable {
        let kind: PlannedOrganisation.Kind
        let name: String
        let weight: Int
        var membership = Term.unlimited
        /// Two establishments of one enterprise bear its number.
        var sharesNumber = false
    }

    static let entries: [Entry] = [
        Entry(kind: .trainingOrganisation, name: "Passerelle Formation ASBL (fictif)", weight: 9),
        Entry(kind: .trainingOrganisation, name: "Tremplin du Val ASBL (fictif)", weight: 7),
        Entry(kind: .trainingOrganisation, name: "Institut Exemple des métiers (fictif)", weight: 6),
        Entry(kind: .trainingOrganisation, name: "Fonds sectoriel Modèle (fictif)", weight: 5),
        Entry(kind: .trainingOrganisation, name: "La Boussole, insertion (fictif)", weight: 4),
        Entry(kind: .trainingOrganisation, name: "Alternance Exemple (fictif)", weight: 4),
        Entry(kind: .trainingOrganisation, name: "Promotion sociale Imaginaire (fictif)", weight: 3, membership: .endsSoon),
        Entry(kind: .trainingOrganisation, name: "Atelier Démonstration ASBL (fictif)", weight: 2, membership: .expired),
        Entry(kind: .school, name: "Institut technique Saint-Exemple (fictif)", weight: 6),
        Entry(kind: .school, name: "Athénée Modèle (fictif)", weight: 5),
        Entry(kind: .school, name: "Collège technique Imaginaire (fictif)", weight: 4),
        Entry(kind: .school, name: "École industrielle Exemplaire (fictif)", weight: 4),
        Entry(kind: .school, name: "Lycée des métiers Inventé (fictif)", weight: 3),
        Entry(kind: .school, name: "Institut horticole Supposé (fictif)", weight: 2),
        Entry(kind: .company, name: "Constructions Exemple SA (fictif)", weight: 7),
        Entry(kind: .company, name: "Mécanique Modèle SRL (fictif)", weight: 6),
        Entry(kind: .company, name: "Laboratoires Imaginaires SA (fictif)", weight: 5),
        Entry(kind: .company, name: "Logistique Fictive SA (fictif)", weight: 5),
        Entry(kind: .company, name: "Aéro Exemple SA (fictif)", weight: 4),
        Entry(kind: .company, name: "Saveurs Inventées SRL (fictif)", weight: 4),
        Entry(kind: .company, name: "Réseaux et Données Modèle SRL (fictif)", weight: 4),
        Entry(kind: .company, name: "Imprimerie Supposée SA (fictif)", weight: 2),
        Entry(kind: .company, name: "Bois et Forêt Exemple SRL (fictif)", weight: 2),
        Entry(kind: .company, name: "Garage Démonstration SRL (fictif)", weight: 2),
        Entry(kind: .company, name: "Ateliers Imaginés SA, siège de Huy (fictif)", weight: 3, sharesNumber: true),
        Entry(kind: .company, name: "Ateliers Imaginés SA, siège de Wavre (fictif)", weight: 3, sharesNumber: true),
    ]
}
