import Testing

@testable import HTTPEdge

@Suite struct ConnectionStateTests {
    @Test func `a quiet exchange needs nothing`() {
        var state = ConnectionState()
        #expect(state.readHead() == .awaitBody)
        #expect(state.readEnd() == .bodyEnded)
        state.wroteHead(closes: false)
        #expect(state.wroteEnd() == .nothing)
    }

    @Test func `an answer that closes does so at its end, or after the rest of the body`() {
        var whole = ConnectionState()
        _ = whole.readHead()
        _ = whole.readEnd()
        whole.wroteHead(closes: true)
        #expect(whole.wroteEnd() == .close)

        var partial = ConnectionState()
        _ = partial.readHead()
        partial.wroteHead(closes: true)
        #expect(partial.wroteEnd() == .linger)
        #expect(partial.readEnd() == .close)
    }

    @Test func `a fault is answered only where no answer has begun and none is owed before it`() {
        var fresh = ConnectionState()
        #expect(fresh.failed() == .answerAndClose)
        #expect(fresh.failed() == .nothing)

        var midBody = ConnectionState()
        _ = midBody.readHead()
        #expect(midBody.failed() == .answerAndClose)

        var begun = ConnectionState()
        _ = begun.readHead()
        begun.wroteHead(closes: false)
        #expect(begun.failed() == .close)

        var answeredEarly = ConnectionState()
        _ = answeredEarly.readHead()
        answeredEarly.wroteHead(closes: false)
        _ = answeredEarly.wroteEnd()
        #expect(answeredEarly.failed() == .close)

        var owing = ConnectionState()
        _ = owing.readHead()
        _ = owing.readEnd()
        #expect(owing.failed() == .close)
    }
}
