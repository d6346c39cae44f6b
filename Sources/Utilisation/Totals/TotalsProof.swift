import Postgres

/// A figure of the totals that is not what the bookings come to.
package struct TotalsDifference: Hashable, Sendable, CustomStringConvertible {
    package let table: String
    package let centre: Int16
    /// Booking or unit, day and dimensions, as the table has them.
    package let row: String
    /// The column.
    package let figure: String
    package let held: String?
    package let recomputed: String?

    package var description: String {
        "\(table), centre \(centre), \(row), \(figure): held \(held ?? "nothing"), recomputed \(recomputed ?? "nothing")"
    }
}

extension Utilisation {
    /// Counts every booking again from its rows, a centre at a time, and compares; repairs nothing.
    /// - Parameter limit: figures of at most so many rows of each table and centre.
    package func differences(limit: Int32 = 100) async throws -> [TotalsDifference] {
        var found: [TotalsDifference] = []
        for centre in try await database.all(SQL.CountedCentres()).map(\.centreNumber) {
            // It takes as long as there are bookings.
            let rows = try await database.transaction(settings: [PostgresSetting(name: "statement_timeout", value: "0")]) { transaction in
                try await transaction.all(SQL.TotalsDifferences(centreNumber: centre, rowLimit: limit))
            }
            found += rows.map { row in
                TotalsDifference(
                    table: row.place, centre: centre, row: row.rowKey, figure: row.figure, held: row.held, recomputed: row.recomputed)
            }
        }
        return found
    }
}
