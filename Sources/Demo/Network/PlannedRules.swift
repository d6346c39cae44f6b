/// The rules of use of a resource, in minutes and days.
struct PlannedRules: Sendable {
    var setupMinutes = 0
    var cleanupMinutes = 0
    var minimumMinutes = 60
    var maximumMinutes = 600
    var gridMinutes = 30
    var noticeMinutes = 1_440
    var horizonDays = 366

    /// What is usual for that kind of place: clean rooms are dressed and rinsed, kitchens cleaned, trucks driven.
    static func forPlatform(named name: String) -> PlannedRules {
        for (words, setup, cleanup) in buffers where words.contains(where: { name.contains($0) }) {
            return PlannedRules(setupMinutes: setup, cleanupMinutes: cleanup)
        }
        return PlannedRules()
    }

    static func forEquipment(isMobile: Bool) -> PlannedRules {
        isMobile ? PlannedRules(setupMinutes: 15, cleanupMinutes: 15) : PlannedRules()
    }

    private static let buffers: [(words: [String], setup: Int, cleanup: Int)] = [
        (["Clean room"], 30, 30), (["truck"], 60, 60), (["furnace"], 60, 30), (["ATEX", "Hydrogen"], 30, 15), (["Spray"], 15, 30),
        (["kitchen", "process line", "Process rig"], 15, 30), (["Welding", "CNC", "Press room"], 15, 15),
        (["Chainsaw", "yard", "engineering site"], 15, 15), (["Forklift"], 0, 15),
    ]
}
