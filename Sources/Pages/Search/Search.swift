import HTTPEdge
import HTTPTypes
import Kernel

struct SearchView: Sendable {
    struct Option: Sendable {
        let value: String
        let name: String
        let isChosen: Bool
    }

    struct Alternative: Sendable {
        let when: String
        let href: String
    }

    struct Result: Sendable {
        let name: String
        let place: String
        let capacity: String
        let verdict: String
        /// `good`, `fair` or `bad`: the colour of the verdict, which its words say too.
        let tone: String
        let reasons: [String]
        let bookHref: String?
        let weekHref: String
        let alternatives: [Alternative]
    }

    let day: String
    let from: String
    let to: String
    let seats: Int
    let place: String
    let what: String
    let audiences: [Option]
    let fault: String?
    let summary: String?
    let results: [Result]
}

/// What somebody looks for.
struct SearchQuery: Sendable {
    static let mostAsked = 40

    let choice: BookingChoice
    let audience: String
    let place: String
    let what: String

    /// - Parameter today: the day after it is looked at unless another one is asked for.
    init(_ fields: FormFields, today: LocalDay) {
        var choice = BookingChoice(fields)
        audience = fields["audience"].flatMap { BookingChoice.audiences.contains($0) ? $0 : nil } ?? BookingChoice.audiences[0]
        if choice.day == nil { choice.day = Self.nextWorkday(after: today) }
        if choice.from == nil { choice.from = LocalTime(hour: 9) }
        if choice.to == nil { choice.to = LocalTime(hour: 12) }
        choice.headCounts = [audience: choice.seats]
        self.choice = choice
        place = fields["place"] ?? ""
        what = fields["what"] ?? ""
    }

    private static func nextWorkday(after day: LocalDay) -> LocalDay {
        var next = day.adding(days: 1)
        while next.weekday > 5 { next = next.adding(days: 1) }
        return next
    }

    func fits(_ resource: Resource, machines: [Resource], at centre: CentreName?) -> Bool {
        guard resource.capacity >= choice.seats else { return false }
        let there = ([centre?.name ?? ""] + (centre?.towns ?? [])).joined(separator: " ")
        let words = ([resource.name, resource.description ?? ""] + resource.sectors + machines.map(\.name)).joined(separator: " ")
        return Self.contains(there, place) && Self.contains(words, what)
    }

    /// Every word of what was typed, whatever its case.
    private static func contains(_ text: String, _ typed: String) -> Bool {
        let text = text.lowercased()
        return typed.lowercased().split(separator: " ").allSatisfy { text.contains($0) }
    }
}

extension Pages {
    /// What is free then, for them: each candidate is asked as a dry run, so that the answer is what booking would answer.
    func search(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let speaker = member.speaker
        let today = member.now.dayOfNetwork
        let query = SearchQuery(request.fields, today: today)
        let isAsked = request.fields["day"] != nil
        let found = isAsked ? try await candidates(for: query, member) : []
        let results = try await verdicts(of: found.map(\.resource), query, member)
        let centres = Dictionary(found.map { ($0.resource.id, $0.centre) }, uniquingKeysWith: { first, _ in first })
        let lines = results.map { $0.line(centres[$0.resource.id] ?? nil, query, speaker) }
        let free = results.count { $0.isFree }
        return .sheet(
            Sheet(
                "search", title: speaker.say("page.search.title"), section: "search",
                SearchView(
                    day: query.choice.day?.description ?? "", from: query.choice.from?.description ?? "",
                    to: query.choice.to?.description ?? "", seats: query.choice.seats, place: query.place, what: query.what,
                    audiences: BookingChoice.audiences.map { .init(value: $0, name: speaker.word($0), isChosen: $0 == query.audience) },
                    fault: isAsked && !query.choice.isSound ? speaker.say("page.search.badPeriod") : nil,
                    summary: isAsked
                        ? speaker.say("page.search.summary", ["free": .number(free), "count": .number(results.count)]) : nil,
                    results: lines)))
    }

    private func candidates(
        for query: SearchQuery, _ member: MemberVisit
    ) async throws -> [(resource: Resource, centre: CentreName?)] {
        async let platforms = member.api.platforms()
        async let machines = member.api.equipment()
        async let centres = member.api.centres()
        let machinesOf = Dictionary(grouping: try await machines, by: \.platform)
        let names = try await centres
        var found: [(resource: Resource, centre: CentreName?)] = []
        for platform in try await platforms {
            let centre = names[platform.centre]
            if query.fits(platform, machines: machinesOf[platform.id] ?? [], at: centre) { found.append((platform, centre)) }
        }
        // Machines are looked for by name only: nobody wants all of them.
        for machine in try await machines where !query.what.isEmpty {
            let centre = names[machine.centre]
            if query.fits(machine, machines: [], at: centre) { found.append((machine, centre)) }
        }
        return Array(found.prefix(SearchQuery.mostAsked))
    }

    private func verdicts(of resources: [Resource], _ query: SearchQuery, _ member: MemberVisit) async throws -> [SearchVerdict] {
        let asked = try await withThrowingTaskGroup(of: (Int, SearchVerdict?).self) { group in
            for (index, resource) in resources.enumerated() {
                group.addTask { (index, try await verdict(on: resource, query, member)) }
            }
            var verdicts = [SearchVerdict?](repeating: nil, count: resources.count)
            for try await (index, verdict) in group { verdicts[index] = verdict }
            return verdicts.compactMap { $0 }
        }
        // In the catalogue's order within each rank.
        return asked.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(\.element)
    }

    private func verdict(on resource: Resource, _ query: SearchQuery, _ member: MemberVisit) async throws -> SearchVerdict? {
        guard let period = query.choice.period(in: resource.zone) else { return nil }
        let answer = try await member.api.calls.answer(
            to: InnerCall(
                .post, "/v1/bookings", query: [(name: "dryRun", value: "true")], body: query.choice.request(of: resource.id, period)),
            as: member.principal, in: member.visit.context)
        return SearchVerdict(resource: resource, answer: answer)
    }
}
