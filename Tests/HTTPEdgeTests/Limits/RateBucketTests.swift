import Testing

@testable import HTTPEdge

@Suite struct RateBucketTests {
    private static let second: Int64 = 1_000_000_000

    @Test func `a bucket gives all at once, then as fast as it fills`() {
        let policy = RatePolicy("key", requests: 6, windowSeconds: 60)
        var bucket = RateBucket()
        let first = (0..<6).map { _ in bucket.take(policy, now: 0) }
        #expect(first.map(\.isAdmitted) == Array(repeating: true, count: 6))
        #expect(first.map(\.remaining) == [5, 4, 3, 2, 1, 0])
        #expect(first.map(\.secondsUntilFull) == [10, 20, 30, 40, 50, 60])
        let refused = bucket.take(policy, now: 0)
        #expect(!refused.isAdmitted)
        #expect(refused.retryAfterSeconds == 10)
        #expect(bucket.take(policy, now: 9 * Self.second).retryAfterSeconds == 1)
        #expect(bucket.take(policy, now: 10 * Self.second).isAdmitted)
        #expect(!bucket.take(policy, now: 10 * Self.second).isAdmitted)
        #expect(bucket.take(policy, now: 1000 * Self.second).remaining == 5, "it never holds more than the quota")
    }

    @Test func `who waits as long as told is admitted`() {
        let policy = RatePolicy("key", requests: 7, windowSeconds: 60)
        var bucket = RateBucket()
        var now: Int64 = 0
        for _ in 1...50 {
            let verdict = bucket.take(policy, now: now)
            if verdict.isAdmitted { continue }
            now += Int64(verdict.retryAfterSeconds) * Self.second
            #expect(bucket.take(policy, now: now).isAdmitted)
        }
    }

    @Test(arguments: [UInt64(1), 20_261_123, .random(in: 0 ... .max)])
    func `in no stretch of time are there more than the quota and what is earned meanwhile`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let policy = RatePolicy("key", requests: Int.random(in: 1...50, using: &random), windowSeconds: 10)
        var bucket = RateBucket()
        var now: Int64 = 0
        var admitted: [Int64] = []
        for _ in 1...3_000 {
            now += Int64.random(in: 0...Self.second / 20, using: &random)
            if bucket.take(policy, now: now).isAdmitted { admitted.append(now) }
        }
        #expect(admitted.count > policy.requests, "seed \(seed)")
        for (count, at) in admitted.enumerated() {
            let earned = Double(at - admitted[0]) / Double(policy.nanosecondsPerRequest)
            #expect(Double(count + 1) <= Double(policy.requests) + earned + 1, "seed \(seed)")
        }
    }

    @Test func `what is given back can be taken again`() {
        let policy = RatePolicy("key", requests: 1)
        var bucket = RateBucket()
        #expect(bucket.take(policy, now: 0).isAdmitted)
        bucket.giveBack(policy)
        #expect(bucket.look(policy, now: 0).isAdmitted)
        #expect(bucket.take(policy, now: 0).isAdmitted)
        #expect(!bucket.look(policy, now: 0).isAdmitted)
    }
}
