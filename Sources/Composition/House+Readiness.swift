import Postgres
import Schema

extension House {
    /// Whether the database has every migration that this program was built with.
    ///
    /// Further ones do not count against it: while the instances of a new version start, those of the old one serve on.
    static func hasSchema(_ database: PostgresPool) async -> Bool {
        do throws(PostgresError) {
            return try await database.one(LatestMigration()) >= LatestMigration.known
        } catch {
            return false
        }
    }
}
