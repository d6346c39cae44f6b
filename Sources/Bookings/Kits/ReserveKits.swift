import Access
package import HTTPEdge
import Kernel
import Labels
import Platforms
import Postgres

extension Bookings {
    /// Books a request in which some lines ask for kits or for any of a model.
    ///
    /// Each comes to a line for each of its members or units, all or none.
    /// - Parameter among: what a batch has locked to choose from; nil: the locks are taken here.
    /// - Throws: ``ChoiceRefused``; ``BookingRefusal``.
    func reserveKits(
        _ request: ReserveRequest, _ manner: BookingManner, by principal: Principal, isDryRun: Bool, among: UnitChoices?,
        in transaction: borrowing PostgresTransaction
    ) async throws -> ReserveVerdict {
        let statement = try kitsStatement(request, manner, by: principal, isDryRun: isDryRun, among: among)
        let row = try await transaction.one(statement)
        let rules = try row.rules.map(RuleExplanation.list) ?? []
        switch row.outcome {
        case "created", "wouldCreate":
            var verdict = try ReserveVerdict(SQL.Reserve.Row(row), rules: rules)
            verdict.wanted = ReserveRequest(request, lines: row.lines)
            return verdict
        case "refused":
            let organisation = request.organisation ?? principal.organisationID
            let demand = isDryRun ? nil : request.kitDemand(refusedBy: rules, for: organisation)
            throw ChoiceRefused(rules: rules, wanted: request, demand: demand)
        case "tooManyLines": throw BookingRefusal.tooManyLines()
        case "forbidden": throw BookingRefusal.notAllowedToBook
        case "overrideForbidden": throw BookingRefusal.notAllowedToOverride
        case "organisationUnknown": throw BookingRefusal.organisationUnknown
        default: throw UnknownOutcome(statement: SQL.ReserveKits.name, outcome: row.outcome)
        }
    }

    private func kitsStatement(
        _ request: ReserveRequest, _ manner: BookingManner, by principal: Principal, isDryRun: Bool, among: UnitChoices?
    ) throws -> SQL.ReserveKits {
        let asked = request.asked
        var random = identifiers.generator
        return SQL.ReserveKits(
            booking: identifiers.make(centre: asked[0].thing.centreColumn),
            reference: BookingReference.make(random: &random).description, key: try principal.keyID,
            organisation: request.organisation ?? principal.organisationID, activity: request.activity.rawValue,
            audiences: request.audiences.map(\.audience), headCounts: request.audiences.map(\.headCount),
            accompanying: request.accompanying,
            title: request.title, contactName: request.contact?.name, contactEmail: request.contact?.email,
            programme: request.programme, things: asked.map(\.thing), areKits: asked.map { $0.kit != nil },
            models: asked.map { $0.model?.model ?? .none }, starts: asked.map(\.period.start), ends: asked.map(\.period.end),
            seats: asked.map { $0.model?.amount ?? $0.line?.seats ?? 0 },
            dryRun: isDryRun, persons: asked.map { $0.persons ?? -1 }, supervision: request.supervision?.rawValue,
            asState: manner.kind.rawValue, holdMinutes: manner.holdMinutes, reason: manner.override?.reason,
            overridden: manner.override?.codes.map(\.rawValue), holderRoles: request.holders.map(\.role.rawValue),
            holders: request.holders.map(\.holder), offer: request.offer, among: among?.units,
            amongStarts: among?.starts, amongEnds: among?.ends)
    }

    /// Other slots for a line that asks for a resource by itself, where it is all that is refused beside what leaves a choice.
    func lineAlternatives(to refused: ChoiceRefused, for principal: Principal) async throws -> [Alternative] {
        guard let question = try lineQuestion(to: refused, for: principal) else { return [] }
        return question.alternatives(try await database.all(question.statement))
    }

    /// What is to be asked for ``lineAlternatives(to:for:)``; nil when there can be none.
    func lineQuestion(to refused: ChoiceRefused, for principal: Principal) throws -> AlternativesQuestion? {
        let request = refused.wanted
        let chosen = request.kits.map(\.number) + request.models.map(\.number)
        guard let number = refused.onlyLine, !chosen.contains(number) else { return nil }
        // Its number among the lines that leave no choice.
        let line = number - chosen.count { $0 < number }
        let rules = refused.rules.filter { $0.line == number }.map {
            RuleExplanation(line: line, rule: $0.rule, verdict: $0.verdict, code: $0.code, facts: $0.facts)
        }
        return try alternativesQuestion(to: request, refusedBy: rules, for: principal).map {
            AlternativesQuestion(line: number, wanted: $0.wanted, statement: $0.statement)
        }
    }

    /// What is to be asked where one line that asks for a kit is all that is refused; nil when nothing would help.
    func kitQuestion(to refused: ChoiceRefused, for principal: Principal) throws -> KitAlternativesQuestion? {
        let request = refused.wanted
        guard let number = refused.onlyLine, let line = request.kits.first(where: { $0.number == number }) else { return nil }
        return KitAlternativesQuestion(
            line: number,
            statement: SQL.KitAlternatives(
                kit: line.kit, starts: line.period.start, ends: line.period.end, key: try principal.keyID,
                organisation: request.organisation ?? principal.organisationID, activity: request.activity.rawValue,
                audiences: request.audiences.map(\.audience), headCounts: request.audiences.map(\.headCount),
                persons: line.persons ?? request.persons,
                supervision: request.supervision?.rawValue, holderRoles: request.holders.map(\.role.rawValue),
                holders: request.holders.map(\.holder), rowLimit: Int32(Self.mostAlternatives),
                mostJudged: Self.mostAlternativesJudged))
    }
}

