import Testing

@testable import Postgres

@Suite struct LaneChoiceTests {
    private func choice(_ loads: (units: Int, requests: Int, age: Duration)...) -> LaneChoice {
        var choice = LaneChoice(depth: 2)
        for (index, load) in loads.enumerated() { choice.consider(index, units: load.units, requests: load.requests, age: load.age) }
        return choice
    }

    @Test func `the lane with the fewest requests is chosen among those with room`() {
        let choice = choice((1, 3, .zero), (2, 1, .zero), (1, 2, .zero))
        #expect(choice.best == 2)
        #expect(choice.room == 2)
    }

    @Test func `a lane behind a slow statement is left alone while another moves, even a full one`() {
        #expect(choice((1, 1, .seconds(1)), (1, 9, .zero)).best == 1)
        let full = choice((1, 1, .seconds(1)), (2, 9, .zero))
        #expect(full.best == nil)
        #expect(full.room == 0)
        #expect(choice((1, 5, .seconds(1)), (1, 2, .seconds(1)), (2, 1, .seconds(1))).best == 1)
    }

    @Test func `full or absent lanes are no choice`() {
        #expect(choice((2, 2, .zero)).best == nil)
        #expect(choice().best == nil)
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
