import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

extension Bookings {
    static let mostRows = 1_000
    /// How many lines of a table commit together where those that are right are entered: rooms are locked that long.
    private static let portion = 50
    /// How long a portion lets another table of its organisation go on, pausing before each try.
    private static let pauses = [0, 100, 200, 400, 800].map { Duration.milliseconds($0) }

    /// `POST /v1/booking-imports`: a line a booking; what the organisation itself calls it says which is meant.
    func importBookings(_ request: Request, _ context: MemberContext) async throws -> Response {
        let principal = context.principal
        _ = try principal.keyID
        let order = try await ImportOrder(request, in: context)
        var sheet = try TableSheet<BookingColumn>(order.bytes, mostLines: Self.mostRows)
        let rows = sheet.read { BookingRow(&$0) }.whole
        let things = try await database.transaction(settings: principal.settings) { transaction in
            try await NamedThings.find(rows.map(\.wording), in: transaction)
        }
        return try await enter(BookingFile(rows, things, faults: sheet.faults, for: principal.organisationID), order, context)
    }

    func enter(_ file: BookingFile, _ order: ImportOrder, _ context: MemberContext) async throws -> Response {
        guard file.lineDays <= BatchRequest.mostLineDays else {
            throw Problem.requestInvalid([
                ProblemIssue(
                    in: .body, name: "", code: "tooManyLineDays",
                    detail: Text("reason.tooManyLineDays", ["days": .number(BatchRequest.mostLineDays)]))
            ])
        }
        try await offerToWaiting()
        return order.mode == .allOrNothing || order.isDryRun
            ? try await enterWhole(file, order, context)
            : try await enterInPortions(file, order, context)
    }

    /// In one transaction, which a dry run takes back, as does a table that is entered whole or not at all and is refused.
    private func enterWhole(_ file: BookingFile, _ order: ImportOrder, _ context: MemberContext) async throws -> Response {
        var entered: [ImportedBooking] = []
        do {
            return try await writes.perform(order, in: context) { transaction in
                let compared = try await surveyed(file, by: context.principal, in: transaction)
                guard let compared else { throw BookingRefusal.importInProgress }
                let made = try await enter(compared.entries, by: context.principal, in: transaction)
                guard let made else { throw BookingRefusal.importInProgress }
                entered = made
                if let refusal = compared.commonRefusal(of: entered) { throw refusal }
                // Asked in the transaction, so that nothing is offered that the table itself takes.
                entered = try await addingAlternatives(to: entered, for: context.principal, in: transaction)
                return compared.report(order, entered)
            }
        } catch let problem as Problem where problem.code == "importRefused" {
            try await keep(entered.demand(for: context.principal), of: context.principal)
            throw problem
        }
    }

    /// Some lines after others, each portion in a transaction of its own; should one fail, the same table again goes on from there.
    private func enterInPortions(_ file: BookingFile, _ order: ImportOrder, _ context: MemberContext) async throws -> Response {
        let principal = context.principal
        // Also where there is no line: a key that was used otherwise is refused, and an answer that is kept is given again.
        let first = try await inPart(order, by: principal) { transaction in
            try await surveyed(file, by: principal, in: transaction).map { (part: $0, hasEffect: false) }
        }
        let compared: BookingFile
        switch first {
        case .replayed(let answer): return answer
        case .done(let part): compared = part
        }
        var entered: [ImportedBooking] = []
        for start in stride(from: 0, to: compared.entries.count, by: Self.portion) {
            let portion = Array(compared.entries[start...].prefix(Self.portion))
            let done = try await inPart(order, by: principal) { transaction in
                try await enter(portion, by: principal, in: transaction).map { made in
                    (part: made, hasEffect: made.contains { $0.isMade })
                }
            }
            switch done {
            case .replayed(let answer): return answer
            case .done(let part): entered += part
            }
        }
        if let refusal = compared.commonRefusal(of: entered) { throw refusal }
        let told = try await database.transaction(settings: principal.settings) { [entered] transaction in
            try await addingAlternatives(to: entered, for: principal, in: transaction)
        }
        return try await writes.perform(
            directive: order.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { _ in compared.report(order, told).response(speaker: context.speaker) }
    }

    /// In a transaction of its own, under the key of the whole; while another table of the organisation is entered it waits without a
    /// connection, but not for long.
    private func inPart<Part: Sendable>(
        _ order: ImportOrder, by principal: Principal,
        _ work: (borrowing PostgresTransaction) async throws -> (part: Part, hasEffect: Bool)?
    ) async throws -> IdempotentPart<Part> {
        for pause in Self.pauses {
            try await Task.sleep(for: pause)
            let done = try await writes.performPart(
                directive: order.idempotency, organisation: principal.organisationID, settings: principal.settings
            ) { transaction -> (part: Part?, hasEffect: Bool) in
                let done = try await work(transaction)
                return (done?.part, done?.hasEffect ?? false)
            }
            switch done {
            case .replayed(let answer): return .replayed(answer)
            case .done(.some(let part)): return .done(part)
            case .done(.none): continue
            }
        }
        throw BookingRefusal.importInProgress
    }

    /// The file, and what its calendar leaves behind.
    /// - Returns: nil while another table of the organisation is entered.
    private func surveyed(
        _ file: BookingFile, by principal: Principal, in transaction: borrowing PostgresTransaction
    ) async throws -> BookingFile? {
        guard let calendar = file.calendar else { return file }
        let survey = try await survey(calendar, by: principal, in: transaction)
        guard let survey else { return nil }
        var surveyed = file
        surveyed.note(survey)
        return surveyed
    }
}

extension [ImportedBooking] {
    fileprivate func demand(for principal: Principal) -> RefusedDemand {
        var demand = RefusedDemand()
        for row in self {
            guard let rules = row.reserved?.rules, let request = row.entry.request else { continue }
            demand.add(request.lines, for: request.organisation ?? principal.organisationID, refusedBy: rules)
        }
        return demand
    }
}
