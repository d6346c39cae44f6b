import FoundationEssentials
import Postgres
import Testing

/// Takes guards away from the databases of some tests: one that then stays green guards nothing.
///
/// `PLATEAU_TEST_MUTATIONS` names a file of JSON: `[{"red": "a part of a test's name", "script": "SQL"}]`. A test whose whole name one of
/// them has loses what that one says, any other what is said for a part of its name.
struct GuardRemoval: Decodable {
    /// A part of the name of the test.
    let red: String
    /// What takes the guards away, or fails.
    let script: String

    private static let wanted = Result {
        guard let path = ProcessInfo.processInfo.environment["PLATEAU_TEST_MUTATIONS"] else { return [Self]() }
        guard let file = FileManager.default.contents(atPath: path) else { throw CocoaError(.fileReadNoSuchFile) }
        return try JSONDecoder().decode([Self].self, from: file)
    }

    /// What is taken away from the running test.
    static func ofRunningTest() throws -> [Self] {
        let wanted = try wanted.get()
        guard !wanted.isEmpty, let test = Test.current else { return [] }
        let name = test.displayName ?? test.name
        let named = wanted.filter { $0.red == name }
        return named.isEmpty ? wanted.filter { name.contains($0.red) } : named
    }
}
