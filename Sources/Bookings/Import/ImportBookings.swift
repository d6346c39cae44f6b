import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

/// Thrown to take back the claim of an idempotency key under which nothing was done yet.
private struct NothingKept: Error {}

extension Bookings {
    private static let mostRows = 1_000
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
            try await NamedThings.find(rows, in: transaction)
        }
        let table = BookingEntries(rows, things, faults: sheet.faults, for: principal.organisationID)
        guard table.lineDays <= BatchRequest.mostLineDays else {
            throw Problem.requestInvalid([
                ProblemIssue(
                    in: .body, name: "", code: "tooManyLineDays",
                    detail: Text("reason.tooManyLineDays", ["days": .number(BatchRequest.mostLineDays)]))
            ])
        }
        return order.mode == .allOrNothing || order.isDryRun
            ? try await enterWhole(table, order, context)
            : try await enterInPortions(table, order, context)
    }

    /// In one transaction, which a dry run takes back, as does a table that is entered whole or not at all and is refused.
    private func enterWhole(_ table: BookingEntries, _ order: ImportOrder, _ context: MemberContext) async throws -> Response {
        var entered: [ImportedBooking] = []
        do {
            return try await writes.perform(order, in: context) { transaction in
                let made = try await enter(table.entries, by: context.principal, in: transaction)
                guard let made else { throw BookingRefusal.importInProgress }
                entered = made
                if let refusal = table.commonRefusal(of: entered) { throw refusal }
                // Asked in the transaction, so that nothing is offered that the table itself takes.
                entered = try await addingAlternatives(to: entered, for: context.principal, in: transaction)
                return table.report(order, entered)
            }
        } catch let problem as Problem where problem.code == "importRefused" {
            try await keep(entered.demand(for: context.principal), of: context.principal)
            throw problem
        }
    }

    /// Some lines after others, each portion in a transaction of its own; should one fail, the same table again goes on from there.
    private func enterInPortions(_ table: BookingEntries, _ order: ImportOrder, _ context: MemberContext) async throws -> Response {
        let principal = context.principal
        if let answer = try await keptAnswer(to: order, context) { return answer }
        var entered: [ImportedBooking] = []
        for start in stride(from: 0, to: table.entries.count, by: Self.portion) {
            let portion = Array(table.entries[start...].prefix(Self.portion))
            entered += try await enterPortion(portion, by: principal)
        }
        if let refusal = table.commonRefusal(of: entered) { throw refusal }
        let told = try await database.transaction(settings: principal.settings) { [entered] transaction in
            try await addingAlternatives(to: entered, for: principal, in: transaction)
        }
        return try await writes.perform(
            directive: order.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { _ in table.report(order, told).response(speaker: context.speaker) }
    }

    /// In a transaction of its own; while another table of the organisation is entered it waits without a connection, but not for long.
    private func enterPortion(_ portion: [BookingEntry], by principal: Principal) async throws -> [ImportedBooking] {
        for pause in Self.pauses {
            try await Task.sleep(for: pause)
            let entered = try await database.transaction(settings: principal.settings) { transaction in
                try await enter(portion, by: principal, in: transaction)
            }
            if let entered { return entered }
        }
        throw BookingRefusal.importInProgress
    }

    /// What was answered to the same table under the same idempotency key.
    private func keptAnswer(to order: ImportOrder, _ context: MemberContext) async throws -> Response? {
        guard let directive = order.idempotency else { return nil }
        do {
            return try await writes.perform(
                directive: directive, organisation: context.principal.organisationID, settings: context.principal.settings
            ) { _ in throw NothingKept() }
        } catch is NothingKept {
            return nil
        }
    }
}

extension BookingEntries {
    fileprivate func report(_ order: ImportOrder, _ entered: [ImportedBooking]) -> ImportReport {
        ImportReport(order, faults: faults + entered.flatMap(\.faults), lines: entered.map(\.line))
    }

    /// What refuses every line for a reason that is no matter of single lines.
    fileprivate func commonRefusal(of entered: [ImportedBooking]) -> BookingRefusal? {
        let outcomes = entered.compactMap(\.reserved)
        return faults.isEmpty && outcomes.count == entered.count ? outcomes.commonRefusal : nil
    }
}

extension [ImportedBooking] {
    fileprivate func demand(for principal: Principal) -> RefusedDemand {
        var demand = RefusedDemand()
        for row in self {
            guard let rules = row.reserved?.rules else { continue }
            demand.add(row.entry.request.lines, for: row.entry.request.organisation ?? principal.organisationID, refusedBy: rules)
        }
        return demand
    }
}
