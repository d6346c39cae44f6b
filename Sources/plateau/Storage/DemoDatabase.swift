import Access
import Composition
import Demo
import FoundationEssentials
import Kernel
import Logging
import ManagedPostgres
import Postgres
import Schema
import Utilisation

/// The private database as the demo network needs it.
struct DemoDatabase: Sendable {
    let storage: Storage
    let network: DemoNetwork
    let house: House
    /// Where the address and the keys are written for the person who tries it.
    let output: String
    let isFresh: Bool
    let logger: Logger

    /// Migrates, and loads the network once; a second start finds it.
    func prepare() async throws {
        if isFresh { try await recreate() }
        try await storage.asOwner { session in
            try await EmbeddedMigration.migrator(on: session, logger: logger).apply()
            guard try await !DemoNetwork.isLoaded(in: session) else { return }
            Output.line("Loading the demo network…")
            let started = ContinuousClock.now
            let pepper = KeyPepper(secret: storage.secrets.pepper)
            let keys = try await network.load(into: session) { text in
                APIKeySecret(text).map(pepper.digest) ?? []
            }
            async let half: Void = storage.asOwner { session in try await Utilisation.addUp(in: session) }
            try await Utilisation.addUp(in: session)
            try await half
            let loaded = ContinuousClock.now
            let report = try await DemoVerification(session: session).run()
            for line in report.lines { Output.line("  \(line)") }
            guard report.isSound else { throw DemoFault(description: "The demo network breaks a rule of the database: see above.") }
            try keys.writeJSON(to: keptKeys, baseURL: "")
            Output.line("Loaded in \(Self.seconds(loaded - started)), verified row by row in \(Self.seconds(.now - loaded)).")
        }
        guard FileManager.default.fileExists(atPath: keptKeys) else {
            throw DemoFault(description: "The keys of the demo data are gone (\(keptKeys)). Start with --fresh to load it anew.")
        }
    }

    /// The keys, beside the data: a second start gives them again.
    var keptKeys: String { "\(storage.managed?.stateDirectory ?? ".")/demo.json" }

    private func recreate() async throws {
        try await storage.asOwner(database: "postgres") { session in
            try await session.execute(script: "drop database if exists plateau with (force)")
            try await session.execute(script: "create database plateau")
        }
        try? FileManager.default.removeItem(atPath: keptKeys)
    }

    private static func seconds(_ duration: Duration) -> String {
        "\(duration.components.seconds).\(duration.components.attoseconds / 100_000_000_000_000_000) s"
    }
}

/// Why the demo network cannot be served.
struct DemoFault: Error, CustomStringConvertible {
    let description: String
}
