import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct BookingView: Sendable {
    struct Line: Sendable {
        let name: String
        let href: String
        let when: String
        let room: String
        /// When it was checked in and out.
        let use: String?
    }

    /// The lines of one period.
    struct Slot: Sendable {
        let when: String
        var lines: [Line]
    }

    struct Step: Sendable {
        let at: String
        let what: String
        let reason: String?
    }

    let id: String
    let overHref: String
    let overName: String
    let reference: String
    let state: String
    let tone: String
    let explanation: String?
    let flags: [String]
    /// Why what was just asked was refused.
    let refusal: RefusalView?
    let facts: [BookingReviewView.Field]
    let slots: [Slot]
    let history: [Step]
    let acts: BookingActs
    /// Of whom a check-out asks how many came.
    let expected: [Expected]
    let incidents: [Step]
    /// Where the series stands that it is one of.
    let seriesHref: String?
    /// Where it can be changed.
    let changeHref: String?
    /// What is kept for whoever asked, and until when; nil: there is nothing to accept.
    let offer: String?
    /// Where it can go instead of the place that it lost.
    let rehoming: RehomingView?
    let mayCancel: Bool
    let eTag: String
    let idempotencyKey: String

    /// One audience and how many of it were announced.
    struct Expected: Sendable {
        let code: String
        let name: String
        let count: Int
    }
}

/// A refusal beside what it is about.
struct RefusalView: Sendable {
    let title: String
    let detail: String
    let rules: [RuleView]

    init(_ refusal: Refusal) {
        title = refusal.title
        let issues = refusal.issues.map(\.detail)
        detail = issues.isEmpty ? refusal.detail ?? "" : issues.joined(separator: " · ")
        rules = refusal.rules.filter { $0["verdict"]?.text == "deny" }.map { RuleView($0) }
    }
}

extension Pages {
    private static let changeable: Set<String> = ["requested", "conditional", "confirmed"]
    private static let cancellable: Set<String> = ["requested", "waitlisted", "held", "conditional", "confirmed", "suspended"]

    func booking(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        .sheet(try await bookingSheet(try request.path("bookingId"), refusal: nil, member))
    }

    /// One booking with what may be done about it, and with why what was just asked was refused.
    func bookingSheet(_ id: BookingID, refusal: Refusal?, _ member: MemberVisit) async throws -> Sheet {
        let answer = try await member.api.answer(InnerCall(.get, "/v1/bookings/\(id)"))
        let early = try await member.api.earlyCheckIn()
        let booking = JSONValue.object(answer.body)
        let course = try await member.api.courseTitle(booking["offerId"]?.text.flatMap { OfferID($0) })
        let speaker = member.speaker
        let state = booking["state"]?.text ?? ""
        let zone = booking["lines"]?.items.first?["zone"]?.text.flatMap { Zone($0) } ?? Zone("UTC")
        let key = UUID().uuidString.lowercased()
        let over = booking.pageAbove(for: member)
        let reach = BookingReach(booking, of: member.principal)
        let mayAct = member.mayBook && (reach.isOwn || reach.isStaff)
        return Sheet(
            "booking", title: speaker.say("page.booking.title", ["reference": .text(booking["reference"]?.text ?? "")]),
            status: refusal?.status ?? .ok, section: over.section,
            BookingView(
                id: "\(id)", overHref: over.href, overName: speaker.say(over.name), reference: booking["reference"]?.text ?? "",
                state: speaker.stateName(state), tone: BookingTone.of(state), explanation: booking.explanation(speaker),
                flags: (booking["flags"]?.texts ?? []).map { speaker.say(TextKey(rawValue: "page.flag.\($0)")) },
                refusal: refusal.map(RefusalView.init), facts: booking.facts(course: course, speaker),
                slots: BookingView.Slot.grouped((booking["lines"]?.items ?? []).compactMap { BookingView.Line($0, speaker) }),
                history: (booking["history"]?.items ?? []).compactMap { step in zone.map { BookingView.Step(step, in: $0, speaker) } },
                acts: BookingActs(booking, for: member.principal, at: member.now, early: early, key: key, back: "/bookings/\(id)"),
                expected: (booking["audiences"]?.items ?? []).map { BookingView.Expected($0, speaker) },
                incidents: (booking["incidents"]?.items ?? []).compactMap { note in
                    zone.map { BookingView.Step(incident: note, in: $0, speaker) }
                },
                seriesHref: booking["seriesId"]?.text.map { "/series/\($0)" },
                changeHref: mayAct && Self.changeable.contains(state) && booking["lines"]?.items.count == 1
                    ? "/bookings/\(id)/change" : nil,
                offer: mayAct ? booking.offer(in: zone, speaker) : nil,
                rehoming: try await rehoming(of: booking, mayAct: mayAct, member), mayCancel: mayAct && Self.cancellable.contains(state),
                eTag: answer.eTag ?? "", idempotencyKey: key))
    }

    /// Takes what was held: a hold, what the waiting list offers, or a draft.
    func acceptOffer(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await act("confirmation", [:], .booked, request, member)
    }

    /// Cancels the version that was shown; a later one is shown first.
    func cancelBooking(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await act("cancellation", request.fields.reason, .cancelled, request, member)
    }
}

