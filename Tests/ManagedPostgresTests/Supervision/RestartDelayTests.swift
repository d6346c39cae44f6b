import Testing

@testable import ManagedPostgres

@Suite struct RestartDelayTests {
    @Test func `waits double up to five seconds`() {
        var delay = RestartDelay()
        let waits = (0..<8).map { _ in delay.following(uptime: .zero) }
        #expect(waits == [100, 200, 400, 800, 1600, 3200, 5000, 5000].map { .milliseconds($0) })
    }

    @Test func `a run that lasted starts the waits anew`() {
        var delay = RestartDelay()
        for _ in 0..<5 { _ = delay.following(uptime: .seconds(9)) }
        #expect(delay.following(uptime: .seconds(10)) == .milliseconds(100))
        #expect(delay.following(uptime: .zero) == .milliseconds(200))
    }
}
