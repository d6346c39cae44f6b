import Kernel

/// What a kind of organisation books for, and for whom.
///
/// Illustrative.
struct Habits: Sendable {
    let audiences: [String]
    /// Parallel to `audiences`.
    let audienceWeights: [Int]
    let activities: [String]
    /// Parallel to `activities`.
    let activityWeights: [Int]

    static func of(_ kind: PlannedOrganisation.Kind) -> Habits {
        switch kind {
        case .centre, .network:
            Habits(
                audiences: ["jobSeeker", "worker", "apprentice", "teacher"], audienceWeights: [50, 35, 8, 7],
                activities: ["catalogueTraining", "awareness", "needsAnalysis", "technologyWatch", "demonstration"],
                activityWeights: [70, 12, 6, 6, 6])
        case .trainingOrganisation:
            Habits(
                audiences: ["jobSeeker", "worker", "apprentice"], audienceWeights: [60, 20, 20],
                activities: ["catalogueTraining", "bespokeTraining", "awareness"], activityWeights: [80, 12, 8])
        case .school:
            Habits(
                audiences: ["student", "teacher"], audienceWeights: [88, 12], activities: ["catalogueTraining", "awareness"],
                activityWeights: [70, 30])
        case .company:
            Habits(
                audiences: ["worker", "executive"], audienceWeights: [78, 22],
                activities: ["bespokeTraining", "catalogueTraining", "demonstration", "technologyWatch", "needsAnalysis"],
                activityWeights: [60, 15, 10, 10, 5])
        }
    }

    static func title(of activity: String, _ random: inout SplitMix64) -> String {
        switch activity {
        case "catalogueTraining": random.pick(["Module de base", "Perfectionnement", "Remise à niveau", "Préparation à l'évaluation"])
        case "bespokeTraining": random.pick(["Formation sur mesure", "Recyclage du personnel", "Prise en main"])
        case "awareness": random.pick(["Journée découverte", "Sensibilisation aux métiers"])
        case "technologyWatch": "Veille technologique"
        case "needsAnalysis": "Analyse des besoins"
        default: "Démonstration"
        }
    }
}
