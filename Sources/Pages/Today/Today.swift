import Access
import HTTPEdge
import HTTPTypes
import Kernel

struct TodayView: Sendable {
    struct Arrival: Sendable {
        let times: String
        let what: String
        let room: String
        let reference: String
        let href: String
        let title: String
        let persons: String
        let state: String
        let tone: String
    }

    let centre: String
    let centreHref: String
    let path: String
    let day: String
    let dayName: String
    let previousHref: String
    let nextHref: String
    let summary: String
    let arrivals: [Arrival]
}

extension Pages {
    /// Who comes to a centre on a day, by the hour.
    func today(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        let speaker = member.speaker
        let centre = try await staffedCentre(id, member)
        guard let zone = centre["zone"]?.text.flatMap({ Zone($0) }) else { throw Problem.notFound }
        let day = request.fields["day"].flatMap { LocalDay($0) } ?? zone.day(of: member.now)
        let bookings = try await member.api.all(
            "/v1/bookings",
            [
                "centreId": id.description, "from": zone.instant(of: day, .midnight).rfc3339,
                "to": zone.instant(of: day.adding(days: 1), .midnight).rfc3339,
            ]
        ).filter { BookingTone.of($0["state"]?.text ?? "") != "bad" }
        let lines = bookings.flatMap { booking in
            (booking["lines"]?.items ?? []).compactMap { TodayView.Arrival(booking, $0, on: day, speaker) }
        }
        let path = "/centres/\(id)/today"
        let persons = bookings.reduce(0) { sum, booking in
            (booking["audiences"]?.items ?? []).reduce(sum) { $0 + ($1["headCount"]?.integer ?? 0) }
        }
        return .sheet(
            Sheet(
                "today", title: speaker.say("page.today.title"), section: "today",
                TodayView(
                    centre: centre["name"]?.text ?? "", centreHref: "/centres/\(id)", path: path, day: "\(day)",
                    dayName: speaker.weekday(day), previousHref: "\(path)?day=\(day.adding(days: -1))",
                    nextHref: "\(path)?day=\(day.adding(days: 1))",
                    summary: speaker.say("page.today.summary", ["count": .number(bookings.count), "persons": .number(persons)]),
                    arrivals: lines.sorted { ($0.times, $0.what) < ($1.times, $1.what) })))
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

extension TodayView.Arrival {
    fileprivate init?(_ booking: JSONValue, _ line: JSONValue, on day: LocalDay, _ speaker: Speaker) {
        guard let period = line.period, let zone = line["zone"]?.text.flatMap({ Zone($0) }), let whole = zone.period(of: day),
            let part = period.intersection(whole)
        else { return nil }
        times = speaker.times(part, zone)
        what = line["name"]?.text ?? ""
        room =
            line["kind"]?.text == "equipment"
            ? speaker.say("page.oneMachine")
            : line["use"]?.text == "exclusive"
                ? speaker.say("page.wholePlatform") : speaker.say("page.workstations", ["count": .number(line["seats"]?.integer ?? 1)])
        reference = booking["reference"]?.text ?? ""
        href = "/bookings/\(booking["id"]?.text ?? "")"
        title = booking["title"]?.text ?? speaker.word(booking["activity"]?.text ?? "").capitalisedFirst
        let groups = (booking["audiences"]?.items ?? []).map {
            speaker.people($0["audience"]?.text ?? "", $0["headCount"]?.integer ?? 0)
        }
        persons = groups.joined(separator: ", ")
        let code = booking["state"]?.text ?? ""
        state = speaker.stateName(code)
        tone = BookingTone.of(code)
    }
}
