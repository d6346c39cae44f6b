import Kernel

/// What a category says about its models: illustrative figures, marked so where people read them.
struct EquipmentFacts: Sendable {
    let expectedLifeYears: Int
    let specifications: [(name: String, value: String)]

    static func of(category: String) -> EquipmentFacts {
        byCategory[category] ?? EquipmentFacts(expectedLifeYears: 10, specifications: [("alimentation (fictif)", "230 V")])
    }

    private static let byCategory: [String: EquipmentFacts] = [
        "welding": EquipmentFacts(
            expectedLifeYears: 10, specifications: [("courant (fictif)", "220 A"), ("procédés (fictif)", "TIG, MMA")]),
        "automation": EquipmentFacts(expectedLifeYears: 8, specifications: [("axes (fictif)", "6"), ("charge utile (fictif)", "6 kg")]),
        "machining and prototyping": EquipmentFacts(
            expectedLifeYears: 12, specifications: [("course X (fictif)", "600 mm"), ("broche (fictif)", "12 000 tr/min")]),
        "laboratory and process": EquipmentFacts(
            expectedLifeYears: 7, specifications: [("incertitude (fictif)", "0,5 %"), ("étalonnage (fictif)", "annuel")]),
        "handling": EquipmentFacts(expectedLifeYears: 10, specifications: [("capacité (fictif)", "1,6 t"), ("levée (fictif)", "4,5 m")]),
        "construction machines": EquipmentFacts(
            expectedLifeYears: 12, specifications: [("masse (fictif)", "8 t"), ("puissance (fictif)", "45 kW")]),
        "aeronautics": EquipmentFacts(expectedLifeYears: 8, specifications: [("autonomie (fictif)", "35 min")]),
        "food": EquipmentFacts(expectedLifeYears: 12, specifications: [("puissance (fictif)", "11 kW"), ("niveaux (fictif)", "6")]),
        "digital": EquipmentFacts(expectedLifeYears: 4, specifications: [("mémoire (fictif)", "32 Go")]),
    ]
}
