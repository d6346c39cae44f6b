import Testing

/// Forged histories: each kind of fault is found, and what only looks like one is not.
@Suite("What judges a race")
struct RaceCheckerTests {
    private static let checker = RaceChecker(capacities: ["hall": 2, "robot": 1, "house": 3, "bay": 3], parents: ["bay": "house"])
    private static let quarter: Int64 = 900_000_000

    private static func need(
        _ key: String, _ resource: String = "hall", seats: Int = 1, from start: Int64 = 0, to end: Int64 = 4, sent: Int, answered: Int,
        refused codes: Set<String>? = nil, cancelled: (sent: Int, done: Int)? = nil
    ) -> RaceHistory.Need {
        let line = RaceHistory.Line(resource: resource, start: start * quarter, end: end * quarter, seats: seats)
        var need = RaceHistory.Need(
            key: key, lines: [line], sent: .seconds(sent), answered: .seconds(answered),
            outcome: codes.map { .refused(codes: $0) } ?? .acknowledged(id: "id-\(key)"))
        need.cancelSent = cancelled.map { .seconds($0.sent) }
        need.cancelled = cancelled.map { .seconds($0.done) }
        return need
    }

    private static func history(_ needs: RaceHistory.Need...) -> RaceHistory {
        var history = RaceHistory()
        history.needs = needs
        return history
    }

    @Test func `room taken three times over is found, and room given back before is not`() {
        let (first, second) = (Self.need("a", sent: 0, answered: 1), Self.need("b", sent: 2, answered: 3))
        #expect(Self.checker.excesses(Self.history(first, second)).isEmpty)
        let third = Self.need("c", sent: 6, answered: 7)
        #expect(Self.checker.excesses(Self.history(first, second, third)) == ["hall": 1])
        let freed = Self.need("b", sent: 2, answered: 3, cancelled: (sent: 5, done: 8))
        #expect(Self.checker.excesses(Self.history(first, freed, third)).isEmpty, "it may have been free already")
        let late = Self.need("b", sent: 2, answered: 3, cancelled: (sent: 8, done: 9))
        #expect(Self.checker.excesses(Self.history(first, late, third)) == ["hall": 1], "also when it is free by now")
    }

    @Test func `a machine taken twice at one instant is found, one after the other is not`() {
        let first = Self.need("a", "robot", sent: 0, answered: 1)
        #expect(Self.checker.excesses(Self.history(first, Self.need("b", "robot", from: 3, to: 5, sent: 2, answered: 3))) == ["robot": 1])
        #expect(Self.checker.excesses(Self.history(first, Self.need("b", "robot", from: 4, to: 5, sent: 2, answered: 3))).isEmpty)
    }

    @Test func `a part counts in what it is a part of`() {
        let needs = Self.history(
            Self.need("a", "bay", seats: 3, sent: 0, answered: 1), Self.need("b", "house", sent: 2, answered: 3))
        #expect(Self.checker.excesses(needs) == ["house": 1])
    }

    @Test func `a refusal beside free room is found, one that room was taken from at an instant of the call is not`() {
        let refused = Self.need("c", sent: 10, answered: 12, refused: ["capacityFull"])
        let (first, second) = (Self.need("a", sent: 0, answered: 1), Self.need("b", sent: 2, answered: 3))
        #expect(Self.checker.unjustified(Self.history(first, second, refused)).keys.isEmpty)
        #expect(Self.checker.unjustified(Self.history(first, refused)).keys == ["c"])
        #expect(Self.checker.unjustified(Self.history(refused)).keys == ["c"])
        let freed = Self.need("b", sent: 2, answered: 3, cancelled: (sent: 8, done: 9))
        #expect(Self.checker.unjustified(Self.history(first, freed, refused)).keys == ["c"])
        let freedMeanwhile = Self.need("b", sent: 2, answered: 3, cancelled: (sent: 8, done: 11))
        #expect(Self.checker.unjustified(Self.history(first, freedMeanwhile, refused)).keys.isEmpty)
        let takenMeanwhile = Self.need("b", sent: 11, answered: 13)
        #expect(Self.checker.unjustified(Self.history(first, takenMeanwhile, refused)).keys.isEmpty)
        let takenAfterwards = Self.need("b", sent: 13, answered: 14)
        #expect(Self.checker.unjustified(Self.history(first, takenAfterwards, refused)).keys == ["c"])
    }

