import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

/// One time of a series, before or after it is booked.
struct OccurrenceRow: Sendable {
    let when: String
    let verdict: String
    let tone: String
    /// Why it cannot be had, or what it depends on.
    let reasons: [String]
    /// Other times for it.
    let offers: [SearchView.Alternative]
    /// The booking that it has become.
    let href: String?

    init(_ occurrence: JSONValue, in zone: Zone, _ speaker: Speaker, offers: [SearchView.Alternative] = []) {
        let state = occurrence["state"]?.text
        let isRefused = occurrence["verdict"]?.text == "refused"
        let isConditional = state == "conditional" || state == "requested"
        let named =
            occurrence["period"]?.period.map { speaker.say("page.asWeekday", $0.weekdayAndSpan(in: zone, speaker)) }
            ?? occurrence["start"]?.instant.map { speaker.moment($0, zone) } ?? ""
        when = named.capitalisedFirst
        tone = isRefused ? "bad" : occurrence["bookingId"] != nil ? BookingTone.of(state ?? "") : isConditional ? "fair" : "good"
        verdict =
            occurrence["bookingId"] != nil
            ? speaker.stateName(state ?? "")
            : speaker.say(isRefused ? "page.verdict.refused" : isConditional ? "page.verdict.conditional" : "page.verdict.free")
        let rules = occurrence["rules"]?.items ?? []
        reasons = isRefused ? RuleView.reasons(rules) : RuleView.conditions(rules)
        self.offers = offers
        href = occurrence["bookingId"]?.text.map { "/bookings/\($0)" }
    }
}

struct SeriesReviewView: Sendable {
    let resource: String
    let name: String
    let rule: String
    let facts: [BookingReviewView.Field]
    let fields: [BookingReviewView.Field]
    let headline: String
    let tone: String
    let occurrences: [OccurrenceRow]
    /// Nil where not all of them can be had.
    let all: String?
    /// Nil where none can be had, or all.
    let some: String?
    let changeHref: String
    let weekHref: String
    let idempotencyKey: String
    let refusal: RefusalView?
}

extension Pages {
    /// Step 2 of 3 of a booking that recurs: the verdict on each time, asked as a dry run; nothing is taken yet.
    func seriesReview(
        of resource: Resource, _ choice: BookingChoice, _ weekly: Weekly, refusal: Refusal? = nil, _ member: MemberVisit
    ) async throws -> PageAnswer {
        let speaker = member.speaker
        guard let period = choice.period(in: resource.zone), let first = choice.day, first <= weekly.last else {
            return .sheet(try await bookingFormSheet(resource, choice, fault: speaker.say("page.series.badDays"), member))
        }
        let answer = try await member.api.calls.answer(
            to: InnerCall(
                .post, "/v1/booking-series", query: [(name: "dryRun", value: "true")],
                body: choice.series(of: resource, period, weekly, mode: "bestEffort")),
            as: member.principal, in: member.visit.context)
        let told = JSONValue.object(answer.body)
        guard !answer.isProblem || told["occurrences"] != nil else {
            let problem = Refusal(answer)
            let faults = problem.issues.isEmpty ? problem.detail ?? problem.title : problem.issues.map(\.detail).joined(separator: " · ")
            return .sheet(try await bookingFormSheet(resource, choice, fault: faults, member))
        }
        let course = try await member.api.courseTitle(choice.offer)
        return .sheet(
            Sheet(
                "seriesReview", title: speaker.say("page.review.title"), status: refusal?.status ?? .ok, section: "search",
                SeriesReviewView(
                    resource, choice, weekly, told, facts: choice.facts(of: resource, period, course: course, speaker),
                    refusal: refusal.map(RefusalView.init), speaker)))
    }

    /// Step 3 of 3: books all of them, or those that can be had, once for the key of the review.
    func bookSeries(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let resource = try await chosenResource(request, member)
        let choice = BookingChoice(request.fields)
        guard let weekly = choice.weekly, let period = choice.period(in: resource.zone), let key = request.fields["idempotencyKey"] else {
            return .sheet(try await bookingFormSheet(resource, choice, fault: member.speaker.say("page.search.badPeriod"), member))
        }
        let mode = request.fields["mode"] == "bestEffort" ? "bestEffort" : "atomic"
        do {
            let made = try await member.api.post(
                "/v1/booking-series", choice.series(of: resource, period, weekly, mode: mode), key: "\(key)-\(mode)")
            return .seeOther("/series/\(made["id"]?.text ?? "")?news=seriesBooked")
        } catch let refusal as Refusal where refusal.isTold {
            return try await seriesReview(of: resource, choice, weekly, refusal: refusal, member)
        }
    }
}

extension BookingChoice {
    /// The body of the contract's `createBookingSeries`.
    fileprivate func series(of resource: Resource, _ period: Period, _ weekly: Weekly, mode: String) -> [String: JSONValue] {
        request(of: resource, period).merging(["rule": .string(weekly.rule(in: resource.zone)), "mode": .string(mode)]) { $1 }
    }
}

extension SeriesReviewView {
    fileprivate init(
        _ resource: Resource, _ choice: BookingChoice, _ weekly: Weekly, _ answer: JSONValue,
        facts: [BookingReviewView.Field], refusal: RefusalView?, _ speaker: Speaker
    ) {
        let found = answer["occurrences"]?.items ?? []
        let zone = answer["zone"]?.text.flatMap { Zone($0) } ?? resource.zone
        let refused = found.count { $0["verdict"]?.text == "refused" }
        let bookable = answer["bookable"]?.integer ?? found.count - refused
        var once = choice
        once.weekly = nil
        self.resource = "\(resource.id)"
        name = resource.name
        rule = weekly.words(from: choice.day ?? weekly.last, speaker)
        self.facts = facts
        fields = choice.fields.map { .init(name: $0.name, value: $0.value) }
        headline = speaker.say(
            refused == 0 ? "page.series.allFree" : bookable == 0 ? "page.series.noneFree" : "page.series.someFree",
            ["count": .number(bookable + refused), "bookable": .number(bookable), "refused": .number(refused)])
        tone = refused == 0 ? "good" : bookable == 0 ? "bad" : "fair"
        occurrences = found.map { occurrence in
            OccurrenceRow(
                occurrence, in: zone, speaker,
                offers: (occurrence["alternatives"]?.items ?? []).compactMap {
                    SearchView.Alternative($0, to: resource, once, path: "/book/review", tag: nil, speaker)
                })
        }
        all = refused == 0 ? speaker.say("page.series.bookAll", ["count": .number(bookable)]) : nil
        some = refused > 0 && bookable > 0 ? speaker.say("page.series.bookSome", ["count": .number(bookable)]) : nil
        changeHref = choice.address("/book", of: resource.id)
        weekHref = "\(resource.href)?day=\(choice.day?.description ?? "")"
        idempotencyKey = UUID().uuidString.lowercased()
        self.refusal = refusal
    }
}

extension Period {
    /// The day of the week, and from when to when.
    fileprivate func weekdayAndSpan(in zone: Zone, _ speaker: Speaker) -> [String: TextArgument] {
        ["weekday": .text(speaker.weekdayName(zone.day(of: start))), "day": .span(.instant(start, in: zone), .instant(end, in: zone))]
    }
}
