package import HTTPEdge
package import Kernel
import Postgres

/// The gate's answer: a verdict, and every rule with the fact it used.
package struct AccessDecision: Sendable {
    /// `allow`, `conditional` or `deny`.
    package let verdict: String
    /// The last day that the label covers for certain.
    package let conditionalUntil: LocalDay?
    package let labelStatus: String?
    package let labelDecision: DecisionID?
    package let fileNumber: Int32?
    package let zone: String
    package let rules: [RuleExplanation]
}

extension Labels {
    /// Asks the gate without booking.
    /// - Throws: ``LabelRefusal/notFound`` for a resource that does not exist.
    package func decideAccess(_ question: AccessQuestion, for organisation: OrganisationID) async throws -> AccessDecision {
        let row = try await database.first(
            SQL.DecideAccess(
                resourceId: question.resource, starts: question.slot.start, ends: question.slot.end, organisationId: organisation,
                audiences: question.audiences.map(\.audience), headCounts: question.audiences.map(\.headCount)))
        guard let row else { throw LabelRefusal.notFound }
        return AccessDecision(
            verdict: row.verdict, conditionalUntil: row.conditionalUntil, labelStatus: row.labelStatus,
            labelDecision: row.labelDecisionId, fileNumber: row.fileNumber, zone: row.zone, rules: try RuleExplanation.list(row.rules))
    }
}

extension AccessDecision {
    package func writeMembers(to json: inout JSONWriter, speaker: Speaker) {
        json.member("verdict", verdict)
        json.member("conditionalUntil", conditionalUntil)
        json.member("labelStatus", labelStatus)
        json.member("labelDecisionId", labelDecision)
        json.member("fileNumber", fileNumber)
        json.member("zone", zone)
        json.array("rules", rules) { rule, json in rule.write(to: &json, speaker: speaker) }
    }
}
