import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct BookingReviewView: Sendable {
    struct Field: Sendable {
        let name: String
        let value: String
    }

    let action: String
    let tag: String?
    let step: String
    let confirm: String
    let resource: String
    let name: String
    let facts: [Field]
    /// What the forms carry on.
    let fields: [Field]
    let idempotencyKey: String
    let changeHref: String
    let weekHref: String
    let isRefused: Bool
    let isConditional: Bool
    let headline: String
    let detail: String?
    let rules: [RuleView]
    let alternatives: [SearchView.Alternative]
    /// Whether nothing but room is lacking, so that one may wait for it.
    let mayWait: Bool
}

extension Pages {
    /// Step 2 of 3: what would happen, asked as a dry run; nothing is taken yet.
    func bookingReview(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let resource = try await chosenResource(request, member)
        let choice = BookingChoice(request.fields)
        guard let period = choice.period(in: resource.zone) else {
            return .sheet(try await bookingFormSheet(resource, choice, fault: member.speaker.say("page.search.badPeriod"), member))
        }
        guard choice.endlessWeekdays == nil else {
            return .sheet(try await bookingFormSheet(resource, choice, fault: member.speaker.say("page.series.noLastDay"), member))
        }
        guard choice.weekly == nil || !choice.asksForModel(of: resource) else {
            return .sheet(try await bookingFormSheet(resource, choice, fault: member.speaker.say("page.book.anyOnce"), member))
        }
        if let weekly = choice.weekly { return try await seriesReview(of: resource, choice, weekly, member) }
        let answer = try await member.api.calls.answer(
            to: InnerCall(.post, "/v1/bookings", query: [(name: "dryRun", value: "true")], body: choice.request(of: resource, period)),
            as: member.principal, in: member.visit.context)
        return try await review(resource, choice, answer, key: UUID().uuidString.lowercased(), changing: nil, member)
    }

    /// Step 3 of 3: books, or joins the waiting list, once for the key of the review, however often the form is sent.
    func book(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let resource = try await chosenResource(request, member)
        let choice = BookingChoice(request.fields)
        guard let period = choice.period(in: resource.zone), let key = request.fields["idempotencyKey"] else {
            return .sheet(try await bookingFormSheet(resource, choice, fault: member.speaker.say("page.search.badPeriod"), member))
        }
        var body = choice.request(of: resource, period)
        if request.fields["waitlist"] != nil { body["waitlist"] = .boolean(true) }
        let answer = try await member.api.calls.answer(
            to: InnerCall(.post, "/v1/bookings", body: body, idempotencyKey: key), as: member.principal, in: member.visit.context)
        if let id = answer.body["id"]?.text, !answer.isProblem {
            return .seeOther(Self.address("/bookings/\(id)", telling: News(ofState: answer.body["state"]?.text)))
        }
        return try await review(resource, choice, answer, key: key, changing: nil, member)
    }

    /// What a dry run or the attempt itself answered, with what can be done next.
    func review(
        _ resource: Resource, _ choice: BookingChoice, _ answer: InnerAnswer, key: String, changing change: ChangedBooking?,
        _ member: MemberVisit
    ) async throws -> PageAnswer {
        let refusal = answer.isProblem ? Refusal(answer) : nil
        if let refusal, refusal.status == .badRequest {
            let faults = refusal.issues.map { "\($0.name): \($0.detail)" }.joined(separator: " · ")
            return .sheet(try await bookingFormSheet(resource, choice, changing: change, fault: faults, member))
        }
        let course = try await member.api.courseTitle(choice.offer)
        return .sheet(
            Sheet(
                "bookingReview", title: member.speaker.say("page.review.title"), status: refusal?.status ?? .ok, section: "search",
                BookingReviewView(resource, choice, course: course, answer, refusal, key: key, changing: change, member.speaker)))
    }
}

extension News {
    /// What a new booking has become.
    fileprivate init(ofState state: String?) {
        switch state {
        case "waitlisted": self = .waiting
        case "requested": self = .requested
        default: self = .booked
        }
    }
}

extension BookingReviewView {
    /// What may be waited for.
    private static let room: Set<String> = ["capacityFull", "unitTaken", "noFreeUnit", "parentFull", "waitingListFirst"]

    fileprivate init(
        _ resource: Resource, _ choice: BookingChoice, course: String?, _ answer: InnerAnswer, _ refusal: Refusal?, key: String,
        changing change: ChangedBooking?, _ speaker: Speaker
    ) {
        let path = change?.path ?? "/book"
        let state = answer.body["state"]?.text ?? ""
        let word = refusal != nil ? "refused" : ["conditional", "requested"].contains(state) ? state : "free"
        let told = (refusal?.rules ?? answer.body["rules"]?.items ?? []).filter { $0["verdict"]?.text != "notApplicable" }
        let denials = told.filter { $0["verdict"]?.text == "deny" }.map { $0["code"]?.text ?? "" }
        action = path
        tag = change?.tag
        step = change.map { speaker.say("page.change.title", ["reference": .text($0.reference)]) } ?? speaker.say("page.book.step2")
        confirm = speaker.say(change == nil ? "page.review.confirm" : "page.change.confirm")
        self.resource = "\(resource.id)"
        name = resource.name
        facts = choice.period(in: resource.zone).map { choice.facts(of: resource, $0, course: course, speaker) } ?? []
        fields = choice.fields.map { .init(name: $0.name, value: $0.value) }
        idempotencyKey = key
        changeHref = choice.address(path, of: resource.id, tag: change?.tag)
        weekHref = "\(resource.href)?day=\(choice.day?.description ?? "")"
        isRefused = refusal != nil
        isConditional = word == "conditional" || word == "requested"
        headline = speaker.say(TextKey(rawValue: "page.review.\(word)"))
        detail = told.isEmpty ? refusal?.detail : nil
        rules = told.map { RuleView($0) }
        alternatives =
            (refusal?.alternatives ?? []).compactMap {
                SearchView.Alternative($0, to: resource, choice, path: "\(path)/review", tag: change?.tag, speaker)
            } + (refusal?.kitAlternatives ?? []).compactMap { SearchView.Alternative(kit: $0, to: resource, choice, speaker) }
            + (refusal?.modelAlternatives ?? []).compactMap { SearchView.Alternative(model: $0, to: resource, choice, speaker) }
        mayWait = change == nil && !denials.isEmpty && denials.allSatisfy { Self.room.contains($0) }
    }
}

