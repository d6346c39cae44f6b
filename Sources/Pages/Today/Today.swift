import Access
import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct TodayView: Sendable {
    struct Line: Sendable {
        let times: String
        let what: String
        let room: String
    }

    struct Arrival: Sendable {
        let starts: Instant
        let times: String
        let lines: [Line]
        let reference: String
        let href: String
        let title: String
        let contact: String?
        let persons: String
        let state: String
        let tone: String
        let acts: BookingActs
    }

    let centre: String
    let centreHref: String
    let path: String
    let day: String
    let dayName: String
    let previousHref: String
    let nextHref: String
    let summary: String
    /// How many bookings wait for approval, in words; nil: none.
    let waiting: String?
    let approvalsHref: String
    /// Those to come that have lost their room, to be moved.
    let displaced: [BookingRow]
    /// What should be back by now.
    let late: [CustodyRow]
    let custodyHref: String
    let arrivals: [Arrival]
}

extension Pages {
    /// The states of who comes, is there, was there, or was waited for.
    private static let expected = ["requested", "held", "conditional", "confirmed", "suspended", "inUse", "completed", "noShow"]

    /// Who comes to a centre on a day, by the hour, with what the staff does about it.
    func today(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        let speaker = member.speaker
        let centre = try await staffedCentre(id, member)
        guard let zone = centre["zone"]?.text.flatMap({ Zone($0) }) else { throw Problem.notFound }
        let day = request.fields["day"].flatMap { LocalDay($0) } ?? zone.day(of: member.now)
        async let early = member.api.earlyCheckIn()
        async let waiting = member.api.bookings(at: id, in: ["requested"], from: member.now, to: nil)
        async let displaced = member.api.all(
            "/v1/bookings",
            [
                "centreId": id.description, "flag": "displaced", "state": "requested,conditional,confirmed,suspended",
                "from": member.now.rfc3339,
            ])
        async let late = member.api.all("/v1/custodies", ["centreId": id.description, "late": "true"])
        let bookings = try await member.api.bookings(
            at: id, in: Self.expected, from: zone.instant(of: day, .midnight), to: zone.instant(of: day.adding(days: 1), .midnight))
        let table = ArrivalTable(centre: id, day: day, early: try await early, key: UUID().uuidString.lowercased(), member: member)
        let path = "/centres/\(id)/today"
        let requests = try await waiting.count
        return .sheet(
            Sheet(
                "today", title: speaker.say("page.today.title"), section: "today",
                TodayView(
                    centre: centre["name"]?.text ?? "", centreHref: "/centres/\(id)", path: path, day: "\(day)",
                    dayName: speaker.weekday(day), previousHref: "\(path)?day=\(day.adding(days: -1))",
                    nextHref: "\(path)?day=\(day.adding(days: 1))", summary: bookings.arrivalSummary(speaker),
                    waiting: requests == 0 ? nil : speaker.say("page.approvals.summary", ["count": .number(requests)]),
                    approvalsHref: "/centres/\(id)/approvals",
                    displaced: try await displaced.compactMap { BookingRow($0, speaker) },
                    late: try await late.map { CustodyRow($0, speaker) }, custodyHref: "/centres/\(id)/custody",
                    arrivals: bookings.compactMap(table.arrival).sorted { ($0.starts, $0.reference) < ($1.starts, $1.reference) })))
    }

    /// The centre, for who works there or for the network; for anybody else it looks missing.
    func staffedCentre(_ id: CentreID, _ member: MemberVisit) async throws -> JSONValue {
        let centre = try await member.api.get("/v1/centres/\(id)")
        guard member.principal.holds(.centreStaff, .centreManager, .networkManager, .networkAuditor, at: id.centreColumn) else {
            throw Problem.notFound
        }
        return centre
    }
}

extension [JSONValue] {
    fileprivate func arrivalSummary(_ speaker: Speaker) -> String {
        let persons = reduce(0) { sum, booking in
            (booking["audiences"]?.items ?? []).reduce(sum) { $0 + ($1["headCount"]?.integer ?? 0) }
        }
        let arrived = self.count { ["inUse", "completed"].contains($0["state"]?.text ?? "") }
        return speaker.say(
            "page.today.summary", ["count": .number(count), "persons": .number(persons), "arrived": .number(arrived)])
    }
}

/// Makes the rows of a day's arrivals at a centre.
private struct ArrivalTable {
    let centre: CentreID
    let day: LocalDay
    let early: Duration
    let key: String
    let member: MemberVisit

    /// Nil for a booking that has nothing at this centre on this day.
    func arrival(_ booking: JSONValue) -> TodayView.Arrival? {
        let speaker = member.speaker
        let parts = booking.lines(at: centre).compactMap(part)
        guard let start = parts.map(\.period.start).min(), let end = parts.map(\.period.end).max(), let zone = parts.first?.zone,
            let whole = Period(start: start, end: end)
        else { return nil }
        let state = booking["state"]?.text ?? ""
        return TodayView.Arrival(
            starts: start, times: speaker.times(whole, zone),
            lines: parts.map { part in
                TodayView.Line(
                    times: part.period == whole ? "" : speaker.times(part.period, part.zone), what: part.line["name"]?.text ?? "",
                    room: speaker.room(part.line))
            },
            reference: booking["reference"]?.text ?? "", href: "/bookings/\(booking["id"]?.text ?? "")",
            title: booking["title"]?.text ?? speaker.word(booking["activity"]?.text ?? "").capitalisedFirst, contact: booking.contact,
            persons: booking.persons(speaker), state: speaker.stateName(state), tone: BookingTone.of(state),
            acts: BookingActs(
                booking, for: member.principal, at: member.now, early: early, key: "\(key)-\(booking["reference"]?.text ?? "")",
                back: "/centres/\(centre)/today?day=\(day)"))
    }

    /// What of a line lies in the day.
    private struct Part {
        let line: JSONValue
        let period: Period
        let zone: Zone
    }

    private func part(of line: JSONValue) -> Part? {
        guard let period = line.period, let zone = line["zone"]?.text.flatMap({ Zone($0) }), let whole = zone.period(of: day),
            let part = period.intersection(whole)
        else { return nil }
        return Part(line: line, period: part, zone: zone)
    }
}
