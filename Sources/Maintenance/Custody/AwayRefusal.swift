package import HTTPEdge
import HTTPTypes
package import Kernel
package import Labels

/// Why equipment is not handed out, taken back, sent to another site or lent.
package enum AwayRefusal: Error, Sendable {
    /// A member of the body names what there is not, or a time that cannot be; the code is also that of the reason.
    case wrong(pointer: String, code: String)
    /// A booking that does not run: nobody fetches anything for it.
    case bookingNotInForce
    /// The due time lies after the end of the booking.
    case afterBooking(end: Instant, zone: String?)
    case equipment(AwayConflict, AwayFacts)
    /// So many items of a stock do not go.
    case items(ItemsConflict, ItemFacts)
    /// More than are out.
    case tooManyBack(pointer: String, out: Int32)
    /// A label stands against a loan.
    case loanRefused([RuleExplanation])
    /// Who proposed a loan does not accept it for the other side.
    case ownProposal
}

/// What keeps equipment from going where it is to go.
package enum AwayConflict: String, Sendable {
    /// It stands fast on a platform.
    case equipmentNotMobile
    case equipmentNotInService
    /// Somebody has it.
    case equipmentOut
    /// Others expect it.
    case equipmentAwaited
    case alreadyReturned
    /// It opens at hours of its own, which belong to its site.
    case equipmentOwnHours
    /// It is at that site by then.
    case equipmentThere
    /// Another journey leaves from elsewhere, or meanwhile.
    case otherJourney
    case equipmentOnLoan
}

/// What keeps items of a stock from going in the number that is wanted.
package enum ItemsConflict: String, Sendable {
    /// Others have them, late or not.
    case itemsNotInHouse
    /// The booking has fewer that are not out already.
    case itemsNotBooked
    /// Others have booked them before they would be back.
    case itemsAwaited
}

/// The facts of an ``ItemsConflict``: how many could go, and until when so many could.
package struct ItemFacts: Sendable {
    let stock: ResourceID
    let name: String?
    let wanted: Int32
    let available: Int32
    let until: Instant?
    let zone: String?
}

/// The facts of an ``AwayConflict``, those that there are.
package struct AwayFacts: Sendable {
    let equipment: ResourceID?
    let name: String?
    /// Since when or from when on it is so.
    let moment: Instant?
    /// The nearest moment from which on it is not.
    let freeFrom: Instant?
    let zone: String?

    init(equipment: ResourceID?, name: String? = nil, moment: Instant? = nil, freeFrom: Instant? = nil, zone: String? = nil) {
        self.equipment = equipment
        self.name = name
        self.moment = moment
        self.freeFrom = freeFrom
        self.zone = zone
    }
}

extension AwayRefusal: ProblemRepresentable {
    package var problem: Problem {
        switch self {
        case .wrong(let pointer, let code): .body(pointer, code, TextKey(rawValue: "reason.\(code)"))
        case .bookingNotInForce: Problem(.conflict, "bookingNotInForce", detail: Text("bookingNotInForce.detail"))
        case .afterBooking(let end, let zone):
            .requestInvalid([
                ProblemIssue(
                    in: .body, name: "/dueAt", code: "afterBooking",
                    detail: Text("reason.afterBooking", ["end": .instant(end, in: zone.flatMap { Zone($0) })]))
            ])
        case .equipment(let conflict, let facts): facts.problem(conflict)
        case .items(let conflict, let facts): facts.problem(conflict)
        case .tooManyBack(let pointer, let out):
            .requestInvalid([
                ProblemIssue(in: .body, name: pointer, code: "tooManyBack", detail: Text("reason.tooManyBack", ["out": .number(out)]))
            ])
        case .loanRefused(let rules):
            Problem(
                .conflict, "loanRefused", detail: Text("loanRefused.detail", ["count": .number(rules.count)]),
                extensions: [
                    ProblemExtension("rules") { json, speaker in
                        json.array { json in for rule in rules { rule.write(to: &json, speaker: speaker) } }
                    }
                ])
        case .ownProposal: Problem(.conflict, "samePerson", detail: Text("loanSamePerson.detail"))
        }
    }
}

extension AwayFacts {
    fileprivate func problem(_ conflict: AwayConflict) -> Problem {
        var arguments: [String: TextArgument] = [
            "equipment": name.map { .text($0) } ?? .word("word.theEquipment", otherwise: "equipment")
        ]
        let place = zone.flatMap { Zone($0) }
        if let moment { arguments["moment"] = .instant(moment, in: place) }
        if let freeFrom { arguments["freeFrom"] = .instant(freeFrom, in: place) }
        var extensions: [ProblemExtension] = []
        if let equipment { extensions.append(ProblemExtension("equipmentId", equipment)) }
        if let moment { extensions.append(ProblemExtension("takenAt", moment)) }
        if let freeFrom { extensions.append(ProblemExtension("freeFrom", freeFrom)) }
        let form = freeFrom != nil && conflict == .equipmentAwaited ? "free" : "detail"
        return Problem(
            .conflict, ProblemCode(rawValue: conflict.rawValue),
            detail: Text(TextKey(rawValue: "\(conflict.rawValue).\(form)"), arguments), extensions: extensions)
    }
}

extension ItemFacts {
    fileprivate func problem(_ conflict: ItemsConflict) -> Problem {
        var arguments: [String: TextArgument] = [
            "stock": .text(name ?? ""), "wanted": .number(wanted), "available": .number(available),
        ]
        var extensions = [ProblemExtension("stockId", stock), ProblemExtension("available", available)]
        if let until {
            arguments["moment"] = .instant(until, in: zone.flatMap { Zone($0) })
            extensions.append(ProblemExtension("freeUntil", until))
        }
        return Problem(
            .conflict, ProblemCode(rawValue: conflict.rawValue),
            detail: Text(TextKey(rawValue: "\(conflict.rawValue).detail"), arguments), extensions: extensions)
    }
}