    @Test func `what was never taken at one instant justifies no refusal`() {
        let refused = Self.need("c", sent: 10, answered: 20, refused: ["capacityFull"])
        let first = Self.need("a", sent: 0, answered: 1, cancelled: (sent: 11, done: 12))
        let second = Self.need("b", seats: 1, sent: 14, answered: 15)
        #expect(Self.checker.unjustified(Self.history(first, second, refused)).keys == ["c"], "one left before the other came")
        let elsewhere = Self.need("a", seats: 2, from: 8, to: 9, sent: 0, answered: 1)
        #expect(Self.checker.unjustified(Self.history(elsewhere, refused)).keys == ["c"], "at another time of the day")
    }

    @Test func `of a series that is refused as a whole one occurrence needs a reason`() {
        var one = Self.need("s", sent: 10, answered: 12, refused: ["capacityFull"])
        var other = Self.need("s", from: 96, to: 97, sent: 10, answered: 12, refused: ["capacityFull"])
        (one.isWhole, other.isWhole) = (true, true)
        let full = Self.need("a", seats: 2, sent: 0, answered: 1)
        #expect(Self.checker.unjustified(Self.history(full, one, other)).keys.isEmpty)
        #expect(Self.checker.unjustified(Self.history(one, other)).keys == ["s"])
    }

    @Test func `refusals for other reasons are not looked at`() {
        let refused = Self.need("c", sent: 10, answered: 12, refused: ["labelSuspended"])
        #expect(Self.checker.unjustified(Self.history(refused)).lookedAt == 0)
    }

    @Test func `two bookings under one key are found`() {
        var again = Self.need("a", sent: 4, answered: 5)
        again.outcome = .acknowledged(id: "another")
        #expect(Self.checker.doubled(Self.history(Self.need("a", sent: 0, answered: 1), again)) == ["a"])
        again.outcome = .acknowledged(id: "id-a")
        #expect(Self.checker.doubled(Self.history(Self.need("a", sent: 0, answered: 1), again)).isEmpty)
    }

    @Test func `what the database has otherwise is found`() {
        let row = { (key: String, state: String, takesRoom: Bool) in
            RaceChecker.Row(id: "id-\(key)", title: key, state: state, takesRoom: takesRoom)
        }
        let told = Self.history(Self.need("a", sent: 0, answered: 1), Self.need("b", sent: 0, answered: 1, cancelled: (sent: 2, done: 3)))
        #expect(Self.checker.differences(told, from: [row("a", "confirmed", true), row("b", "cancelledByUser", false)]).isEmpty)
        #expect(Self.checker.differences(told, from: [row("b", "cancelledByUser", false)]) == ["lost: a"])
        #expect(
            Self.checker.differences(told, from: [row("a", "confirmed", false), row("b", "cancelledByUser", true)]).count == 2,
            "room lost, and room never given back")
        #expect(Self.checker.differences(told, from: [row("a", "expired", false), row("b", "cancelledByUser", false)]).count == 1)
        let more = [row("a", "confirmed", true), row("b", "cancelledByUser", false)]
        #expect(Self.checker.differences(told, from: more + [row("x", "confirmed", true)]) == ["unexplained: x"])
        let double = RaceChecker.Row(id: "second", title: "a", state: "confirmed", takesRoom: true)
        #expect(Self.checker.differences(told, from: more + [double]) == ["unexplained: a", "twice: a"])
    }
}
