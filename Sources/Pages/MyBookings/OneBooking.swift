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
    let reference: String
    let state: String
    let tone: String
    let explanation: String?
    let flags: [String]
    let facts: [BookingReviewView.Field]
    let slots: [Slot]
    let history: [Step]
    let mayCancel: Bool
    let eTag: String
    let idempotencyKey: String
}

extension Pages {
    private static let cancellable: Set<String> = ["requested", "waitlisted", "held", "conditional", "confirmed", "suspended"]

    func booking(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: BookingID = try request.path("bookingId")
        let answer = try await member.api.answer(InnerCall(.get, "/v1/bookings/\(id)"))
        let booking = JSONValue.object(answer.body)
        let speaker = member.speaker
        let state = booking["state"]?.text ?? ""
        let lines = (booking["lines"]?.items ?? []).compactMap { BookingView.Line($0, speaker) }
        let zone = booking["lines"]?.items.first?["zone"]?.text.flatMap { Zone($0) } ?? Zone("UTC")
        let mayCancel = Self.cancellable.contains(state) && member.principal.holdsSomewhere(anyOf: [.booker, .centreStaff, .centreManager])
        return .sheet(
            Sheet(
                "booking", title: speaker.say("page.booking.title", ["reference": .text(booking["reference"]?.text ?? "")]),
                section: "bookings",
                BookingView(
                    id: "\(id)", reference: booking["reference"]?.text ?? "", state: speaker.stateName(state), tone: BookingTone.of(state),
                    explanation: booking.explanation(speaker),
                    flags: (booking["flags"]?.texts ?? []).map { speaker.say(TextKey(rawValue: "page.flag.\($0)")) },
                    facts: booking.facts(speaker), slots: BookingView.Slot.grouped(lines),
                    history: (booking["history"]?.items ?? []).compactMap { step in
                        zone.map { BookingView.Step(step, in: $0, speaker) }
                    },
                    mayCancel: mayCancel, eTag: answer.eTag ?? "", idempotencyKey: UUID().uuidString.lowercased())))
    }

    /// Cancels the version that was shown; a later one is shown first.
    func cancelBooking(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: BookingID = try request.path("bookingId")
        var body: [String: JSONValue] = [:]
        if let reason = request.fields["reason"] { body["reason"] = .string(reason) }
        _ = try await member.api.post(
            "/v1/bookings/\(id)/cancellation", body, key: request.fields["idempotencyKey"], ifMatch: request.fields["eTag"])
        return .seeOther("/bookings/\(id)?news=cancelled")
    }
}

extension JSONValue {
    /// Why a booking is not simply confirmed.
    fileprivate func explanation(_ speaker: Speaker) -> String? {
        if let day = self["labelSnapshot"]?["conditionalUntil"]?.day, self["state"]?.text == "conditional" {
            return speaker.say("page.booking.conditionalUntil", ["day": .day(day)])
        }
        return self["state"]?.text == "conditional" ? speaker.say("page.booking.conditional") : nil
    }

    fileprivate func facts(_ speaker: Speaker) -> [BookingReviewView.Field] {
        var facts: [BookingReviewView.Field] = []
        func add(_ key: String, _ value: String?) {
            if let value { facts.append(.init(name: speaker.say(TextKey(rawValue: "page.field.\(key)")), value: value)) }
        }
        add("title", self["title"]?.text)
        add("activity", self["activity"]?.text.map { speaker.word($0).capitalisedFirst })
        let groups = (self["audiences"]?.items ?? []).map { speaker.people($0["audience"]?.text ?? "", $0["headCount"]?.integer ?? 0) }
        if !groups.isEmpty { add("audiences", speaker.list(groups)) }
        if let accompanying = self["accompanying"]?.integer, accompanying > 0 { add("accompanying", "\(accompanying)") }
        add("supervision", self["supervision"]?.text.map { speaker.word($0).capitalisedFirst })
        if let contact = self["contact"] { add("contact", "\(contact["name"]?.text ?? "") (\(contact["email"]?.text ?? ""))") }
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
        let isMachine = line["kind"]?.text == "equipment"
        href = "/\(isMachine ? "equipment" : "platforms")/\(line["resourceId"]?.text ?? "")?day=\(zone.day(of: period.start))"
        when = speaker.span(period, zone)
        room =
            isMachine
            ? speaker.say("page.oneMachine")
            : line["use"]?.text == "exclusive"
                ? speaker.say("page.wholePlatform") : speaker.say("page.workstations", ["count": .number(line["seats"]?.integer ?? 1)])
    }
}

extension BookingView.Step {
    fileprivate init(_ step: JSONValue, in zone: Zone, _ speaker: Speaker) {
        at = step["at"]?.instant.map { speaker.moment($0, zone) } ?? ""
        what = speaker.stateName(step["to"]?.text ?? "")
        reason = step["reason"]?.text
    }
}
