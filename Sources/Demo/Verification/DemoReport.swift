/// What a verification counted and found.
package struct DemoReport: Sendable {
    package struct Count: Sendable {
        package let name: String
        package let number: Int64
    }

    package struct Finding: Sendable {
        /// What must hold.
        package let check: String
        package let violations: Int64
        package let example: String?
    }

    package let counts: [Count]
    package let findings: [Finding]

    /// Whether there is something to check and all of it holds.
    package var isSound: Bool {
        findings.allSatisfy { $0.violations == 0 } && counts.allSatisfy { $0.number > 0 }
    }

    /// One line a count and a check.
    package var lines: [String] {
        counts.map { "\($0.number) \($0.name)" }
            + findings.map { finding in
                finding.violations == 0
                    ? "ok: \(finding.check)" : "FAILED: \(finding.check): \(finding.violations), for example \(finding.example ?? "?")"
            }
    }
}
