import HTTPTypes
import Kernel
import TestSupport

/// One of the clients that race for the same few resources: books, sometimes retries with the same key, sometimes cancels.
struct RaceClient {
    let server: LiveServer
    let key: String
    let number: Int
    /// Sets the idempotency keys of one round apart from those of another.
    let salt: UInt64
    let platforms: [String]
    let units: [String]
    let mostSeats: Int
    /// Of how many actions one is a cancellation: frees room, so that there is always something to race for.
    let cancelsOneIn: Int
    /// Quarters of an hour in which a booking may begin.
    let starts: Int64
    /// The first instant of the contested day.
    let dayStart: Instant
    var random: SplitMix64
    var history = RaceHistory()

    mutating func run(until deadline: ContinuousClock.Instant) async throws -> RaceHistory {
        var attempt = 0
        while ContinuousClock.now < deadline {
            attempt += 1
            if Int.random(in: 0..<cancelsOneIn, using: &random) == 0,
                let mine = history.acknowledged.values.first(where: { !$0.isCancelled })
            {
                try await cancel(mine.id)
            } else {
                try await book(attempt: attempt)
            }
        }
        return history
    }

    private mutating func book(attempt: Int) async throws {
        let lines = randomLines()
        let json = """
            {"activity": "demonstration", "audiences": [], "lines": [\(lines.map(Self.json).joined(separator: ", "))]}
            """
        let headers: HTTPFields = [.idempotencyKey: "race-\(salt)-\(number)-\(attempt)"]
        var answer = try await server.send(.post, "/v1/bookings", key: key, headers: headers, json: json)
        if Bool.random(using: &random) {
            // A retry of what was answered already must not book twice, nor change the answer.
            let again = try await server.send(.post, "/v1/bookings", key: key, headers: headers, json: json)
            if answer.status == .created, again.status != .created || again.body != answer.body {
                history.unexpected[-1, default: 0] += 1
            }
            if answer.status != .created { answer = again }
        }
        history.attempts += 1
        switch answer.status {
        case .created:
            guard let id = answer["id"]?.text else { return }
            history.acknowledged[id] = RaceHistory.Acknowledged(id: id, lines: lines)
        case .conflict: history.refusals += 1
        default: history.unexpected[answer.status.code, default: 0] += 1
        }
    }

    private mutating func cancel(_ id: String) async throws {
        let answer = try await server.send(
            .post, "/v1/bookings/\(id)/cancellation", key: key, headers: [.ifMatch: "\"v1\""], json: "{}")
        if answer.status == .ok {
            history.acknowledged[id]?.isCancelled = true
        } else {
            history.unexpected[answer.status.code, default: 0] += 1
        }
    }

    /// Seats of one platform, and for every second booking a unit with them.
    private mutating func randomLines() -> [RaceHistory.Line] {
        let minutes: Int64 = 15 * 60 * 1_000_000
        let start = dayStart.microsecondsSince1970 + Int64.random(in: 0..<starts, using: &random) * minutes
        let end = start + Int64.random(in: 1...16, using: &random) * minutes
        var lines = [
            RaceHistory.Line(
                resource: platforms.randomElement(using: &random) ?? "", start: start, end: end,
                seats: Int.random(in: 1...mostSeats, using: &random))
        ]
        if Bool.random(using: &random), let unit = units.randomElement(using: &random) {
            lines.append(RaceHistory.Line(resource: unit, start: start, end: end, seats: 1))
        }
        return lines
    }

    private static func json(_ line: RaceHistory.Line) -> String {
        let start = Instant(microsecondsSince1970: line.start).rfc3339
        let end = Instant(microsecondsSince1970: line.end).rfc3339
        return """
            {"resourceId": "\(line.resource)", "start": "\(start)", "end": "\(end)", "seats": \(line.seats)}
            """
    }
}
