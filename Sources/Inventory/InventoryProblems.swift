package import HTTPEdge
import HTTPTypes
import Kernel

extension InventoryRefusal: ProblemRepresentable {
    package var problem: Problem {
        switch self {
        case .notFound: .notFound
        case .inventoryNumberTaken: Problem(.conflict, "inventoryNumberTaken", detail: Text("inventoryNumberTaken.detail"))
        case .serialTaken: Problem(.conflict, "serialTaken", detail: Text("serialTaken.detail"))
        case .platformUnknown: .body("/platformId", "platformUnknown", "reason.platformUnknown")
        case .platformMissing: .body("/platformId", "missing", "reason.platformMissing")
        case .platformElsewhere: .body("/platformId", "platformElsewhere", "reason.platformElsewhere")
        case .renewalBeforePurchase: .body("/renewalExpectedOn", "order", "reason.renewalBeforePurchase")
        case .changedMeanwhile(let version): .preconditionFailed(current: ETag(version: Int64(version)))
        case .stateNotAllowed(let from, let to):
            Problem(.conflict, "stateNotAllowed", detail: Text("stateNotAllowed.detail", ["from": .text(from), "to": .text(to)]))
        case .booked(let moment, let zone):
            Problem(
                .conflict, "equipmentBooked", detail: Text("equipmentBooked.detail", ["moment": .instant(moment, in: Zone(zone))]),
                extensions: [ProblemExtension("takenAt", moment)])
        case .loanEndMissing: .body("/loanedUntil", "missing", "reason.loanEndMissing")
        case .loanEndOfOwn: .body("/loanedUntil", "notAllowed", "reason.loanEndOfOwn")
        case .expectedWhileHere: .body("/expectedAt", "notAllowed", "reason.expectedWhileHere")
        case .modelMissing: .body("/ofModel", "modelMissing", "reason.modelMissing")
        case .tooManyDocuments: Problem(.conflict, "tooManyDocuments", detail: Text("tooManyDocuments.detail"))
        case .assetUnknown: .body("/code", "assetUnknown", "reason.assetUnknown")
        case .stocktakeClosed: Problem(.conflict, "stocktakeClosed", detail: Text("stocktakeClosed.detail"))
        case .stockUnknown: .body("/stockId", "stockUnknown", "reason.stockNotCounted")
        case .nothingToCorrect(let index, let code): .body("/corrections/\(index)", code, TextKey(rawValue: "reason.\(code)"))
        case .durable(let bond): bond.problem("durabilityPeriod")
        case .boundByFunds(let bond): bond.problem("fundingDurable")
        case .shareExceeded(let left, let day):
            Problem(
                .conflict, "fundingShareExceeded",
                detail: Text("fundingShareExceeded.detail", ["left": .text(Self.percent(left)), "day": .day(day)]),
                extensions: [ProblemExtension("leftPercent", Double(left) / 100)])
        case .fundingLineEnded: Problem(.conflict, "fundingLineEnded", detail: Text("fundingLineEnded.detail"))
        case .agreementUnknown: .body("/agreementId", "agreementUnknown", "reason.fundingAgreementUnknown")
        case .organisationUnknown: .body("/organisationId", "organisationUnknown", "reason.organisationUnknown")
        case .stockInUse(let taken, let moment, let zone, let takings):
            Problem(
                .conflict, "stockInUse",
                detail: Text("stockInUse.detail", ["taken": .number(taken), "moment": .instant(moment, in: Zone(zone))]),
                extensions: [
                    ProblemExtension("taken", taken), ProblemExtension("takenAt", moment),
                    ProblemExtension("bookings") { json, _ in
                        json.array { json in
                            for taking in takings { taking.write(to: &json) }
                        }
                    },
                ])
        case .itemsOut(let count):
            Problem(
                .conflict, "stockItemsOut", detail: Text("stockItemsOut.detail", ["count": .number(count)]),
                extensions: [ProblemExtension("out", count)])
        case .notConsumable: .body("/cause", "notAllowed", "reason.notConsumable")
        case .amountOutOfRange(let amount):
            .requestInvalid([
                ProblemIssue(
                    in: .body, name: "/change", code: "outOfRange",
                    detail: Text("reason.amountOutOfRange", ["amount": .number(amount)]))
            ])
        case .modelUnknown: .body("/modelId", "modelUnknown", "reason.modelUnknown")
        case .kitMemberUnknown(let number): .body("/members/\(number - 1)", "memberUnknown", "reason.kitMemberUnknown")
        case .kitMemberTwice: .body("/members", "duplicate", "reason.kitMemberTwice")
        case .reasonWithoutMark: .body("/advancedTechnologyReason", "notAllowed", "reason.reasonWithoutMark")
        }
    }
}

extension InventoryRefusal {
    /// Without decimals that say nothing.
    private static func percent(_ hundredths: Int32) -> String {
        let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        return rest == 0 ? "\(whole)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}

extension FundingBond {
    fileprivate func problem(_ code: ProblemCode) -> Problem {
        Problem(
            .conflict, code, detail: Text(TextKey(rawValue: "\(code.rawValue).detail"), ["funder": .text(funder), "until": .day(until)]),
            extensions: [
                ProblemExtension("fundingLineId", line), ProblemExtension("durableUntil", until), ProblemExtension("fundedBy", funder),
            ])
    }
}

extension Problem {
    /// 400 for one member of the body.
    fileprivate static func body(_ pointer: String, _ code: String, _ reason: TextKey) -> Problem {
        .requestInvalid([ProblemIssue(in: .body, name: pointer, code: code, detail: Text(reason))])
    }
}
