import Foundation

/// The programs that make load, where they are installed.
struct LoadGenerators: Sendable {
    let pgbench: String
    let wrk: String

    /// Nil: these works need none.
    ///
    /// - Throws: ``BenchmarkFault`` that says what to install.
    static func find(for works: WorkSet, pgbenchDirectory: String?) throws -> LoadGenerators? {
        guard works.needsGenerators else { return nil }
        return LoadGenerators(pgbench: try findPgbench(in: pgbenchDirectory), wrk: try find("wrk", in: path, package: "wrk"))
    }

    /// The one program that measuring without HTTP needs.
    static func findPgbench(in directory: String?) throws -> String {
        // Debian's pgbench in the path is a wrapper; the real one lies beside the server.
        let versions = directory.map { [$0] } ?? (15...18).map { "/usr/lib/postgresql/\($0)/bin" } + path
        return try find("pgbench", in: versions, package: "postgresql-15")
    }

    private static var path: [String] {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    }

    private static func find(_ name: String, in directories: [String], package: String) throws -> String {
        for directory in directories where FileManager.default.isExecutableFile(atPath: "\(directory)/\(name)") {
            return "\(directory)/\(name)"
        }
        throw BenchmarkFault("\(name) is missing. Install it: config/install-packages --with-bench (Debian package \(package))")
    }
}
