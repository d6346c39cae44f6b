import HTTPEdge
import Kernel

/// What is left of a resource over some days, step by step, as the API tells it.
struct DayCapacity: Sendable {
    struct Step: Sendable {
        let period: Period
        let free: Int
    }

    /// What the bars of a day show: from 6 to 22 o'clock, in minutes.
    private static let dawn = 360
    private static let dusk = 1_320

    let resource: ResourceID
    let capacity: Int
    let open: [Period]
    let steps: [Step]

    init?(_ json: JSONValue) {
        guard let id = json["resourceId"]?.text.flatMap({ ResourceID($0) }) else { return nil }
        resource = id
        capacity = json["capacity"]?.integer ?? 1
        open = (json["open"]?.items ?? []).compactMap(\.period)
        steps = (json["steps"]?.items ?? []).compactMap { step in
            step.period.map { Step(period: $0, free: step["free"]?.integer ?? 0) }
        }
    }

    static var hours: [WeekView.Hour] {
        stride(from: 8, through: 20, by: 4).map { WeekView.Hour(x: $0 * 60 - dawn, name: "\($0) h") }
    }

    /// While it is open on a day: from when to when how much is left.
    func openSteps(on day: LocalDay, in zone: Zone) -> [Step] {
        guard let whole = zone.period(of: day) else { return [] }
        return open.compactMap { $0.intersection(whole) }.flatMap { opening in
            steps.compactMap { step in step.period.intersection(opening).map { Step(period: $0, free: step.free) } }
        }
    }

    /// Of what it could be booked that day, the share that is taken; nil while it is closed.
    func takenShare(on day: LocalDay, in zone: Zone) -> Double? {
        let steps = openSteps(on: day, in: zone)
        let all = steps.reduce(0.0) { $0 + Double($1.period.seconds) * Double(capacity) }
        guard all > 0 else { return nil }
        return 1 - steps.reduce(0.0) { $0 + Double($1.period.seconds) * Double($1.free) } / all
    }

    func day(_ day: LocalDay, of resource: Resource, now: Instant, mayBook: Bool, _ speaker: Speaker) -> WeekView.Day {
        let zone = resource.zone
        let steps = openSteps(on: day, in: zone)
        return WeekView.Day(
            name: speaker.weekday(day), isToday: zone.day(of: now) == day,
            bars: steps.compactMap { bar($0, in: zone) },
            parts: steps.map { step in
                let choice = "from=\(zone.time(of: step.period.start))&to=\(Self.endTime(step.period, zone))"
                let canBook = mayBook && step.free > 0 && step.period.end > now
                return WeekView.Part(
                    times: speaker.times(step.period, zone), free: words(step.free, of: resource, speaker), tone: tone(step.free),
                    partHref: canBook ? "/book?resource=\(resource.id)&day=\(day)&\(choice)" : nil)
            },
            isClosed: steps.isEmpty)
    }

    private func words(_ free: Int, of resource: Resource, _ speaker: Speaker) -> String {
        if resource.kind == .equipment { return speaker.say(free > 0 ? "page.week.free" : "page.week.taken") }
        return speaker.say(
            resource.kind == .stock ? "page.week.itemsLeft" : "page.week.left", ["free": .number(free), "capacity": .number(capacity)])
    }

    private func tone(_ free: Int) -> String {
        free <= 0 ? "bad" : free < capacity ? "fair" : "good"
    }

    private func bar(_ step: Step, in zone: Zone) -> WeekView.Bar? {
        let start = max(zone.time(of: step.period.start).secondsSinceMidnight / 60, Self.dawn)
        let end = min((LocalTime(Self.endTime(step.period, zone))?.secondsSinceMidnight ?? 86_400) / 60, Self.dusk)
        guard end > start else { return nil }
        return WeekView.Bar(
            x: start - Self.dawn, width: end - start, tone: tone(step.free), label: end - start >= 50 ? "\(step.free)" : nil,
            labelX: (start + end) / 2 - Self.dawn)
    }

    /// `24:00` for the end of a day.
    private static func endTime(_ period: Period, _ zone: Zone) -> String {
        let time = zone.time(of: period.end)
        return time == .midnight ? "24:00" : time.description
    }
}

extension Period {
    var seconds: Int64 { duration.components.seconds }
}

extension PageCalls {
    /// In the order asked; 50 at a time, as the API takes them.
    func capacity(of resources: [Resource], from day: LocalDay, days: Int) async throws -> [DayCapacity] {
        var found: [DayCapacity] = []
        for start in stride(from: 0, to: resources.count, by: 50) {
            let some = resources[start..<min(start + 50, resources.count)]
            guard let zone = some.first?.zone else { continue }
            let answer = try await post(
                "/v1/availability",
                [
                    "resourceIds": .array(some.map { .string($0.id.description) }),
                    "start": .string(zone.instant(of: day, .midnight).rfc3339),
                    "end": .string(zone.instant(of: day.adding(days: days), .midnight).rfc3339),
                ])
            found += (answer["resources"]?.items ?? []).compactMap { DayCapacity($0) }
        }
        return found
    }
}
