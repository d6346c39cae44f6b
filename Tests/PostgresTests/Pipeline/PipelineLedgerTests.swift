import Testing

@testable import Postgres

@Suite struct PipelineLedgerTests {
    @Test func `a unit gives its answers in order and then ends`() {
        var ledger = PipelineLedger()
        ledger.expectUnit(calls: 2)
        #expect(ledger.receive(.rows) == .answered(0))
        #expect(ledger.receive(.done) == .answered(1))
        #expect(ledger.unitsInFlight == 1)
        #expect(ledger.receive(.sync) == .unitEnded)
        #expect(ledger.isEmpty)
        #expect(ledger.unitsInFlight == 0)
    }

    @Test func `what follows a failed call is skipped until the Sync`() {
        var ledger = PipelineLedger()
        ledger.expectUnit(calls: 3)
        ledger.expectUnit(calls: 1)
        #expect(ledger.receive(.rows) == .answered(0))
        #expect(ledger.receive(.error) == .failed(1))
        #expect(ledger.receive(.aborted) == .skipped(2))
        #expect(ledger.receive(.sync) == .unitEnded)
        #expect(ledger.receive(.rows) == .answered(0))
        #expect(ledger.receive(.sync) == .unitEnded)
    }

    @Test func `a preparation stands apart from the unit behind it`() {
        var ledger = PipelineLedger()
        ledger.expectPreparation(of: "a")
        ledger.expectUnit(calls: 1)
        #expect(ledger.receive(.error) == .preparationFailed("a"))
        #expect(ledger.receive(.sync) == .preparationEnded)
        #expect(ledger.receive(.error) == .failed(0))
        #expect(ledger.receive(.sync) == .unitEnded)
    }

    @Test func `an error in the place of the Sync fails the commit and the Sync still comes`() {
        var ledger = PipelineLedger()
        ledger.expectUnit(calls: 1)
        #expect(ledger.receive(.done) == .answered(0))
        #expect(ledger.receive(.error) == .commitFailed)
        #expect(ledger.receive(.sync) == .unitEnded)
        #expect(ledger.isEmpty)
    }

    @Test(arguments: [ResultKind.sync, .unexpected])
    func `a result that cannot come now is out of step`(kind: ResultKind) {
        var ledger = PipelineLedger()
        #expect(ledger.receive(kind) == .outOfStep)
        ledger.expectUnit(calls: 1)
        #expect(ledger.receive(kind) == .outOfStep)
    }
}

@Suite struct PreparedStatementsTests {
    @Test func `a statement is prepared once`() {
        var statements = PreparedStatements()
        #expect(statements.use("a") == ("a", true))
        #expect(statements.use("a") == ("a", false))
    }

    @Test func `a refused one is tried again and keeps its cause`() {
        var statements = PreparedStatements()
        _ = statements.use("a")
        statements.refused("a", because: PostgresError(.server, "no such table"))
        #expect(statements.cause(of: "a")?.message == "no such table")
        #expect(statements.use("a") == ("a", true))
    }

    @Test func `a stale one gets another name`() {
        var statements = PreparedStatements()
        _ = statements.use("a")
        statements.forget("a")
        #expect(statements.use("a") == ("a~1", true))
        #expect(statements.use("a") == ("a~1", false))
    }
}
