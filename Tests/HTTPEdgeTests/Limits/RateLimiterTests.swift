import Kernel
import Testing

@testable import HTTPEdge

@Suite struct RateLimiterTests {
    private func address(_ number: Int) -> RateLimiter.Caller {
        .address(IPAddress("10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"))
    }

    @Test func `callers have nothing to do with each other, and a kind without a limit none`() {
        let limiter = RateLimiter(RateLimits(perKey: 1, failuresPerAddress: 1, burst: 1))
        let home = IPAddress("192.0.2.1")
        #expect(limiter.take(from: .credential(.subject("a")))?.isAdmitted == true)
        #expect(limiter.take(from: .credential(.subject("a")))?.isAdmitted == false)
        #expect(limiter.take(from: .credential(.subject("b")))?.isAdmitted == true)
        #expect(limiter.take(from: .failures(home))?.isAdmitted == true)
        #expect(limiter.take(from: .address(home)) == nil)
    }

    @Test func `callers whose bucket is full again are forgotten`() {
        let time = SteppedTime()
        let limiter = RateLimiter(RateLimits(perAddress: 60)) { time.now }
        for number in 0..<2_000 { _ = limiter.take(from: address(number)) }
        #expect(limiter.count == 2_000)
        time.pass(.seconds(2))
        for number in 2_000..<3_000 { _ = limiter.take(from: address(number)) }
        #expect(limiter.count <= 1_000)
    }

    @Test func `there are never more callers than allowed, and newcomers then share one account`() {
        let time = SteppedTime()
        let limiter = RateLimiter(RateLimits(perAddress: 2, burst: 2), maximumCallers: 100) { time.now }
        for number in 0..<100 { #expect(limiter.take(from: address(number))?.isAdmitted == true) }
        let newcomers = (100..<5_000).count { limiter.take(from: address($0))?.isAdmitted == true }
        #expect(newcomers == 2)
        #expect(limiter.count <= 101)
        #expect(limiter.take(from: address(7))?.isAdmitted == true, "who was known before keeps its own")
        time.pass(.seconds(61))
        #expect(limiter.take(from: address(4_000))?.isAdmitted == true)
        #expect(limiter.count <= 2)
    }
}
