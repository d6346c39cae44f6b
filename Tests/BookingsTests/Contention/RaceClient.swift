import HTTPTypes
import Kernel
import TestSupport

/// One of the clients that race for the same few resources: books, holds, asks for series, confirms, cancels, and sends half of it again.
struct RaceClient {
    let server: LiveServer
    let key: String
    let number: Int
    /// Sets the idempotency keys of one round apart from those of another.
    let salt: UInt64
    let platforms: [String]
    let units: [String]
    let capacities: [String: Int]
    /// Of how many actions one is a cancellation: frees room, so that there is always something to race for.
    let cancelsOneIn: Int
    /// Quarters of an hour in which a booking may begin.
    let starts: Int64
    /// Only bookings, and nothing sent twice.
    let isPlain: Bool
    /// The first instant of the contested day.
    let dayStart: Instant
    let begun: ContinuousClock.Instant
    var random: SplitMix64
    var history = RaceHistory()
    private var held: [Int] = []
    private var standing: [Int] = []

    init(
        server: LiveServer, key: String, number: Int, salt: UInt64, resources: (platforms: [String], units: [String]),
        capacities: [String: Int], cancelsOneIn: Int, starts: Int64, isPlain: Bool, dayStart: Instant, begun: ContinuousClock.Instant,
        random: SplitMix64
    ) {
        self.server = server
        self.key = key
        self.number = number
        self.salt = salt
        (platforms, units) = resources
        self.capacities = capacities
        self.cancelsOneIn = cancelsOneIn
        self.starts = starts
        self.isPlain = isPlain
        self.dayStart = dayStart
        self.begun = begun
        self.random = random
    }

    private var now: Duration { ContinuousClock.now - begun }

    mutating func run(until deadline: ContinuousClock.Instant) async throws -> RaceHistory {
        var attempt = 0
        while ContinuousClock.now < deadline {
            attempt += 1
            if Int.random(in: 0..<cancelsOneIn, using: &random) == 0, let index = standing.indices.randomElement(using: &random) {
                try await cancel(standing.remove(at: index))
                continue
            }
            switch isPlain ? 9 : Int.random(in: 0..<20, using: &random) {
            case 0..<3: try await book(attempt, isHold: true)
            case 3: try await bookSeries(attempt)
            case 4..<6 where !held.isEmpty: try await confirm(held.removeLast())
            default: try await book(attempt, isHold: false)
            }
        }
        return history
    }

    private mutating func send(_ path: String, _ headers: HTTPFields, _ json: String) async throws -> TestAnswer {
        let answer = try await server.send(.post, path, key: key, headers: headers, json: json)
        history.operations += 1
        return answer
    }

    /// Sends again under the same key what was answered already: no second effect, and the answer that there was.
    private mutating func sendAgain(_ answer: TestAnswer, _ path: String, _ headers: HTTPFields, _ json: String) async throws {
        guard !isPlain, answer.status == .created || answer.status == .ok, Bool.random(using: &random) else { return }
        history.retries += 1
        let again = try await send(path, headers, json)
        if again.status != answer.status || again.body != answer.body {
            history.contradictions.append("\(path) \(headers[.idempotencyKey] ?? ""): \(answer.status.code) and \(again.status.code)")
        }
    }

    private mutating func book(_ attempt: Int, isHold: Bool) async throws {
        let lines = randomLines()
        let name = "race-\(salt)-\(number)-\(attempt)"
        let json = """
            {"activity": "demonstration", "audiences": [], "title": "\(name)", \(isHold ? #""minutes": 30, "# : "")\
            "lines": [\(lines.map(Self.json).joined(separator: ", "))]}
            """
        let request = (path: isHold ? "/v1/holds" : "/v1/bookings", headers: [.idempotencyKey: name] as HTTPFields, json: json)
        let need = RaceHistory.Need(key: name, lines: lines, sent: now, answered: now, outcome: .unknown, isHold: isHold)
        // Now and then both at once: one of them has the effect, the other is told so or told to wait.
        if !isPlain, Int.random(in: 0..<20, using: &random) == 0 {
            let (service, bearer) = (self.server, self.key)
            async let first = service.send(.post, request.path, key: bearer, headers: request.headers, json: json)
            async let second = service.send(.post, request.path, key: bearer, headers: request.headers, json: json)
            let answers = try await [first, second].filter { $0.problem != "idempotencyInFlight" }
            history.operations += 2
            history.retries += 1
            if Set(answers.compactMap { $0.status == .created ? $0["id"]?.text : nil }).count > 1 {
                history.contradictions.append("two bookings under \(name) at once")
            }
            note(answers.first { $0.status == .created } ?? answers.first, need)
            return
        }
        let answer = try await send(request.path, request.headers, json)
        note(answer, need)
        if answer.status == .created {
            try await sendAgain(answer, request.path, request.headers, json)
        } else if !isPlain, Bool.random(using: &random) {
            // What was refused is asked for anew.
            history.retries += 1
            var again = need
            again.sent = now
            let said = try await send(request.path, request.headers, json)
            note(said, again)
        }
    }

