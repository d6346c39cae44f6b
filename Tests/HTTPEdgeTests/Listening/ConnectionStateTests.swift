import Testing

@testable import HTTPEdge

@Suite struct ConnectionStateTests {
    /// After the bytes of a head have come.
    private func reading() -> ConnectionState {
        var state = ConnectionState()
        state.readBytes()
        state.readHead()
        return state
    }

    @Test func `a quiet exchange needs nothing`() {
        var state = reading()
        #expect(state.readEnd() == .nothing)
        #expect(state.readComplete() == .nothing)
        state.wroteHead(closes: false)
        #expect(state.wroteEnd() == .nothing)
        #expect(!state.isLate)
    }

    @Test func `what does not come at once is counted down, once for the head and once for the body`() {
        var state = ConnectionState()
        #expect(state.readComplete() == .nothing, "nobody said anything yet")
        state.readBytes()
        #expect(state.readComplete() == .awaitHead)
        state.readBytes()
        #expect(state.readComplete() == .nothing)
        #expect(state.isLate)
        state.readHead()
        #expect(!state.isLate)
        #expect(state.readComplete() == .awaitBody)
        #expect(state.readComplete() == .nothing)
        #expect(state.isLate)
        #expect(state.readEnd() == .nothing)
        #expect(!state.isLate)
        #expect(state.readComplete() == .nothing)
    }

    @Test func `an answer that closes does so at its end, or after the rest of the body`() {
        var whole = reading()
        _ = whole.readEnd()
        whole.wroteHead(closes: true)
        #expect(whole.wroteEnd() == .close)

        var partial = reading()
        partial.wroteHead(closes: true)
        #expect(partial.wroteEnd() == .linger)
        #expect(partial.readEnd() == .close)
    }

    @Test func `a fault is answered only where no answer has begun and none is owed before it`() {
        var fresh = ConnectionState()
        #expect(fresh.failed() == .answerAndClose)
        #expect(fresh.failed() == .nothing)
        #expect(fresh.isOver)

        var midBody = reading()
        #expect(midBody.failed() == .answerAndClose)

        var begun = reading()
        begun.wroteHead(closes: false)
        #expect(begun.failed() == .close)

        var answeredEarly = reading()
        answeredEarly.wroteHead(closes: false)
        _ = answeredEarly.wroteEnd()
        #expect(answeredEarly.failed() == .close)

        var owing = reading()
        _ = owing.readEnd()
        #expect(owing.failed() == .close)
    }
}
