import Foundation

/// The programs that make load, where they are installed.
struct LoadGenerators: Sendable {
    let pgbench: String
    let wrk: String

    /// - Throws: ``BenchmarkFault`` that says what to install.
    static func find(pgbenchDirectory: String?) throws -> LoadGenerators {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        // Debian's pgbench in the path is a wrapper; the real one lies beside the server.
        let versions = pgbenchDirectory.map { [$0] } ?? (15...18).map { "/usr/lib/postgresql/\($0)/bin" } + path
        return LoadGenerators(
            pgbench: try find("pgbench", in: versions, package: "postgresql-15"), wrk: try find("wrk", in: path, package: "wrk"))
    }

    private static func find(_ name: String, in directories: [String], package: String) throws -> String {
        for directory in directories where FileManager.default.isExecutableFile(atPath: "\(directory)/\(name)") {
            return "\(directory)/\(name)"
        }
        throw BenchmarkFault("\(name) is missing. Install it: config/install-packages --with-bench (Debian package \(package))")
    }
}
