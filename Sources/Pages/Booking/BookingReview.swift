import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct BookingReviewView: Sendable {
    struct Field: Sendable {
        let name: String
        let value: String
    }

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
}

extension Pages {
    /// Step 2 of 3: what would happen, asked as a dry run; nothing is taken yet.
    func bookingReview(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let resource = try await chosenResource(request, member)
        let choice = BookingChoice(request.fields)
        guard let period = choice.period(in: resource.zone) else {
            return .sheet(try await bookingFormSheet(resource, choice, fault: member.speaker.say("page.search.badPeriod"), member))
        }
        let answer = try await member.api.calls.answer(
            to: InnerCall(.post, "/v1/bookings", query: [(name: "dryRun", value: "true")], body: choice.request(of: resource.id, period)),
            as: member.principal, in: member.visit.context)
        return try await review(resource, choice, period, answer, key: UUID().uuidString.lowercased(), member)
    }

    /// Step 3 of 3: books, once for the key of the review, however often the form is sent.
    func book(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let resource = try await chosenResource(request, member)
        let choice = BookingChoice(request.fields)
        guard let period = choice.period(in: resource.zone), let key = request.fields["idempotencyKey"] else {
            return .sheet(try await bookingFormSheet(resource, choice, fault: member.speaker.say("page.search.badPeriod"), member))
        }
        let answer = try await member.api.calls.answer(
            to: InnerCall(.post, "/v1/bookings", body: choice.request(of: resource.id, period), idempotencyKey: key),
            as: member.principal, in: member.visit.context)
        if let id = answer.body["id"]?.text, !answer.isProblem { return .seeOther("/bookings/\(id)?news=booked") }
        return try await review(resource, choice, period, answer, key: key, member)
    }

    private func review(
        _ resource: Resource, _ choice: BookingChoice, _ period: Period, _ answer: InnerAnswer, key: String, _ member: MemberVisit
    ) async throws -> PageAnswer {
        let speaker = member.speaker
        let refusal = answer.isProblem ? Refusal(answer) : nil
        if let refusal, refusal.status == .badRequest {
            let faults = refusal.issues.map { "\($0.name): \($0.detail)" }.joined(separator: " · ")
            return .sheet(try await bookingFormSheet(resource, choice, fault: faults, member))
        }
        let isConditional = answer.body["state"]?.text == "conditional"
        let word = refusal != nil ? "refused" : isConditional ? "conditional" : "free"
        let rules = refusal?.rules ?? answer.body["rules"]?.items ?? []
        let sheet = Sheet(
            "bookingReview", title: speaker.say("page.review.title"), status: refusal?.status ?? .ok, section: "search",
            BookingReviewView(
                resource: "\(resource.id)", name: resource.name, facts: choice.facts(of: resource, period, speaker),
                fields: choice.fields.map { .init(name: $0.name, value: $0.value) }, idempotencyKey: key,
                changeHref: choice.address("/book", of: resource.id), weekHref: "\(resource.href)?day=\(choice.day?.description ?? "")",
                isRefused: refusal != nil, isConditional: isConditional,
                headline: speaker.say(TextKey(rawValue: "page.review.\(word)")),
                detail: rules.isEmpty ? refusal?.detail : nil,
                rules: rules.filter { $0["verdict"]?.text != "notApplicable" }.map { RuleView($0) },
                alternatives: (refusal?.alternatives ?? []).compactMap(\.period).map {
                    SearchView.Alternative(
                        when: speaker.span($0, resource.zone),
                        href: choice.moved(to: $0, in: resource.zone).address("/book/review", of: resource.id))
                }))
        return .sheet(sheet)
    }
}

extension BookingChoice {
    /// What is asked for, in words.
    fileprivate func facts(of resource: Resource, _ period: Period, _ speaker: Speaker) -> [BookingReviewView.Field] {
        var facts: [BookingReviewView.Field] = []
        func add(_ key: String, _ value: String?) {
            if let value { facts.append(.init(name: speaker.say(TextKey(rawValue: "page.field.\(key)")), value: value)) }
        }
        add("what", resource.name)
        add("when", speaker.span(period, resource.zone))
        if resource.kind == .platform {
            add(
                "room",
                isWhole ? speaker.say("page.wholePlatform") : speaker.say("page.workstations", ["count": .number(seats)]))
        }
        add("activity", speaker.word(activity).capitalisedFirst)
        let groups = Self.audiences.compactMap { audience in headCounts[audience].map { speaker.people(audience, $0) } }
        if !groups.isEmpty { add("audiences", speaker.list(groups)) }
        if accompanying > 0 { add("accompanying", speaker.number(Double(accompanying))) }
        add("supervision", supervision.map { speaker.word($0).capitalisedFirst })
        add("title", title)
        if let contactName, let contactEmail { add("contact", "\(contactName) (\(contactEmail))") }
        return facts
    }
}
