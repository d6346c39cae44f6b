/// What a connection is in the middle of, without timers or bytes; says what to do next.
struct ConnectionState {
    enum Action: Equatable {
        case nothing
        /// Start counting down for the rest of the body.
        case awaitBody
        /// The body is whole.
        case bodyEnded
        /// The client still sends although it has its answer: give it a little time, then close.
        case linger
        case close
        /// Say why, then close.
        case answerAndClose
    }

    private var isReading = false
    /// Requests whose answer has not been written whole.
    private var unanswered = 0
    private var answerHasBegun = false
    private var closesAfterAnswer = false
    private var isOver = false

    mutating func readHead() -> Action {
        isReading = true
        unanswered += 1
        return .awaitBody
    }

    mutating func readEnd() -> Action {
        isReading = false
        return closesAfterAnswer && unanswered == 0 ? .close : .bodyEnded
    }

    /// - Parameter closes: whether the answer says `Connection: close`.
    mutating func wroteHead(closes: Bool) {
        answerHasBegun = true
        if closes { closesAfterAnswer = true }
    }

    /// The answer was given to the socket to its end.
    mutating func wroteEnd() -> Action {
        answerHasBegun = false
        unanswered -= 1
        guard closesAfterAnswer, unanswered <= 0 else { return .nothing }
        return isReading ? .linger : .close
    }

    /// The client sends what is not HTTP, or too slowly.
    ///
    /// It can be told only where that request is the one whose answer is next.
    mutating func failed() -> Action {
        guard !isOver else { return .nothing }
        isOver = true
        let isNext = isReading ? unanswered == 1 : unanswered == 0
        return isNext && !answerHasBegun && !closesAfterAnswer ? .answerAndClose : .close
    }
}
