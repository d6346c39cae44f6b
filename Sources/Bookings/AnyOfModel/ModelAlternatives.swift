import Access
package import HTTPEdge
import Kernel
import Labels
import Platforms
import Postgres

/// Where and when so many units of a model could be had instead.
package struct ModelAlternative: JSONWritable, Sendable {
    /// The line that was refused, from 1.
    let line: Int
    let centre: CentreID
    /// The centre's.
    let name: String
    let period: Period

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("line", Int32(line))
            json.member("centreId", centre)
            json.member("name", name)
            json.member("start", period.start)
            json.member("end", period.end)
        }
    }
}

/// What is to be asked for ``ModelAlternative``s to a line.
struct ModelAlternativesQuestion {
    /// From 1.
    let line: Int
    let statement: SQL.ModelAlternatives

    func alternatives(_ rows: [SQL.ModelAlternatives.Row]) -> [ModelAlternative] {
        rows.compactMap { row in
            Period(start: row.starts, end: row.ends).map {
                ModelAlternative(line: line, centre: row.centreId, name: row.name, period: $0)
            }
        }
    }
}

/// What could be had instead of lines that leave a choice; at most one of the two has any.
package struct ChoiceAlternatives: Sendable {
    var kits: [KitAlternative] = []
    var models: [ModelAlternative] = []

    /// The members of an answer; those that are empty are left out.
    func writeMembers(to json: inout JSONWriter) {
        if !kits.isEmpty { json.array("kitAlternatives", kits) }
        if !models.isEmpty { json.array("modelAlternatives", models) }
    }

    var extensions: [ProblemExtension] {
        let kits = self.kits.isEmpty ? [] : [ProblemExtension("kitAlternatives", self.kits)]
        return self.models.isEmpty ? kits : kits + [ProblemExtension("modelAlternatives", self.models)]
    }
}

extension Bookings {
    /// What could be had where one line that leaves a choice is all that is refused.
    func choiceAlternatives(to refused: ChoiceRefused, for principal: Principal) async throws -> ChoiceAlternatives {
        if let question = try kitQuestion(to: refused, for: principal) {
            return ChoiceAlternatives(kits: question.alternatives(try await database.all(question.statement)))
        }
        guard let question = try modelQuestion(to: refused, for: principal) else { return ChoiceAlternatives() }
        return ChoiceAlternatives(models: question.alternatives(try await database.all(question.statement)))
    }

    /// What is to be asked where one line that asks for a model is all that is refused; nil when nothing would help.
    func modelQuestion(to refused: ChoiceRefused, for principal: Principal) throws -> ModelAlternativesQuestion? {
        let request = refused.wanted
        guard let number = refused.onlyLine, let line = request.models.first(where: { $0.number == number }) else { return nil }
        return ModelAlternativesQuestion(
            line: number,
            statement: SQL.ModelAlternatives(
                model: line.model, centre: line.centre, amount: line.amount, starts: line.period.start, ends: line.period.end,
                key: try principal.keyID, organisation: request.organisation ?? principal.organisationID,
                activity: request.activity.rawValue, audiences: request.audiences.map(\.audience),
                headCounts: request.audiences.map(\.headCount),
                persons: line.persons ?? request.persons, supervision: request.supervision?.rawValue,
                holderRoles: request.holders.map(\.role.rawValue), holders: request.holders.map(\.holder),
                rowLimit: Int32(Self.mostAlternatives), mostJudged: Self.mostAlternativesJudged))
    }
}
