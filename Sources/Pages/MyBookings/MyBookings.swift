import HTTPEdge
import HTTPTypes
import Kernel

struct BookingsView: Sendable {
    struct Tab: Sendable {
        let name: String
        let href: String
        let isCurrent: Bool
    }

    let tabs: [Tab]
    let rows: [BookingRow]
    let nextHref: String?
}

/// A booking as one line of a list.
struct BookingRow: Sendable {
    let reference: String
    let href: String
    let when: String
    let what: String
    let state: String
    let tone: String
    let title: String

    init?(_ booking: JSONValue, _ speaker: Speaker) {
        let lines = booking["lines"]?.items ?? []
        let periods = lines.compactMap(\.period)
        guard let id = booking["id"]?.text, let zone = lines.first?["zone"]?.text.flatMap({ Zone($0) }),
            let start = periods.map(\.start).min(), let end = periods.map(\.end).max(), let whole = Period(start: start, end: end)
        else { return nil }
        reference = booking["reference"]?.text ?? ""
        href = "/bookings/\(id)"
        when = speaker.span(whole, zone)
        let names = lines.compactMap { $0["name"]?.text }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        what = names.isEmpty ? "" : speaker.list(names)
        let code = booking["state"]?.text ?? ""
        state = speaker.stateName(code)
        tone = BookingTone.of(code)
        title = booking["title"]?.text ?? speaker.word(booking["activity"]?.text ?? "").capitalisedFirst
    }
}

/// The colour of a state; its words say the same.
enum BookingTone {
    static func of(_ state: String) -> String {
        switch state {
        case "confirmed", "inUse", "completed": "good"
        case "requested", "waitlisted", "held", "conditional", "suspended": "fair"
        default: "bad"
        }
    }
}

extension Speaker {
    /// A state as a heading or a badge says it.
    func stateName(_ code: String) -> String {
        say("page.asDay", ["day": .word(TextKey(rawValue: "state.\(code)"), otherwise: code)]).capitalisedFirst
    }
}

extension Pages {
    /// One's own organisation's bookings: those to come, or those of the last 90 days.
    func myBookings(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let speaker = member.speaker
        let isPast = request.fields["when"] == "past"
        let past = Instant(microsecondsSince1970: member.now.microsecondsSince1970 - 90 * 86_400 * 1_000_000)
        let page = try await member.api.get(
            "/v1/bookings",
            [
                "organisationId": member.principal.organisationID.description,
                "from": (isPast ? past : member.now).rfc3339, "to": isPast ? member.now.rfc3339 : nil,
                "cursor": request.fields["cursor"],
            ])
        let next = page["next"]?.text.map { cursor in
            "/bookings?when=\(isPast ? "past" : "next")&cursor=\(PercentEncoding.encode(cursor))"
        }
        return .sheet(
            Sheet(
                "bookings", title: speaker.say("page.bookings.title"), section: "bookings",
                BookingsView(
                    tabs: [
                        .init(name: speaker.say("page.bookings.next"), href: "/bookings", isCurrent: !isPast),
                        .init(name: speaker.say("page.bookings.past"), href: "/bookings?when=past", isCurrent: isPast),
                    ],
                    rows: (page["items"]?.items ?? []).compactMap { BookingRow($0, speaker) }, nextHref: next)))
    }
}
