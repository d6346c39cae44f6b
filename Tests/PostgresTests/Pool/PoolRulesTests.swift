import Testing

@testable import Postgres

@Suite struct LaneLoadTests {
    private func cost(_ units: Int, calls: Int = 1, age: Duration = .zero) -> Int? {
        LaneLoad(unitsInFlight: units, callsInFlight: calls, age: age).cost(depth: 2)
    }

    @Test func `the fewer calls are in flight, the better`() throws {
        #expect(try #require(cost(1, calls: 3)) > #require(cost(1, calls: 2)))
    }

    @Test func `a lane behind a slow statement comes last`() throws {
        #expect(try #require(cost(1, age: .seconds(1))) > #require(cost(1, calls: 64)))
    }

    @Test func `a full lane is no choice`() {
        #expect(cost(2) == nil)
    }
}

@Suite struct LeaseBookTests {
    @Test func `a connection is opened for a waiter, lent, taken back and lent again`() {
        var book = LeaseBook<String>(limit: 2)
        book.wait("a")
        #expect(book.shouldConnect)
        book.connecting(1)
        #expect(!book.shouldConnect)
        #expect(book.match() == nil)
        let isOurs = book.connected(1)
        #expect(isOurs)
        #expect(book.match()?.waiter == "a")
        book.putBack(1)
        book.wait("b")
        #expect(!book.shouldConnect)
        let match = book.match()
        #expect(match?.waiter == "b")
        #expect(match?.token == 1)
    }

    @Test func `never more than the limit, waiters are served in order`() {
        var book = LeaseBook<Int>(limit: 1)
        for waiter in 1...3 { book.wait(waiter) }
        book.connecting(7)
        #expect(!book.shouldConnect)
        _ = book.connected(7)
        #expect(book.match()?.waiter == 1)
        #expect(book.match() == nil)
        #expect(!book.shouldConnect)
        book.lost(7)
        #expect(book.shouldConnect)
        let isStillOurs = book.connected(7)
        #expect(!isStillOurs)
    }
}

@Suite struct BackoffTests {
    @Test func `pauses double up to the longest, less a jitter of a half`() {
        var random = SeededGenerator(seed: 1)
        var backoff = Backoff(first: .milliseconds(100), longest: .milliseconds(400))
        for whole in [100, 200, 400, 400] {
            let pause = backoff.next(using: &random)
            #expect(pause >= .milliseconds(whole) / 2 && pause <= .milliseconds(whole))
        }
        backoff.reset()
        #expect(backoff.next(using: &random) <= .milliseconds(100))
    }
}

@Suite struct SQLStateTests {
    @Test func `a class matches each of its codes`() {
        #expect(SQLState.integrityConstraintViolation ~= SQLState.uniqueViolation)
        #expect(SQLState.uniqueViolation ~= SQLState.uniqueViolation)
        #expect(!(SQLState.uniqueViolation ~= SQLState.checkViolation))
        #expect(!(SQLState.transactionRollback ~= SQLState.uniqueViolation))
    }
}
