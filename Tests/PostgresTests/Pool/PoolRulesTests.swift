import Testing

@testable import Postgres

@Suite struct LaneLoadTests {
    private func load(_ units: Int, age: Duration = .zero) -> LaneLoad { LaneLoad(unitsInFlight: units, age: age) }

    @Test func `the least busy lane is chosen`() {
        #expect(LaneLoad.best(of: [load(3), load(1), load(2)], depth: 64) == 1)
    }

    @Test func `a lane behind a slow statement comes last`() {
        #expect(LaneLoad.best(of: [load(1, age: .seconds(1)), load(9)], depth: 64) == 1)
        #expect(LaneLoad.best(of: [load(1, age: .seconds(1)), nil], depth: 64) == 0)
    }

    @Test func `a full or absent lane is no choice`() {
        #expect(LaneLoad.best(of: [load(64), nil], depth: 64) == nil)
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
