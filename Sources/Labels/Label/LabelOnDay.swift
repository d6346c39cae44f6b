package import Kernel
import Postgres

/// A label for one day, as known at one moment.
package struct LabelOnDay: Sendable {
    package let centre: CentreID
    package let day: LocalDay
    package let knownAt: Instant
    /// `none`, `candidate`, `labelled`, `provisional`, `lapsedPending`, `suspended`, `refused`, `expired`, `withdrawn` or `annulled`.
    package let status: String
    /// The last day of the term that covers the day, or of the last one before it.
    package let endsOn: LocalDay?
    /// The decision that gives the status.
    package let decision: SQL.ReadDecisions.Row?
    /// The whole life of the label, oldest first.
    package let periods: [SQL.PeriodsKnown.Row]
}

extension Labels {
    /// The label of a centre for a day, as known at a moment.
    ///
    /// - Parameters:
    ///   - day: today in the centre's zone when nil.
    ///   - knownAt: now, by the database's clock, when nil.
    /// - Throws: ``LabelRefusal/notFound``, ``LabelRefusal/knownAtInFuture``.
    package func label(of id: CentreID, on day: LocalDay? = nil, knownAt: Instant? = nil) async throws -> LabelOnDay {
        let centre = try await centre(id)
        let day = day ?? centre.today
        let knownAt = knownAt ?? centre.now
        guard knownAt <= centre.now else { throw LabelRefusal.knownAtInFuture }
        async let status = database.one(SQL.StatusOn(centreNumber: centre.centreNumber, day: day, knownAt: knownAt))
        async let periods = database.all(SQL.PeriodsKnown(centreNumber: centre.centreNumber, knownAt: knownAt))
        let found = try await status
        var decision: SQL.ReadDecisions.Row?
        if let id = found.decisionId {
            decision = try await database.all(
                SQL.ReadDecisions(centreNumber: centre.centreNumber, id: id, knownAt: knownAt, after: nil, rowLimit: 1)
            ).first
        }
        return LabelOnDay(
            centre: id, day: day, knownAt: knownAt, status: found.status, endsOn: found.endsOn, decision: decision,
            periods: try await periods)
    }
}