extension JSONValue {
    /// From where one comes to a booking: the day at the centre where one works, or one's own bookings.
    fileprivate func pageAbove(for member: MemberVisit) -> (href: String, name: TextKey, section: String) {
        guard let centre = member.principal.workplace, let line = lines(at: centre).first,
            let zone = line["zone"]?.text.flatMap({ Zone($0) })
        else { return ("/bookings", "page.bookings.title", "bookings") }
        let day = line["start"]?.instant.map { "?day=\(zone.day(of: $0))" } ?? ""
        return ("/centres/\(centre)/today\(day)", "page.today.title", "today")
    }

    /// What is kept until when, to be accepted.
    fileprivate func offer(in zone: Zone?, _ speaker: Speaker) -> String? {
        switch self["state"]?.text {
        case "held":
            speaker.say(
                "page.offer.held", ["moment": self["expiresAt"]?.instant.map { TextArgument.instant($0, in: zone) } ?? .text("…")])
        case "draft": speaker.say("page.offer.draft")
        default: nil
        }
    }

    /// Why a booking is not simply confirmed.
    fileprivate func explanation(_ speaker: Speaker) -> String? {
        if self["state"]?.text == "waitlisted" { return speaker.say("page.booking.waitlisted") }
        if self["state"]?.text == "requested" { return speaker.say("page.booking.requested") }
        if let day = self["labelSnapshot"]?["conditionalUntil"]?.day, self["state"]?.text == "conditional" {
            return speaker.say("page.booking.conditionalUntil", ["day": .day(day)])
        }
        return self["state"]?.text == "conditional" ? speaker.say("page.booking.conditional") : nil
    }

    fileprivate func facts(course: String?, _ speaker: Speaker) -> [BookingReviewView.Field] {
        var facts: [BookingReviewView.Field] = []
        func add(_ key: String, _ value: String?) {
            if let value { facts.append(.init(name: speaker.say(TextKey(rawValue: "page.field.\(key)")), value: value)) }
        }
        add("title", self["title"]?.text)
        add("activity", self["activity"]?.text.map { speaker.word($0).capitalisedFirst })
        add("course", course)
        let groups = (self["audiences"]?.items ?? []).map { speaker.people($0["audience"]?.text ?? "", $0["headCount"]?.integer ?? 0) }
        if !groups.isEmpty { add("audiences", speaker.list(groups)) }
        if let accompanying = self["accompanying"]?.integer, accompanying > 0 { add("accompanying", "\(accompanying)") }
        add("supervision", self["supervision"]?.text.map { speaker.word($0).capitalisedFirst })
        if let name = self["organisationName"]?.text { add("organisation", name) }
        if let contact = self["contact"] { add("contact", "\(contact["name"]?.text ?? "") (\(contact["email"]?.text ?? ""))") }
        let came = (self["attendance"]?["audiences"]?.items ?? []).map {
            speaker.people($0["audience"]?.text ?? "", $0["headCount"]?.integer ?? 0)
        }
        if !came.isEmpty { add("attendance", speaker.list(came)) }
        add("label", self["labelSnapshot"]?["status"]?.text.map { speaker.say(TextKey(rawValue: "page.label.\($0)")) })
        return facts
    }
}

extension BookingView.Slot {
    /// In the order of their first lines.
    fileprivate static func grouped(_ lines: [BookingView.Line]) -> [BookingView.Slot] {
        lines.reduce(into: []) { slots, line in
            if let index = slots.firstIndex(where: { $0.when == line.when }) {
                slots[index].lines.append(line)
            } else {
                slots.append(BookingView.Slot(when: line.when, lines: [line]))
            }
        }
    }
}

extension BookingView.Line {
    fileprivate init?(_ line: JSONValue, _ speaker: Speaker) {
        guard let period = line.period, let zone = line["zone"]?.text.flatMap({ Zone($0) }) else { return nil }
        name = line["name"]?.text ?? ""
        // Workstations show with their platform.
        let kind = line["kind"]?.text.flatMap(Resource.Kind.init(rawValue:)) ?? .platform
        href = "/\(kind.path)/\(line["resourceId"]?.text ?? "")?day=\(zone.day(of: period.start))"
        when = speaker.span(period, zone)
        room =
            [
                speaker.room(line), line["kitName"]?.text.map { speaker.say("page.booking.ofKit", ["kit": .text($0)]) },
                line["modelName"] == nil ? nil : speaker.say("page.booking.assigned"),
            ].compactMap(\.self).joined(separator: " · ")
        let checked = [("checkedInAt", "page.booking.checkedIn"), ("checkedOutAt", "page.booking.checkedOut")].compactMap { name, key in
            line[name]?.instant.map { speaker.say(TextKey(rawValue: key), ["time": .text(speaker.clock($0, zone))]) }
        }
        use = checked.isEmpty ? nil : checked.joined(separator: ", ")
    }
}

extension BookingView.Step {
    fileprivate init(_ step: JSONValue, in zone: Zone, _ speaker: Speaker) {
        at = step["at"]?.instant.map { speaker.moment($0, zone) } ?? ""
        what = speaker.stateName(step["to"]?.text ?? "")
        reason = step["reason"]?.text.map(speaker.stepReason)
    }

    fileprivate init(incident: JSONValue, in zone: Zone, _ speaker: Speaker) {
        at = incident["at"]?.instant.map { speaker.moment($0, zone) } ?? ""
        what = incident["note"]?.text ?? ""
        reason = nil
    }
}

extension BookingView.Expected {
    fileprivate init(_ audience: JSONValue, _ speaker: Speaker) {
        code = audience["audience"]?.text ?? ""
        name = speaker.word(code).capitalisedFirst
        count = audience["headCount"]?.integer ?? 0
    }
}
