import Foundation
import Kernel
import Recurrence

/// A file of expansions, one JSON object a line, for the comparison with another implementation.
struct RecurrenceLog {
    /// Where the tests are asked to write; nil when nobody compares.
    static var path: String? { ProcessInfo.processInfo.environment["PLATEAU_RECURRENCES"] }

    private var lines: [String] = []

    mutating func add(_ recurrence: RandomRecurrence, _ expansion: Expansion) {
        let occurrences = expansion.occurrences.map { "[\"\(Self.text($0.local))\", \"\($0.start.rfc3339)\"]" }
        let fields = [
            "\"text\": \(Self.quoted(recurrence.text))", "\"zone\": \"\(recurrence.zone)\"",
            "\"start\": \"\(Self.text(recurrence.start))\"",
            "\"limit\": \(recurrence.limit)", "\"isCut\": \(expansion.isCut)",
            "\"occurrences\": [\(occurrences.joined(separator: ", "))]",
        ]
        lines.append("{\(fields.joined(separator: ", "))}\n")
    }

    func write(to path: String) throws {
        try lines.joined().write(toFile: path, atomically: true, encoding: .utf8)
    }

    private static func text(_ local: LocalDateTime) -> String { "\(local.day)T\(local.time)" }

    private static func quoted(_ text: String) -> String { "\"\(text.replacing("\n", with: "\\n"))\"" }
}
