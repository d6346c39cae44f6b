package import Hummingbird

/// What there is to tell of a line beside what it did.
package protocol ImportLineDetail: Sendable {
    /// Writes a member with all of it.
    /// - Parameter isKept: whether what was entered stays.
    func write(to json: inout JSONWriter, isKept: Bool, speaker: Speaker)
}

/// What became of a table, or would: each fault with its line and column, and what each line did.
package struct ImportReport: Sendable {
    /// What a line did, or would do.
    package enum Outcome: String, CaseIterable, Sendable, JSONWritable {
        case created, updated, unchanged, refused
    }

    /// One line of the table, and what it did.
    package struct Line: Sendable {
        let line: Int
        let outcome: Outcome
        let detail: (any ImportLineDetail)?

        package init(line: Int, outcome: Outcome, detail: (any ImportLineDetail)? = nil) {
            self.line = line
            self.outcome = outcome
            self.detail = detail
        }
    }

    /// Whoever has more has one mistake many times.
    private static let mostFaultsTold = 5_000

    package let mode: ImportMode
    package let isDryRun: Bool
    /// In the order of the lines.
    package let faults: [TableFault]
    package let lines: [Line]
    /// How many that are known are not named; nil where nobody asks.
    private let unnamed: Int?
    /// What else it changes, such as bookings that would be outside opening hours.
    private let consequences: (any JSONWritable & Sendable)?

    /// - Parameter lines: those that could be read; a line that `faults` names is refused, whatever stands there.
    package init(
        _ order: ImportOrder, faults: [TableFault], lines: [Line], consequences: (any JSONWritable & Sendable)? = nil
    ) {
        mode = order.mode
        isDryRun = order.isDryRun
        self.faults = Set(faults).sorted()
        let refused = Set(faults.map(\.line))
        let details = Dictionary(lines.map { ($0.line, $0.detail) }, uniquingKeysWith: { first, _ in first })
        let refusals = refused.map { Line(line: $0, outcome: .refused, detail: details[$0] ?? nil) }
        self.lines = (refusals + lines.filter { !refused.contains($0.line) }).sorted { $0.line < $1.line }
        unnamed = nil
        self.consequences = consequences
    }

    /// - Parameters:
    ///   - components: by the lines on which they begin, those that are refused among them; faults may be on other lines.
    ///   - unnamed: how many that are known the file does not name; nil: nobody asks.
    package init(
        _ order: ImportOrder, faults: [TableFault], components: [Line], unnamed: Int? = nil,
        consequences: (any JSONWritable & Sendable)? = nil
    ) {
        mode = order.mode
        isDryRun = order.isDryRun
        self.faults = Set(faults).sorted()
        // In the order in which they come where several are of one component.
        lines = components.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
        self.unnamed = unnamed
        self.consequences = consequences
    }

    /// Whether nothing is entered, since something is wrong.
    package var isRefused: Bool { mode == .allOrNothing && !faults.isEmpty }
    /// Whether what was entered stays.
    package var isKept: Bool { !isDryRun && !isRefused }

    package func response(speaker: Speaker) -> Response {
        .json(capacity: 256 + 48 * lines.count + 160 * min(faults.count, Self.mostFaultsTold)) { json in
            writeMembers(to: &json, speaker: speaker)
        }
    }

    /// 422 with every fault: nothing was entered.
    package var problem: Problem {
        Problem(
            .unprocessableContent, "importRefused", detail: Text("importRefused.detail", ["count": .number(faults.count)]),
            extensions: [
                ProblemExtension("report") { json, speaker in json.object { json in writeMembers(to: &json, speaker: speaker) } }
            ])
    }

    /// Writes the members of the contract's `ImportReport`.
    private func writeMembers(to json: inout JSONWriter, speaker: Speaker) {
        json.member("mode", mode)
        json.member("dryRun", isDryRun)
        json.member("applied", isKept)
        for outcome in Outcome.allCases { json.member(outcome.rawValue, lines.count { $0.outcome == outcome }) }
        json.member("unnamed", unnamed)
        json.member("faultCount", faults.count)
        json.array("faults", faults.prefix(Self.mostFaultsTold)) { fault, json in
            json.object { json in
                json.member("line", fault.line)
                json.member("column", fault.column)
                json.member("code", fault.code)
                json.member("detail", speaker.say(fault.reason))
            }
        }
        json.array("lines", lines) { line, json in
            json.object { json in
                json.member("line", line.line)
                json.member("outcome", line.outcome)
                line.detail?.write(to: &json, isKept: isKept, speaker: speaker)
            }
        }
        if let consequences {
            json.name("change")
            consequences.write(to: &json)
        }
    }
}
