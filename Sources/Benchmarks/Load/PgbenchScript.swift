import Postgres

/// The files that make pgbench run one statement of the service, or some of them.
///
/// Identifiers come as variables, so that the statement keeps its parameters and its plan.
struct PgbenchScript: Sendable {
    /// Which platforms a statement visits.
    enum Visits: Sendable {
        /// A file for each of the network's, which pgbench takes at random.
        case anyOf([(id: String, centre: Int32)])
        /// One file with the statement for each, all sent before the first is answered.
        case allOf([(id: String, centre: Int32)])
        /// The one of fifty that `:place` tells, from 0 to 49.
        case place
    }

    let files: [String]
    /// Values that `-D` gives to every script.
    let variables: [String: String]

    /// - Parameters:
    ///   - setting: lines before the statement.
    ///   - values: the statement's parameters, in order; `:platform` stands for the platform, `:centre` for the two digits of its
    ///     centre in an identifier, `:number` for the centre's number.
    ///   - visits: without these three in them, all the same.
    init(
        statement: any PostgresStatement.Type, setting: [String], values: [String], network: SyntheticNetwork, visits: Visits? = nil
    ) throws {
        guard values.count == statement.parameterTypes.count else {
            throw BenchmarkFault("\(statement.name) takes \(statement.parameterTypes.count) parameters, not \(values.count).")
        }
        var text = statement.text
        // From the last, so that $1 is not found in $12.
        for (index, value) in values.enumerated().reversed() {
            text = text.replacing("$\(index + 1)", with: "(\(value))::\(statement.parameterTypes[index].name)")
        }
        if text.hasSuffix(";") { text.removeLast() }
        let line = text.split(whereSeparator: \.isNewline).map(Self.withoutComment).joined(separator: " ") + ";"
        let begin = ["base": String(network.midnight)]
        guard [":platform", ":centre", ":number"].contains(where: { line.contains($0) }) else {
            self.init(files: [setting + [line]], variables: begin)
            return
        }
        switch visits ?? .anyOf(network.platforms) {
        case .anyOf(let platforms):
            self.init(
                files: platforms.indices.map { setting + [Self.line(line, visiting: $0, platforms[$0].centre)] },
                variables: begin.merging(Self.identifiers(of: platforms)) { first, _ in first })
        case .allOf(let platforms):
            let lines = platforms.indices.map { Self.line(line, visiting: $0, platforms[$0].centre) }
            self.init(
                files: [setting + ["\\startpipeline"] + lines + ["\\endpipeline"]],
                variables: begin.merging(Self.identifiers(of: platforms)) { first, _ in first })
        case .place:
            self.init(files: [setting + [Self.line(atPlace: line)]], variables: begin)
        }
    }

    private init(files: [[String]], variables: [String: String]) {
        self.files = files.map { $0.joined(separator: "\n") + "\n" }
        self.variables = variables
    }

    /// One file with the statements of all, one after another, each as its first file has it; what several set alike is set once.
    init(joining scripts: [PgbenchScript]) {
        let lines = scripts.compactMap(\.files.first).flatMap { $0.split(separator: "\n").map { String($0) } }
        var settings: [String] = []
        for line in lines where line.hasPrefix("\\set ") && !settings.contains(line) { settings.append(line) }
        var variables: [String: String] = [:]
        for script in scripts { variables.merge(script.variables) { first, _ in first } }
        self.init(files: [settings + lines.filter { !$0.hasPrefix("\\set ") }], variables: variables)
    }

    private static func identifiers(of platforms: [(id: String, centre: Int32)]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: platforms.enumerated().map { ("platform\($0)", $1.id) })
    }

    private static func line(_ text: String, visiting index: Int, _ centre: Int32) -> String {
        text.replacing(":platform", with: ":platform\(index)::uuid").replacing(":centre", with: "'\(String(128 + 4 * centre, radix: 16))'")
            .replacing(":number", with: String(centre))
    }

    /// As `SeedPlatforms` makes the identifiers, one centre after another.
    private static func line(atPlace text: String) -> String {
        let digits = "to_hex(132 + 4 * (:place::int4 % \(SyntheticNetwork.centres)))"
        let tail = "lpad(to_hex(1 + :place::int4 / \(SyntheticNetwork.centres)), 14, '0')"
        return text.replacing(":platform", with: "('0190000000007000' || \(digits) || \(tail))::uuid").replacing(":centre", with: digits)
            .replacing(":number", with: "(1 + :place::int4 % \(SyntheticNetwork.centres))")
    }

    /// No statement of ours has two hyphens in a text.
    private static func withoutComment(_ line: Substring) -> Substring {
        line.firstRange(of: "--").map { line[..<$0.lowerBound] } ?? line
    }
}