    private mutating func note(_ answer: TestAnswer?, _ asked: RaceHistory.Need) {
        var need = asked
        need.answered = now
        switch answer?.status {
        case .created?:
            need.outcome = .acknowledged(id: answer?["id"]?.text ?? "")
            if need.isHold { held.append(history.needs.count) }
            standing.append(history.needs.count)
        case .conflict? where answer?.problem == "bookingRefused": need.outcome = .refused(codes: Set(answer?.codes ?? []))
        default: history.unexpected[answer?.status.code ?? 0, default: 0] += 1
        }
        history.needs.append(need)
    }

    /// The same time on three days in a row: each occurrence is a need of its own.
    private mutating func bookSeries(_ attempt: Int) async throws {
        let line = randomLines()[0]
        let name = "series-\(salt)-\(number)-\(attempt)"
        let isWhole = Bool.random(using: &random)
        let json = """
            {"activity": "demonstration", "audiences": [], "title": "\(name)", "rule": "FREQ=DAILY;COUNT=3",
             "mode": "\(isWhole ? "atomic" : "bestEffort")", "lines": [\(Self.json(line))]}
            """
        let sent = now
        let answer = try await send("/v1/booking-series", [.idempotencyKey: name], json)
        let answered = now
        try await sendAgain(answer, "/v1/booking-series", [.idempotencyKey: name], json)
        guard answer.status == .created || answer.problem == "seriesRefused" else {
            history.unexpected[answer.status.code, default: 0] += 1
            return
        }
        for occurrence in answer["occurrences"]?.elements ?? [] {
            let day = Int64(occurrence["number"]?.number ?? 1) - 1
            let id = occurrence["bookingId"]?.text
            let codes = Set(occurrence["rules"]?.elements.compactMap { $0["code"]?.text } ?? [])
            // Days are local: the clock may change between two of them.
            guard id != nil || !codes.isEmpty, let start = occurrence["start"]?.text.flatMap({ Instant(rfc3339: $0) }) else { continue }
            if id != nil { standing.append(history.needs.count) }
            history.needs.append(
                RaceHistory.Need(
                    key: id == nil && isWhole ? name : "\(name)-\(day)", lines: [Self.moved(line, to: start)], sent: sent,
                    answered: answered, outcome: id.map { .acknowledged(id: $0) } ?? .refused(codes: codes),
                    isWhole: isWhole && id == nil))
        }
    }

    private mutating func confirm(_ index: Int) async throws {
        guard let id = history.needs[index].id, history.needs[index].cancelSent == nil else { return }
        let headers: HTTPFields = [.ifMatch: "*", .idempotencyKey: "confirm-\(history.needs[index].key)"]
        let answer = try await send("/v1/bookings/\(id)/confirmation", headers, "{}")
        if answer.status != .ok { history.unexpected[answer.status.code, default: 0] += 1 }
        try await sendAgain(answer, "/v1/bookings/\(id)/confirmation", headers, "{}")
    }

    private mutating func cancel(_ index: Int) async throws {
        guard let id = history.needs[index].id else { return }
        let path = "/v1/bookings/\(id)/cancellation"
        let headers: HTTPFields = [.ifMatch: "*", .idempotencyKey: "cancel-\(history.needs[index].key)"]
        history.needs[index].cancelSent = now
        let answer = try await send(path, headers, "{}")
        if answer.status == .ok {
            history.needs[index].cancelled = now
        } else {
            history.unexpected[answer.status.code, default: 0] += 1
        }
        try await sendAgain(answer, path, headers, "{}")
    }

    /// Seats of one platform, and for every second booking a unit with them.
    private mutating func randomLines() -> [RaceHistory.Line] {
        let minutes: Int64 = 15 * 60 * 1_000_000
        // Most on one day; a few on those that series come to.
        let day = isPlain || Int.random(in: 0..<5, using: &random) > 0 ? 0 : Int64.random(in: 1...2, using: &random)
        let start = dayStart.microsecondsSince1970 + (Int64.random(in: 0..<starts, using: &random) + day * 96) * minutes
        let end = start + Int64.random(in: 1...16, using: &random) * minutes
        let platform = platforms.randomElement(using: &random) ?? ""
        let seats = Int.random(in: 1...min(3, capacities[platform, default: 1]), using: &random)
        var lines = [RaceHistory.Line(resource: platform, start: start, end: end, seats: seats)]
        if Bool.random(using: &random), let unit = units.randomElement(using: &random) {
            lines.append(RaceHistory.Line(resource: unit, start: start, end: end, seats: 1))
        }
        return lines
    }

    private static func moved(_ line: RaceHistory.Line, to start: Instant) -> RaceHistory.Line {
        let first = start.microsecondsSince1970
        return RaceHistory.Line(resource: line.resource, start: first, end: first + line.end - line.start, seats: line.seats)
    }

    private static func json(_ line: RaceHistory.Line) -> String {
        let start = Instant(microsecondsSince1970: line.start).rfc3339
        let end = Instant(microsecondsSince1970: line.end).rfc3339
        return """
            {"resourceId": "\(line.resource)", "start": "\(start)", "end": "\(end)", "seats": \(line.seats)}
            """
    }
}
