import Foundation

/// The service, as a process of its own.
struct ServedProgram: Sendable {
    let child: ChildProgram
    let address: String
    let port: Int
    private let log: String

    var processID: Int32 { child.processID }

    /// Starts `plateau serve` on the measured database and waits until it is ready.
    static func start(_ surroundings: BenchmarkSurroundings) async throws -> ServedProgram {
        let port = try LocalPort.find()
        let log = "\(surroundings.directory)/server.log"
        let environment = [
            "PLATEAU_DATABASE_URL": surroundings.connection, "PLATEAU_DATABASE_OWNER_URL": surroundings.ownerConnection,
            "PLATEAU_SECRETS_ROOT": surroundings.rootSecret, "PATH": "/usr/bin:/bin",
            // What is measured is the service, not its limits: one key asks for everything.
            "PLATEAU_LIMITS_REQUESTS_PER_KEY": "0", "PLATEAU_LIMITS_REQUESTS_PER_ADDRESS": "0", "PLATEAU_HTTP_CONNECTIONS_PER_ADDRESS": "0",
        ]
        let child = try ChildProgram(
            surroundings.program, ["serve", "--host", "127.0.0.1", "--port", "\(port)"], environment: environment, output: log)
        let server = ServedProgram(child: child, address: "http://127.0.0.1:\(port)", port: port, log: log)
        do {
            try await server.waitUntilReady()
        } catch {
            await server.stop()
            throw error
        }
        return server
    }

    private func waitUntilReady() async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            // It listens only when its database is ready.
            if LocalPort.accepts(port) { return }
            guard ContinuousClock.now < deadline, child.isRunning else {
                let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
                throw BenchmarkFault("The server did not become ready. Its log ends:\n\(text.suffix(2000))")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    func stop() async {
        child.stop()
        _ = await child.exit()
    }
}
