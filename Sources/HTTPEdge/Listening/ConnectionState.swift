/// What a connection is in the middle of, without timers or bytes; says what to do next.
struct ConnectionState {
    enum Action: Equatable {
        case nothing
        /// Start counting down for the rest of the head.
        case awaitHead
        /// Start counting down for the rest of the body.
        case awaitBody
        /// The client still sends although it has its answer: give it a little time, then close.
        case linger
        case close
        /// Say why, then close.
        case answerAndClose
    }

    private var isReading = false
    /// Bytes have come since the last request was whole.
    private var hasBegun = false
    /// A countdown runs for this head or body.
    private var isCounting = false
    /// Requests whose answer has not been written whole.
    private var unanswered = 0
    private var answerHasBegun = false
    private var closesAfterAnswer = false
    /// Nothing that comes now counts any more.
    private(set) var isOver = false

    mutating func readBytes() {
        if !isReading { hasBegun = true }
    }

    mutating func readHead() {
        isReading = true
        isCounting = false
        unanswered += 1
    }

    mutating func readEnd() -> Action {
        isReading = false
        hasBegun = false
        isCounting = false
        return closesAfterAnswer && unanswered == 0 ? .close : .nothing
    }

    /// Everything that had come has been read.
    mutating func readComplete() -> Action {
        guard !isOver, !isCounting, isReading || hasBegun else { return .nothing }
        isCounting = true
        return isReading ? .awaitBody : .awaitHead
    }

    /// The countdown is over; says whether it still meant something.
    var isLate: Bool { isCounting && !isOver }

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
