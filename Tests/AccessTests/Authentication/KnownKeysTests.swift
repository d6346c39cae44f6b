import Kernel
import TestSupport
import Testing

@testable import Access

@Suite
struct KnownKeysTests {
    private let now = ContinuousClock.now
    private let digest = [UInt8](repeating: 1, count: 32)
    private let principal: Principal

    init() {
        var random = SplitMix64(seed: 11)
        let instant = Instant(secondsSince1970: 1_700_000_000)
        principal = Principal(
            credential: .key(KeyID.make(centre: 0, at: instant, random: &random)),
            organisationID: OrganisationID.make(centre: 0, at: instant, random: &random), grants: [])
    }

    @Test
    func `nothing is remembered while nobody hears of changes`() {
        let known = KnownKeys()
        learn(known)
        #expect(!isKnown(known, after: .zero))
        known.beginListening()
        learn(known)
        #expect(isKnown(known, after: .zero))
        known.endListening()
        #expect(!isKnown(known, after: .zero))
        known.beginListening()
        #expect(!isKnown(known, after: .zero), "what was known before the gap may have changed in it")
    }

    @Test(arguments: [
        (Duration?.none, Duration.milliseconds(4_999), true), (nil, .seconds(5), false), (.seconds(3), .milliseconds(2_999), true),
        (.seconds(3), .seconds(3), false), (.seconds(3_600), .seconds(5), false), (.seconds(-1), .zero, false),
    ])
    func `a key is known for five seconds, and no longer than it is good`(left: Duration?, later: Duration, isKnown: Bool) {
        let known = KnownKeys()
        known.beginListening()
        learn(known, left: left)
        #expect(self.isKnown(known, after: later) == isKnown)
    }

    @Test
    func `an answer to what was asked before a change is not kept after it`() {
        let known = KnownKeys()
        known.beginListening()
        for change in [known.forgetAll, known.endListening] {
            guard case .ask(let question) = known.principal(of: digest, at: now) else {
                Issue.record("known already")
                return
            }
            change()
            if !known.isListening { known.beginListening() }
            known.keep(principal, of: digest, for: nil, answering: question)
            #expect(!isKnown(known, after: .zero))
        }
    }

    @Test
    func `so many keys are held and no more`() {
        let known = KnownKeys(capacity: 10)
        known.beginListening()
        for byte in UInt8(0)..<25 { learn(known, [byte]) }
        let held = (UInt8(0)..<25).count { byte in
            if case .known = known.principal(of: [byte], at: now) { true } else { false }
        }
        #expect((1...10).contains(held))
        #expect(isKnown(known, [24], after: .zero))
    }

    private func learn(_ known: KnownKeys, _ digest: [UInt8]? = nil, left: Duration? = nil) {
        guard case .ask(let question) = known.principal(of: digest ?? self.digest, at: now) else {
            Issue.record("known already")
            return
        }
        known.keep(principal, of: digest ?? self.digest, for: left, answering: question)
    }

    private func isKnown(_ known: KnownKeys, _ digest: [UInt8]? = nil, after later: Duration) -> Bool {
        if case .known(let found) = known.principal(of: digest ?? self.digest, at: now + later) { found == principal } else { false }
    }
}
