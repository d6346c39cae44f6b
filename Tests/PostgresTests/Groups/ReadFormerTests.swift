import Testing

@testable import Postgres

@Suite struct ReadFormerTests {
    private func request(_ name: String, settings: Bool = false) -> PostgresRequest {
        let call = PipelineCall(StatementText(name: name, text: ""))
        return PostgresRequest(call, opening: settings ? [call] : [], patience: .seconds(1))
    }

    private func names(_ requests: [PostgresRequest]) -> [String] { requests.map(\.call.statement.name) }

    /// A former that has seen `names` answer quickly.
    private func former(quick names: [String]) -> ReadFormer {
        var former = ReadFormer(limit: 4)
        for name in names { for _ in 0..<3 { former.learn([request(name)], took: .microseconds(50), hasFailed: false) } }
        return former
    }

    @Test func `a statement goes alone until it was quick three times`() {
        var former = ReadFormer(limit: 4)
        for _ in 0..<3 {
            former.add(request("a"))
            former.add(request("a"))
            #expect(names(former.next(sharedBy: 1)) == ["a"])
            #expect(names(former.next(sharedBy: 1)) == ["a"])
            former.learn([request("a")], took: .microseconds(50), hasFailed: false)
        }
        former.add(request("a"))
        former.add(request("a"))
        #expect(names(former.next(sharedBy: 1)) == ["a", "a"])
        #expect(former.isEmpty)
    }

    @Test func `a group has a limit, keeps the order, and ends before one that goes alone`() {
        var former = former(quick: ["a", "b"])
        for name in ["a", "b", "a", "b", "a", "slow", "a"] { former.add(request(name)) }
        #expect(names(former.next(sharedBy: 1)) == ["a", "b", "a", "b"])
        #expect(names(former.next(sharedBy: 1)) == ["a"])
        #expect(names(former.next(sharedBy: 1)) == ["slow"])
        #expect(names(former.next(sharedBy: 1)) == ["a"])
        #expect(names(former.next(sharedBy: 1)) == [])
    }

    @Test func `each connection with room gets its share`() {
        var former = former(quick: ["a"])
        for _ in 0..<6 { former.add(request("a")) }
        #expect(former.next(sharedBy: 3).count == 2)
        #expect(former.next(sharedBy: 2).count == 2)
        #expect(former.next(sharedBy: 1).count == 2)
    }

    @Test func `settings, which hold until the Sync, are shared with nobody`() {
        var former = former(quick: ["a"])
        former.add(request("a", settings: true))
        former.add(request("a", settings: true))
        #expect(former.next(sharedBy: 1).count == 1)
        #expect(former.next(sharedBy: 1).count == 1)
    }

    @Test(arguments: [(Duration.milliseconds(3), false, 1), (.milliseconds(1), true, 1), (.milliseconds(1), false, 2)])
    func `one that was slow or failed proves itself again`(service: Duration, hasFailed: Bool, sent: Int) {
        var former = former(quick: ["a"])
        former.learn([request("a")], took: service, hasFailed: hasFailed)
        former.add(request("a"))
        former.add(request("a"))
        #expect(former.next(sharedBy: 1).count == sent)
    }

    @Test func `a slow or failed group does too, and its members are asked again alone and first`() {
        for (service, hasFailed) in [(Duration.milliseconds(20), false), (.zero, true)] {
            var former = former(quick: ["a", "b"])
            former.learn([request("a"), request("b")], took: service, hasFailed: hasFailed)
            for name in ["a", "b"] { former.add(request(name)) }
            former.redo(request("b"), until: .now + .seconds(1))
            #expect(names(former.next(sharedBy: 1)) == ["b"])
            #expect(names(former.next(sharedBy: 1)) == ["a"])
            #expect(names(former.next(sharedBy: 1)) == ["b"])
        }
    }

    @Test func `what waits too long is given up`() {
        var former = former(quick: ["a"])
        former.add(request("a"))
        var given = 0
        former.removeOverdue(at: .now) { _ in given += 1 }
        #expect(given == 0)
        former.removeOverdue(at: .now + .seconds(2)) { _ in given += 1 }
        #expect(given == 1)
        #expect(former.isEmpty)
    }
}
