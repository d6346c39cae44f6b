/// What the name of a piece of equipment tells about it.
struct EquipmentKind: Sendable {
    let category: String
    /// It is lent out; the rest stays on its platform.
    let isMobile: Bool
    /// Kept for its own centre.
    let isLocal: Bool
    let isAdvancedTechnology: Bool

    static func of(_ name: String) -> EquipmentKind {
        func has(_ words: [String]) -> Bool { words.contains { name.contains($0) } }
        return EquipmentKind(
            category: categories.first { has($0.words) }?.category ?? "workshop equipment",
            isMobile: has([
                "truck", "excavator", "handler", "cherry picker", "kit", "headset", "laptop", "suit", "chainsaw", "detector", "counter",
                "vehicle", "picker", "road roller",
            ]) && !has(["fire-training", "crane truck"]),
            isLocal: has(["importer", "isolator", "crane truck"]),
            isAdvancedTechnology: has([
                "robot", "cobot", "AGV", "5-axis", "coordinate", "VR ", "drone", "hydrogen", "climate computer", "bioreactor", "isolator",
                "3D printer", "laser", "simulator", "firewall", "mocap", "digital press", "PLC", "distillation",
            ]))
    }

    /// An invented manufacturer; always the same one for a name.
    static func maker(of name: String) -> String {
        makers[name.utf8.reduce(7) { ($0 * 33 + Int($1)) % 100_003 } % makers.count]
    }

    private static let makers = [
        "Sambrix", "Ourthelec", "Vesdrotech", "Lessebot", "Hainotec", "Mosalis", "Condrozia", "Gaumetron", "Semoisia", "Dylotec",
    ]

    private static let categories: [(words: [String], category: String)] = [
        (["station", "welding"], "welding"), (["robot", "cobot", "AGV", "PLC", "automation", "hydraulic"], "automation"),
        (["machining", "lathe", "coordinate", "router", "laser", "3D printer"], "machining and prototyping"),
        (["isolator", "counter", "bioreactor", "gas detector", "distillation", "air-quality"], "laboratory and process"),
        (["lift truck", "reach truck", "counterbalance", "order picker"], "handling"),
        (["excavator", "bulldozer", "crane", "telescopic", "cherry", "roller", "paver"], "construction machines"),
        (["drone", "composite", "fire-training"], "aeronautics"),
        (["oven", "chiller", "butchery", "pasteuriser", "filling", "kitchen"], "food"),
        (["firewall", "laptop", "VR", "mocap", "green screen"], "digital"), (["press"], "graphic industry"),
        (["pump", "leak", "fertigation", "climate", "chainsaw", "harvester"], "water and green trades"),
    ]
}
