/// The audiences that a centre's recognition file targets in the demo network: invented, and varied so that a refusal can be shown.
enum TargetAudiences {
    static let all = ["jobSeeker", "worker", "executive", "teacher", "student", "apprentice"]

    /// One list a version of the file.
    static func of(_ centre: String, versions: Int) -> [[String]] {
        let lists = exceptions[centre] ?? [all]
        return (0..<versions).map { lists[min($0, lists.count - 1)] }
    }

    private static let exceptions: [String: [[String]]] = [
        "TechnoCampus": [["jobSeeker", "worker", "teacher", "student", "apprentice"]],
        "aptaskil": [["jobSeeker", "worker", "executive", "teacher", "student"]],
        "WAN": [["jobSeeker", "worker", "teacher", "student"]],
        "Design Innovation": [["worker", "executive", "teacher", "student"]],
        "Forem Transport & Logistique Hainaut": [["jobSeeker", "worker", "apprentice"]],
        "Forem Transport & Logistique Liège": [["jobSeeker", "worker", "apprentice"]],
        "Cefoverre": [["jobSeeker", "worker"], ["jobSeeker", "worker", "teacher", "student", "apprentice"]],
    ]
}
