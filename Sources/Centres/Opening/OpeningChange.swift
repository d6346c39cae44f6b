package import HTTPEdge
package import Kernel
package import Postgres

/// What a change of opening hours changed, or would change.
package struct OpeningChange: Sendable {
    /// Days on which some calendar that was compiled is now open otherwise.
    package let days: Set<LocalDay>
    package let outside: [OpeningConsequences.Outside]
    package let isDryRun: Bool
}

extension OpeningChange: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("verdict", isDryRun ? "wouldChange" : "changed")
            json.member("changedDays", days.count)
            json.member("firstDay", days.min())
            json.member("lastDay", days.max())
            json.array("bookingsOutside", outside)
        }
    }
}

extension OpeningConsequences.Outside: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("bookingId", booking)
            json.member("reference", reference)
            json.member("line", Int32(line))
            json.member("resourceId", resource)
            json.member("start", period.start)
            json.member("end", period.end)
        }
    }
}

/// Thrown to roll a dry run back, with what it found.
struct OpeningUndone<Answer: Sendable>: Error {
    let answer: Answer
}

extension Centres {
    /// Changes opening hours in one transaction and says which bookings are then outside; a dry run is rolled back.
    ///
    /// - Parameter body: makes the change and says on which days hours differ.
    package func changeOpening<Answer: Sendable>(
        at centreNumber: Int16, isDryRun: Bool,
        _ body: (borrowing PostgresTransaction) async throws -> (answer: Answer, days: Set<LocalDay>)
    ) async throws -> (answer: Answer, change: OpeningChange) {
        do {
            return try await database.transaction { transaction in
                let (answer, days) = try await body(transaction)
                let change = try await consequences(of: days, at: centreNumber, isDryRun: isDryRun, in: transaction)
                if isDryRun { throw OpeningUndone(answer: (answer: answer, change: change)) }
                return (answer: answer, change: change)
            }
        } catch let undone as OpeningUndone<(answer: Answer, change: OpeningChange)> {
            return undone.answer
        }
    }
}
