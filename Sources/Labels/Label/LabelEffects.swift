package import Kernel
package import Postgres

/// What changes of a label do to bookings; a later slice gives it.
package struct LabelEffects: Sendable {
    /// Approves a proposal and plans its effects, under the centre's exclusive lock.
    ///
    /// Takes the key that approves, and the simulation that its holder has seen.
    package typealias Record = @Sendable (borrowing PostgresTransaction, DecisionID, KeyID, SimulationID?) async throws -> Recorded
    /// Plans the effects of an application or a file, in the transaction that recorded it.
    package typealias Take = @Sendable (borrowing PostgresTransaction, Change) async throws -> Void

    package let record: Record
    package let take: Take

    package init(record: @escaping Record, take: @escaping Take) {
        self.record = record
        self.take = take
    }
}

extension LabelEffects {
    /// What became of an approval.
    package struct Recorded: Sendable {
        /// `recorded`, or why not.
        package let outcome: String
        /// How many bookings the decision touches.
        package let planned: Int
        /// What was done to bookings at once, or what differs from the simulation.
        package let bookings: [(id: BookingID, effect: String)]

        package init(outcome: String, planned: Int, bookings: [(id: BookingID, effect: String)]) {
            self.outcome = outcome
            self.planned = planned
            self.bookings = bookings
        }
    }

    /// A recorded fact that may touch bookings.
    package struct Change: Sendable {
        package enum Cause: String, Sendable {
            case application, file
        }

        package let centreNumber: Int16
        package let id: LabelChangeID
        package let cause: Cause
        /// The application or the file.
        package let subject: LabelChangeID
        /// The days concerned, as a `datemultirange`.
        package let days: String
        package let key: KeyID
    }
}