extension SearchView.Alternative {
    /// Nil for an answer that lacks what the contract promises.
    init?(_ offer: JSONValue, to wanted: Resource, _ choice: BookingChoice, path: String, tag: String?, _ speaker: Speaker) {
        guard let period = offer.period, let resource = offer["resourceId"]?.text.flatMap({ ResourceID($0) }),
            let zone = offer["zone"]?.text.flatMap({ Zone($0) })
        else { return nil }
        when = speaker.span(period, zone)
        let distance = offer["kilometres"]?.number.flatMap { kilometres -> String? in
            kilometres < 1 ? nil : speaker.say("page.review.away", ["kilometres": .number(Int(kilometres.rounded()))])
        }
        let words = [offer["name"]?.text, offer["centreName"]?.text, distance].compactMap(\.self)
        place = resource == wanted.id ? nil : words.joined(separator: ", ")
        href = choice.moved(to: period, in: zone).address(path, of: resource, tag: tag)
    }
}

extension SearchView.Alternative {
    /// Another kit, or the same at another time; nil for an answer that lacks what the contract promises.
    fileprivate init?(kit offer: JSONValue, to wanted: Resource, _ choice: BookingChoice, _ speaker: Speaker) {
        guard let period = offer.period, let kit = offer["kitId"]?.text.flatMap({ ResourceID($0) }) else { return nil }
        when = speaker.span(period, wanted.zone)
        place = kit == wanted.id ? nil : offer["name"]?.text
        href = choice.moved(to: period, in: wanted.zone).address("/book/review", of: kit)
    }
}

extension SearchView.Alternative {
    /// As many of the model at another time; elsewhere, where to look for them.
    ///
    /// Nil for an answer that lacks what the contract promises.
    fileprivate init?(model offer: JSONValue, to wanted: Resource, _ choice: BookingChoice, _ speaker: Speaker) {
        guard let period = offer.period, let centre = offer["centreId"]?.text, let model = wanted.details["model"]?.text else { return nil }
        when = speaker.span(period, wanted.zone)
        let moved = choice.moved(to: period, in: wanted.zone)
        guard centre != wanted.centre.description else {
            place = nil
            href = moved.address("/book/review", of: wanted.id)
            return
        }
        place = offer["name"]?.text
        let times = moved.fields.filter { ["day", "from", "to"].contains($0.name) }
        let asked = [(name: "what", value: model)] + times
        href = "/search?" + asked.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
    }
}

extension BookingChoice {
    /// What is asked for, in words.
    func facts(
        of resource: Resource, _ period: Period, course: String?, _ speaker: Speaker
    ) -> [BookingReviewView.Field] {
        var facts: [BookingReviewView.Field] = []
        func add(_ key: String, _ value: String?) {
            if let value { facts.append(.init(name: speaker.say(TextKey(rawValue: "page.field.\(key)")), value: value)) }
        }
        add("what", resource.name)
        add("when", speaker.span(period, resource.zone))
        if asksForModel(of: resource) {
            add(
                "room",
                speaker.say(
                    "page.book.anyOf", ["count": .number(seats), "model": .text(resource.details["model"]?.text ?? resource.name)]))
        }
        if resource.isCounted {
            add("room", isWhole ? speaker.whole(of: resource.kind.rawValue) : resource.amount(seats, speaker))
        }
        add("activity", speaker.word(activity).capitalisedFirst)
        add("course", course)
        let groups = Self.audiences.compactMap { audience in headCounts[audience].map { speaker.people(audience, $0) } }
        if !groups.isEmpty { add("audiences", speaker.list(groups)) }
        if accompanying > 0 { add("accompanying", speaker.number(Double(accompanying))) }
        add("supervision", supervision.map { speaker.word($0).capitalisedFirst })
        let named = Self.roles.compactMap { role in
            holders[role].map {
                speaker.say(
                    "page.review.named",
                    [
                        "holder": .text(speaker.say(TextKey(rawValue: "page.holder.\(role)"))), "count": .number($0.count),
                    ])
            }
        }
        if !named.isEmpty { add("holders", speaker.list(named)) }
        add("title", title)
        if let contactName, let contactEmail { add("contact", "\(contactName) (\(contactEmail))") }
        return facts
    }
}
