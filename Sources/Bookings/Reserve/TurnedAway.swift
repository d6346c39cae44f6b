package import Kernel
import Labels

/// The lines of a request that were refused for lack of room.
package struct TurnedAway: Sendable {
    package let organisation: OrganisationID
    package let lines: [ReserveRequest.Line]

    /// Nil when it was refused for other reasons only: more room would not have served it.
    init?(_ request: ReserveRequest, by principal: Principal, refusedBy rules: [RuleExplanation]) {
        let codes: Set = ["capacityFull", "unitTaken"]
        guard rules.allSatisfy({ $0.verdict != "deny" || codes.contains($0.code) }) else { return nil }
        let numbers = Set(rules.filter { codes.contains($0.code) }.compactMap(\.line))
        lines = request.lines.enumerated().filter { numbers.contains($0.offset + 1) }.map(\.element)
        organisation = request.organisation ?? principal.organisationID
        guard !lines.isEmpty else { return nil }
    }
}
