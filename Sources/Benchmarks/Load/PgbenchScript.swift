import Postgres

/// The files that make pgbench run one statement of the service: one for each platform that is visited.
///
/// Identifiers come as variables, so that the statement keeps its parameters and its plan.
struct PgbenchScript: Sendable {
    let files: [String]
    /// Values that `-D` gives to every script.
    let variables: [String: String]

    /// - Parameters:
    ///   - setting: lines before the statement.
    ///   - values: the statement's parameters, in order; `:platform` stands for the platform, `:centre` for the two digits of its
    ///     centre in an identifier, `:number` for the centre's number.
    init(statement: any PostgresStatement.Type, setting: [String], values: [String], network: SyntheticNetwork) throws {
        guard values.count == statement.parameterTypes.count else {
            throw BenchmarkFault("\(statement.name) takes \(statement.parameterTypes.count) parameters, not \(values.count).")
        }
        var text = statement.text
        // From the last, so that $1 is not found in $12.
        for (index, value) in values.enumerated().reversed() {
            text = text.replacing("$\(index + 1)", with: "(\(value))::\(statement.parameterTypes[index].name)")
        }
        if text.hasSuffix(";") { text.removeLast() }
        let oneLine = text.split(whereSeparator: \.isNewline).map(Self.withoutComment).joined(separator: " ")
        var variables = ["base": String(network.midnight)]
        files = network.platforms.enumerated().map { index, platform in
            variables["platform\(index)"] = platform.id
            let line = oneLine.replacing(":platform", with: ":platform\(index)::uuid")
                .replacing(":centre", with: "'\(String(128 + 4 * platform.centre, radix: 16))'")
                .replacing(":number", with: String(platform.centre))
            return (setting + [line + ";"]).joined(separator: "\n") + "\n"
        }
        self.variables = variables
    }

    /// No statement of ours has two hyphens in a text.
    private static func withoutComment(_ line: Substring) -> Substring {
        line.firstRange(of: "--").map { line[..<$0.lowerBound] } ?? line
    }
}
