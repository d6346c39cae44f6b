import Access
import Kernel
import Labels
import Postgres

/// Lines that were refused, and for whom.
struct RefusedDemand {
    private var organisations: [OrganisationID] = []
    private var lines: [ReserveRequest.Line] = []

    var isEmpty: Bool { lines.isEmpty }

    /// Adds the lines of a request against which a rule stands.
    mutating func add(_ asked: [ReserveRequest.Line], for organisation: OrganisationID, refusedBy rules: [RuleExplanation]) {
        let numbers = Set(rules.filter { $0.verdict == "deny" }.compactMap(\.line))
        for (index, line) in asked.enumerated() where numbers.contains(index + 1) {
            organisations.append(organisation)
            lines.append(line)
        }
    }

    mutating func add(_ other: RefusedDemand) {
        organisations += other.organisations
        lines += other.lines
    }

    func statement(by key: KeyID) -> SQL.NoteRefused {
        SQL.NoteRefused(
            key: key, organisations: organisations, resources: lines.map(\.resource), starts: lines.map(\.period.start),
            ends: lines.map(\.period.end), seats: lines.map { $0.seats ?? 0 })
    }
}

extension Bookings {
    /// A refusal of a single booking leaves its demand behind; one that undoes others with it would take that back too.
    func keep(_ demand: RefusedDemand, of principal: Principal) async throws {
        guard !demand.isEmpty else { return }
        _ = try await database.execute(demand.statement(by: try principal.keyID))
    }
}
