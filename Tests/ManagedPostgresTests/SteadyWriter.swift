import Postgres

@testable import ManagedPostgres

/// Writes row after row, over as many connections as it takes, until a table called `enough` appears.
struct SteadyWriter: Sendable {
    let server: ManagedPostgres
    let number: Int

    /// Every row whose commit was heard of, as `writer:n`.
    func run() async throws -> [String] {
        var acknowledged: [String] = []
        var row = 0
        while true {
            do {
                let session = try await PostgresSession.connect(
                    server.connectionString(role: "plateau_owner"), logger: RunningServer.quiet)
                while try await session.queryText("select to_regclass('enough')::text") == [[nil]] {
                    row += 1
                    _ = try await session.queryText("insert into kept values ($1::int, $2::int)", ["\(number)", "\(row)"])
                    acknowledged.append("\(number):\(row)")
                }
                await session.close()
                return acknowledged
            } catch {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
