package import Postgres

/// Checks the demo network in the database, row by row, against the database's own rules.
package struct DemoVerification: Sendable {
    private let session: PostgresSession

    /// - Parameter session: as the owner of the tables.
    package init(session: PostgresSession) {
        self.session = session
    }

    /// Counts and checks everything; changes nothing.
    package func run() async throws -> DemoReport {
        try await session.execute(script: "begin")
        do {
            // An owner who is no superuser would see no row at all.
            if try await session.query(SQL.RowSecurityHolds()).contains(where: \.holds) {
                try await session.execute(script: DemoWriting.script { "alter table \($0) no force row level security;" })
            }
            let report = DemoReport(counts: try await counts(), findings: try await findings())
            try await session.execute(script: "rollback")
            return report
        } catch {
            try? await session.execute(script: "rollback")
            throw error
        }
    }

    private func counts() async throws -> [DemoReport.Count] {
        let rows = try await session.query(SQL.CountDemo()).flatMap { row in
            [
                ("centres", row.centres), ("sites", row.sites), ("platforms", row.platforms), ("equipment", row.equipment),
                ("stocks", row.stocks), ("kits", row.kits),
                ("organisations", row.organisations), ("label decisions", row.decisions), ("bookings", row.bookings),
                ("booking lines", row.lines), ("occupancy rows", row.occupancy),
            ]
        }
        let states = try await session.query(SQL.CountStates()).map { ("bookings \($0.state)", $0.bookings) }
        return (rows + states).map { DemoReport.Count(name: $0, number: $1) }
    }

    private func findings() async throws -> [DemoReport.Finding] {
        [
            try await finding("capacity is never exceeded", SQL.CapacityExceeded()),
            try await finding("no unit is taken twice", SQL.UnitTakenTwice()),
            try await finding("occupancy is what lines and buffers imply", SQL.OccupancyDiffers()),
            try await finding("the gate agrees with every state", SQL.GateDisagrees()),
            try await finding("every line is inside open hours", SQL.OutsideOpenHours()),
            try await finding("every line keeps the rules of use", SQL.RulesOfUseBroken()),
            try await finding("ids carry their centre's number", SQL.WrongCentreNumbers()),
            try await finding("offers are those of a line's centre, in force", SQL.OfferNotGiven()),
            try await finding("allowances are drawn, and no more than they give", SQL.AllowanceOverdrawn()),
            try await finding("transitions lead to the state", SQL.HistoryBroken()),
            try await finding("who came had booked", SQL.UseUnfounded()),
            try await finding("stocks have what their changes come to", SQL.StockMiscounted()),
            try await finding("kits are made of what their centre has", SQL.KitIncomplete()),
        ]
    }

    private func finding<Check: PostgresStatement>(_ check: String, _ statement: Check) async throws -> DemoReport.Finding
    where Check.Row: Violations {
        let found = try await session.query(statement).first
        // A check that gives no row has not been made.
        return DemoReport.Finding(check: check, violations: found?.violations ?? 1, example: found?.example)
    }
}

/// The answer of a check.
private protocol Violations {
    var violations: Int64 { get }
    var example: String? { get }
}

extension SQL.CapacityExceeded.Row: Violations {}
extension SQL.UnitTakenTwice.Row: Violations {}
extension SQL.OccupancyDiffers.Row: Violations {}
extension SQL.GateDisagrees.Row: Violations {}
extension SQL.OutsideOpenHours.Row: Violations {}
extension SQL.RulesOfUseBroken.Row: Violations {}
extension SQL.WrongCentreNumbers.Row: Violations {}
extension SQL.OfferNotGiven.Row: Violations {}
extension SQL.AllowanceOverdrawn.Row: Violations {}
extension SQL.HistoryBroken.Row: Violations {}
extension SQL.UseUnfounded.Row: Violations {}
extension SQL.StockMiscounted.Row: Violations {}
extension SQL.KitIncomplete.Row: Violations {}
