import HTTPEdge
import HTTPTypes
import Kernel

struct WeekView: Sendable {
    struct Part: Sendable {
        let times: String
        let free: String
        /// `good`, `fair`, `bad`.
        let tone: String
        let partHref: String?
    }

    /// A stretch of a day's bar, in minutes from its left edge.
    struct Bar: Sendable {
        let x: Int
        let width: Int
        let tone: String
        let label: String?
        let labelX: Int
    }

    struct Day: Sendable {
        let name: String
        let isToday: Bool
        let bars: [Bar]
        let parts: [Part]
        let isClosed: Bool
    }

    let id: String
    let name: String
    let description: String?
    let centreName: String
    let centreHref: String
    let capacity: String
    let facts: [String]
    let days: [Day]
    let hours: [Hour]
    let period: String
    let previousHref: String
    let nextHref: String
    let path: String
    let day: String
    let bookHref: String?
    let funding: FundingView?
    let whereabouts: AwayView?
    let documents: DocumentsView
    /// What is under way there, or may begin, of those that the reader may act on.
    let uses: [CurrentUse]
    let feedHref: String

    struct Hour: Sendable {
        let x: Int
        let name: String
    }
}

extension Pages {
    func platformWeek(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await week(of: try await member.api.platform(try request.path("resourceId")), request, member)
    }

    func equipmentWeek(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await week(of: try await member.api.machine(try request.path("resourceId")), request, member)
    }

    func stockWeek(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await week(of: try await member.api.stock(try request.path("resourceId")), request, member)
    }

    private func week(of resource: Resource, _ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let speaker = member.speaker
        let asked = request.fields["day"].flatMap { LocalDay($0) } ?? resource.zone.day(of: member.now)
        let monday = asked.adding(days: 1 - asked.weekday)
        async let week = member.api.capacity(of: [resource], from: monday, days: 7)
        async let centre = member.api.get("/v1/centres/\(resource.centre)")
        async let funding = funding(of: resource, member)
        async let whereabouts = away(resource, member)
        async let documents = documents(of: resource, member)
        async let uses = currentUses(of: resource, member)
        async let brought = member.api.get("/v1/resources/\(resource.id)/prerequisites")
        let mayBook = member.principal.holdsSomewhere(anyOf: [.booker])
        guard let capacity = try await week.first else { throw Problem.notFound }
        let days = (0..<7).map { offset in
            capacity.day(monday.adding(days: offset), of: resource, now: member.now, mayBook: mayBook, speaker)
        }
        let span = speaker.say("page.week.of", ["from": .day(monday), "to": .day(monday.adding(days: 6))])
        return .sheet(
            Sheet(
                "week", title: resource.name, section: "search",
                WeekView(
                    id: "\(resource.id)", name: resource.name, description: resource.description,
                    centreName: try await centre["name"]?.text ?? "", centreHref: "/centres/\(resource.centre)",
                    capacity: resource.amount(resource.capacity, speaker),
                    facts: resource.facts(asked: try await brought["prerequisites"]?.items ?? [], speaker), days: days,
                    hours: DayCapacity.hours, period: span,
                    previousHref: "\(resource.href)?day=\(monday.adding(days: -7))",
                    nextHref: "\(resource.href)?day=\(monday.adding(days: 7))", path: resource.href, day: "\(asked)",
                    bookHref: mayBook ? "/book?resource=\(resource.id)&day=\(asked)" : nil, funding: try await funding,
                    whereabouts: try await whereabouts, documents: try await documents, uses: try await uses,
                    feedHref: "/calendar-feeds?resource=\(resource.id)")))
    }
}

extension Resource {
    /// What people need to know before they book: sectors, shortest and longest use, notice, supervision, what to bring.
    ///
    /// - Parameter asked: the `prerequisites` of the contract's `Prerequisites`, of what it stands in too.
    func facts(asked: [JSONValue], _ speaker: Speaker) -> [String] {
        var facts: [String] = []
        if !sectors.isEmpty {
            facts.append(
                speaker.say(
                    "page.fact.sectors", ["sectors": .list(sectors.map { .text(speaker.sector($0)) }), "count": .number(sectors.count)]))
        }
        if let maker = details["manufacturer"]?.text, let model = details["model"]?.text {
            facts.append(speaker.say("page.fact.model", ["model": .text("\(maker) \(model)")]))
        }
        if let shortest = rules?["minimumMinutes"]?.integer, let longest = rules?["maximumMinutes"]?.integer {
            facts.append(
                speaker.say("page.fact.duration", ["shortest": .text(Self.duration(shortest)), "longest": .text(Self.duration(longest))]))
        }
        if let notice = rules?["noticeMinutes"]?.integer, notice > 0 {
            facts.append(speaker.say("page.fact.notice", ["notice": .text(Self.duration(notice))]))
        }
        if !supervision.isEmpty {
            facts.append(speaker.say("page.fact.supervision", ["modes": .list(supervision.map { .text(speaker.word($0)) })]))
        }
        return facts + asked.map { speaker.say("page.fact.prerequisite", ["attestation": .text(speaker.prerequisite($0))]) }
    }

    /// `45 min`, `1 h 30`, `3 × 24 h`: the same in both languages.
    static func duration(_ minutes: Int) -> String {
        minutes >= 2_880 && minutes % 1_440 == 0 ? "\(minutes / 1_440) × 24 h" : hours(minutes)
    }

    /// `45 min`, `1 h 30`, `480 h`: of teaching, which nobody counts in days and nights.
    static func hours(_ minutes: Int) -> String {
        if minutes < 60 { return "\(minutes) min" }
        return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
    }
}
