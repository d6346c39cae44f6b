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
        /// Another resource than the one that was asked for; nil: the same.
        let place: String?
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
        /// What must be brought, in words.
        let brings: [String]
        let bookHref: String?
        /// Where other times are offered, of what is refused at this one.
        let otherHref: String?
        let weekHref: String
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
    static let mostShown = 50

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

    /// The body of the contract's `searchResources`; machines are looked for by name only: nobody wants all of them.
    func request(_ period: Period) -> [String: JSONValue] {
        var body: [String: JSONValue] = [
            "period": .object(["start": .string(period.start.rfc3339), "end": .string(period.end.rfc3339)]),
            "workstations": .of(choice.seats), "limit": .of(Self.mostShown),
            "audiences": .array([.object(["audience": .string(audience), "headCount": .of(choice.seats)])]),
        ]
        let words = [what, place].filter { !$0.isEmpty }.joined(separator: " ")
        if !words.isEmpty { body["text"] = .string(String(words.prefix(200))) }
        if what.isEmpty { body["kind"] = .string(Resource.Kind.platform.rawValue) }
        return body
    }
}

extension Pages {
    /// What is free then, for them, in the whole network: one question, answered with every rule that stands against a result.
    func search(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let speaker = member.speaker
        let query = SearchQuery(request.fields, today: member.now.dayOfNetwork)
        let isAsked = request.fields["day"] != nil
        let period = Zone("Europe/Brussels").flatMap { query.choice.period(in: $0) }
        var answer: JSONValue?
        if isAsked, let period, query.choice.isSound { answer = try await member.api.post("/v1/resource-searches", query.request(period)) }
        let verdicts = (answer?["items"]?.items ?? []).compactMap(SearchVerdict.init).enumerated()
            // In the order of the answer within each rank.
            .sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(\.element)
        let count: [String: TextArgument] = ["free": .number(verdicts.count { $0.rank < 2 }), "count": .number(verdicts.count)]
        let hasMore = answer?["hasMore"]?.isTrue ?? false
        return .sheet(
            Sheet(
                "search", title: speaker.say("page.search.title"), section: "search",
                SearchView(
                    day: query.choice.day?.description ?? "", from: query.choice.from?.description ?? "",
                    to: query.choice.to?.description ?? "", seats: query.choice.seats, place: query.place, what: query.what,
                    audiences: BookingChoice.audiences.map { .init(value: $0, name: speaker.word($0), isChosen: $0 == query.audience) },
                    fault: isAsked && answer == nil ? speaker.say("page.search.badPeriod") : nil,
                    summary: answer == nil ? nil : speaker.say(hasMore ? "page.search.firstOfMore" : "page.search.summary", count),
                    results: verdicts.map { $0.line(query, mayBook: member.mayBook, speaker) })))
    }
}

extension MemberVisit {
    /// Whether any page to book is open to them.
    var mayBook: Bool {
        principal.holdsSomewhere(anyOf: [.booker, .organisationAdmin, .centreStaff, .centreManager, .networkManager])
    }
}
