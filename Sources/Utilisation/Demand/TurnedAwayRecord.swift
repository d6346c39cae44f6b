package import Bookings
import Kernel
package import Postgres

extension Utilisation {
    /// Where bookings tell what they refused for lack of room.
    ///
    /// It costs a request that was refused one insert; when that fails, a figure is lost and never the answer.
    package static func demandRecord(in database: PostgresPool) -> @Sendable (TurnedAway) async -> Void {
        { refused in
            _ = try? await database.execute(
                SQL.RecordDemand(
                    organisation: refused.organisation, resources: refused.lines.map(\.resource),
                    starts: refused.lines.map(\.period.start), ends: refused.lines.map(\.period.end),
                    seats: refused.lines.map { $0.seats ?? 0 }))
        }
    }
}
