import Kernel
import Testing

@testable import HTTPEdge

@Suite struct RateBucketTests {
    private static let second: Int64 = 1_000_000_000

    @Test func `a bucket gives all at once, then as fast as it fills`() {
        let policy = RatePolicy("key", perMinute: 6, burst: 6)
        var bucket = RateBucket()
        let first = (0..<6).map { _ in bucket.take(1, policy, now: 0) }
        #expect(first.map(\.isAdmitted) == Array(repeating: true, count: 6))
        #expect(first.map(\.remaining) == [5, 4, 3, 2, 1, 0])
        #expect(first.map(\.secondsUntilFull) == [10, 20, 30, 40, 50, 60])
        let refused = bucket.take(1, policy, now: 0)
        #expect(!refused.isAdmitted)
        #expect(refused.retryAfterSeconds == 10)
        #expect(bucket.take(1, policy, now: 9 * Self.second).retryAfterSeconds == 1)
        #expect(bucket.take(1, policy, now: 10 * Self.second).isAdmitted)
        #expect(!bucket.take(1, policy, now: 10 * Self.second).isAdmitted)
        #expect(bucket.take(1, policy, now: 1000 * Self.second).remaining == 5, "it never holds more than the burst")
    }

    @Test func `who waits as long as told is admitted`() {
        let policy = RatePolicy("key", perMinute: 7, burst: 3)
        var bucket = RateBucket()
        var now: Int64 = 0
        for _ in 1...50 {
            let verdict = bucket.take(1, policy, now: now)
            if verdict.isAdmitted { continue }
            now += Int64(verdict.retryAfterSeconds) * Self.second
            #expect(bucket.take(1, policy, now: now).isAdmitted)
        }
    }

    @Test(arguments: [UInt64(1), 20_261_123, .random(in: 0 ... .max)])
    func `in no stretch of time are there more than the quota and what is earned meanwhile`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let policy = RatePolicy(
            "key", perMinute: Int.random(in: 6...300, using: &random), burst: Int.random(in: 1...50, using: &random))
        var bucket = RateBucket()
        var now: Int64 = 0
        var admitted: [Int64] = []
        for _ in 1...3_000 {
            now += Int64.random(in: 0...Self.second / 20, using: &random)
            if bucket.take(1, policy, now: now).isAdmitted { admitted.append(now) }
        }
        #expect(admitted.count > policy.burst, "seed \(seed)")
        for (count, at) in admitted.enumerated() {
            let earned = Double(at - admitted[0]) / Double(policy.nanosecondsPerUnit)
            #expect(Double(count + 1) <= Double(policy.burst) + earned + 1, "seed \(seed)")
        }
    }

    @Test func `what is given back can be taken again`() {
        let policy = RatePolicy("key", perMinute: 1, burst: 1)
        var bucket = RateBucket()
        #expect(bucket.take(1, policy, now: 0).isAdmitted)
        #expect(bucket.giveBack(1, policy, now: 0).remaining == 1)
        #expect(bucket.look(policy, now: 0).isAdmitted)
        #expect(bucket.take(1, policy, now: 0).isAdmitted)
        #expect(!bucket.look(policy, now: 0).isAdmitted)
    }

    @Test func `what costs more than a bucket holds takes a full one`() {
        let policy = RatePolicy("key", perMinute: 60, burst: 10)
        var bucket = RateBucket()
        #expect(bucket.take(25, policy, now: 0).remaining == 0)
        let refused = bucket.take(25, policy, now: 4 * Self.second)
        #expect(!refused.isAdmitted)
        #expect(refused.retryAfterSeconds == 6)
        #expect(bucket.take(25, policy, now: 10 * Self.second).isAdmitted)
    }
}