/// Which kits and times are looked for instead of a line's.
struct KitAlternativesQuestion {
    /// From 1.
    let line: Int
    let statement: SQL.KitAlternatives

    func alternatives(_ rows: [SQL.KitAlternatives.Row]) -> [KitAlternative] {
        rows.compactMap { row in
            Period(start: row.starts, end: row.ends).map {
                KitAlternative(line: line, kit: NamedKit(id: row.kitId, name: row.name), period: $0)
            }
        }
    }
}

/// Thrown to take back what was done for kits and models that cannot be had.
///
/// The lines of the rules are those that were asked for.
struct ChoiceRefused: Error {
    let rules: [RuleExplanation]
    let wanted: ReserveRequest
    /// What lacked room, to be kept; nil: it was only a question.
    let demand: RefusedDemand?

    /// What no other time and no other unit of the centre cures.
    private static let incurable = Bookings.incurable.union(["membershipRequired", "modelUnknown"])

    /// The line that is all that is refused, from 1, where something else may be had instead.
    var onlyLine: Int? {
        let denials = rules.filter { $0.verdict == "deny" }
        let numbers = Set(denials.map { $0.line ?? 0 })
        guard numbers.count == 1, let number = numbers.first, number > 0, !denials.contains(where: { Self.incurable.contains($0.code) })
        else { return nil }
        return number
    }
}

extension ReserveRequest {
    /// Reasons for lack of room.
    private static let room: Set<String> = ["capacityFull", "unitTaken", "parentFull", "noFreeUnit"]

    /// The members and lines that lacked room, where nothing else stands against the request.
    func kitDemand(refusedBy rules: [RuleExplanation], for organisation: OrganisationID) -> RefusedDemand {
        var demand = RefusedDemand()
        let denials = rules.filter { $0.verdict == "deny" }
        guard denials.allSatisfy({ Self.room.contains($0.code) }) else { return demand }
        for rule in denials {
            guard let number = rule.line, asked.indices.contains(number - 1) else { continue }
            let ofFirst = RuleExplanation(line: 1, rule: rule.rule, verdict: "deny", code: rule.code)
            for line in asked[number - 1].wanted(rule) { demand.add([line], for: organisation, refusedBy: [ofFirst]) }
        }
        return demand
    }
}

/// A kit that could be had instead, at a time.
package struct KitAlternative: JSONWritable, Sendable {
    /// The line that was refused, from 1.
    let line: Int
    let kit: NamedKit
    let period: Period

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("line", Int32(line))
            json.member("kitId", kit.id)
            json.member("name", kit.name)
            json.member("start", period.start)
            json.member("end", period.end)
        }
    }
}

extension AskedLine {
    /// What a rule is about: the line itself, the member of the kit as a line, or a line for each unit of the model that is lacking.
    fileprivate func wanted(_ rule: RuleExplanation) -> [ReserveRequest.Line] {
        switch self {
        case .line(let line): return [line]
        case .model(let line):
            guard case .array(let taken)? = rule.facts["taken"] else { return [] }
            return taken.compactMap { unit in
                guard case .string(let text) = unit, let resource = ResourceID(text) else { return nil }
                return ReserveRequest.Line(resource: resource, period: line.period, seats: 1, persons: line.persons)
            }
        case .kit(let kit):
            guard case .string(let text)? = rule.facts["memberId"], let resource = ResourceID(text),
                case .integer(let seats)? = rule.facts["seats"]
            else { return [] }
            return [ReserveRequest.Line(resource: resource, period: kit.period, seats: Int32(clamping: seats), persons: kit.persons)]
        }
    }
}

extension SQL.ReserveKits.Row {
    /// What the request came to.
    fileprivate var lines: [ReserveRequest.Line] {
        guard let resources, let starts, let ends, let askedSeats, let persons, let kits, let kitNames, let models, let modelNames
        else { return [] }
        return resources.indices.compactMap { index in
            guard let period = Period(start: starts[index], end: ends[index]) else { return nil }
            return ReserveRequest.Line(
                resource: resources[index], period: period, seats: askedSeats[index] == 0 ? nil : askedSeats[index],
                persons: persons[index] == -1 ? nil : persons[index],
                kit: kitNames[index].isEmpty ? nil : NamedKit(id: kits[index], name: kitNames[index]),
                model: modelNames[index].isEmpty ? nil : NamedModel(id: models[index], name: modelNames[index]))
        }
    }
}

extension SQL.Reserve.Row {
    /// The two statements read the same columns, and the one more.
    fileprivate init(_ row: SQL.ReserveKits.Row) {
        self.init(
            outcome: row.outcome, bookingId: row.bookingId, reference: row.reference, state: row.state, flags: row.flags,
            recordedAt: row.recordedAt, labelStatus: row.labelStatus, labelDecisionId: row.labelDecisionId, fileNumber: row.fileNumber,
            conditionalUntil: row.conditionalUntil, seats: row.seats, zones: row.zones, rules: row.rules)
    }
}
