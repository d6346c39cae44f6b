/// One question at one number of bookings, over all rounds.
struct AnswerLine: Sendable {
    /// In milliseconds.
    struct Percentiles: Sendable {
        let median: Double
        let percentile99: Double

        init(_ times: [Duration]) {
            let sorted = times.map { $0.inSeconds * 1000 }.sorted()
            median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
            percentile99 = sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
        }
    }

    /// What came in one round.
    struct Round: Sendable {
        let firstByte: Percentiles
        let whole: Percentiles
        /// The largest answer on the wire.
        let bytes: Int
        /// Of the first byte, to that of the file that lies ready, just before; nil: there is none to compare with.
        let ratio: Double?

        init(_ answers: [TimedAnswer], beside measure: [TimedAnswer]) {
            firstByte = Percentiles(answers.map(\.firstByte))
            whole = Percentiles(answers.map(\.whole))
            bytes = answers.map(\.bytes).max() ?? 0
            ratio = measure.isEmpty ? nil : firstByte.median / max(Percentiles(measure.map(\.firstByte)).median, 1e-9)
        }
    }

    private static let mostAnswers = 200

    let request: TimedRequest
    let bookings: Int
    var rounds: [Round] = []

    func median(_ value: (Round) -> Double) -> Double { BenchmarkLine.median(rounds.map(value)) }

    /// Smallest and largest; nil: it is compared with nothing.
    var ratios: (least: Double, most: Double)? {
        let ratios = rounds.compactMap(\.ratio)
        return ratios.min().flatMap { least in ratios.max().map { (least, $0) } }
    }

    /// Asks every question of a subject, each after the one that it is compared with.
    static func measure(_ subject: BenchmarkSubject, seconds: Int, into lines: inout [AnswerLine]) async throws {
        guard !subject.questions.isEmpty else { return }
        let connection = try TimedConnection(port: subject.server.port)
        let measure = subject.questions.first(where: \.isMeasure)
        for request in subject.questions {
            _ = try await connection.ask(request, atMost: 5, seconds: 1)
            var beside: [TimedAnswer] = []
            if let measure, !request.isMeasure {
                beside = try await connection.ask(measure, atMost: mostAnswers, seconds: seconds)
            }
            let answers = try await connection.ask(request, atMost: mostAnswers, seconds: seconds)
            let bookings = subject.surroundings.bookings
            let place = lines.firstIndex { $0.request.name == request.name && $0.bookings == bookings }
            var line = place.map { lines[$0] } ?? AnswerLine(request: request, bookings: bookings)
            line.rounds.append(Round(answers, beside: beside))
            if let place { lines[place] = line } else { lines.append(line) }
        }
    }
}
