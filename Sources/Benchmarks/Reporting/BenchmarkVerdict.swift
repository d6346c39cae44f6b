import Foundation

/// A figure beside what it is to come to.
struct BenchmarkVerdict: Sendable, Encodable {
    /// Work, bookings and connections.
    let what: String
    let figure: String
    let aim: String
    let isMet: Bool

    var row: [String] { [what, figure, aim, isMet ? "met" : "not met"] }
}

extension Aim {
    var growth: Double? {
        if case .growth(let most) = self { most } else { nil }
    }
}

extension BenchmarkReport {
    /// Every figure for which there is an aim, as far as it was measured.
    var verdicts: [BenchmarkVerdict] {
        lines.flatMap { line in aims[line.work, default: []].compactMap { verdict(of: line, $0) } }
            + growth.compactMap(Self.verdict) + answers.flatMap(Self.verdicts)
    }

    private func verdict(of line: BenchmarkLine, _ aim: Aim) -> BenchmarkVerdict? {
        let place = "\(line.work), \(line.bookings) bookings"
        switch aim {
        case .ratio(let least, let connections):
            guard line.connections == connections else { return nil }
            let ratio = line.median(\.ratio)
            return Self.verdict(
                "\(place), \(connections) connections", "\(Self.number(ratio, 2)) of pgbench", atLeast: least, isMet: ratio >= least)
        case .share(let least, let rival):
            guard let other = self.line(rival, line.bookings, line.connections) else { return nil }
            let pairs = zip(line.measurements, other.measurements)
            let share = BenchmarkLine.median(pairs.map { $0.requestsPerSecond / max($1.requestsPerSecond, 1e-9) })
            let whole = BenchmarkLine.median(pairs.map { $0.wholeRequestsPerSecond / max($1.wholeRequestsPerSecond, 1e-9) })
            let figure = "\(Self.number(whole, 2)) of \(other.work)"
            return Self.verdict(
                "\(place), \(line.connections) connections",
                line.leavesWork ? "\(figure), folding included (\(Self.number(share, 2)) without)" : figure, atLeast: least,
                isMet: whole >= least)
        case .percentile99(let most, let connections):
            guard line.connections == connections else { return nil }
            let time = line.median { $0.wrk.percentile99.inSeconds * 1000 }
            return Self.verdict(
                "\(place), \(connections) connections", "p99 \(Self.number(time, 1)) ms", atMost: "\(Self.number(most, 0)) ms",
                isMet: time <= most)
        case .alone(let most):
            guard line.connections == settings.connections.first, let time = line.alone(\.median) else { return nil }
            return Self.verdict(
                "\(line.statements ?? line.work), \(line.bookings) bookings, database alone", "p50 \(Self.number(time, 2)) ms",
                atMost: "\(Self.number(most, 1)) ms", isMet: time <= most)
        case .growth:
            return nil
        }
    }

    private static func verdict(_ growth: BenchmarkGrowth) -> BenchmarkVerdict? {
        growth.most.map { most in
            let sizes = "\(growth.small.bookings) to \(growth.large.bookings) bookings"
            return verdict(
                "\(growth.large.work), \(sizes), \(growth.large.connections) connections", "grows by \(number(growth.worst, 2))",
                atMost: number(most, 1), isMet: growth.worst <= most)
        }
    }

    private static func verdicts(_ line: AnswerLine) -> [BenchmarkVerdict] {
        let place = "\(line.request.name), \(line.bookings) bookings"
        let bytes = line.rounds.map(\.bytes).max() ?? 0
        let time = line.median(\.whole.percentile99)
        return [
            line.request.mostBytes.map {
                verdict(place, "\(number(Double(bytes) / 1000, 1)) kB", atMost: "\($0 / 1000) kB", isMet: bytes <= $0)
            },
            line.request.mostMilliseconds.map {
                verdict(place, "p99 \(number(time, 2)) ms", atMost: "\(number($0, 0)) ms", isMet: time <= $0)
            },
        ].compactMap(\.self)
    }

    private static func verdict(_ what: String, _ figure: String, atLeast least: Double, isMet: Bool) -> BenchmarkVerdict {
        BenchmarkVerdict(what: what, figure: figure, aim: "at least \(number(least, 2))", isMet: isMet)
    }

    private static func verdict(_ what: String, _ figure: String, atMost most: String, isMet: Bool) -> BenchmarkVerdict {
        BenchmarkVerdict(what: what, figure: figure, aim: "at most \(most)", isMet: isMet)
    }
}

extension BenchmarkLine {
    /// The median of the rounds; nil: not timed.
    func alone(_ value: (PgbenchLatency) -> Double) -> Double? {
        let times = measurements.compactMap { $0.alone.map(value) }
        return times.isEmpty ? nil : Self.median(times)
    }
}
