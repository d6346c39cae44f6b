import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct ApprovalsView: Sendable {
    struct Request: Sendable {
        let href: String
        let what: String
        let when: String
        let about: String
        let persons: String
        let contact: String?
        let until: String?
        let acts: BookingActs
    }

    let centre: String
    let centreHref: String
    let summary: String
    let requests: [Request]
}

extension Pages {
    /// The bookings that wait for a centre's approval, the next to begin first.
    func approvals(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        let speaker = member.speaker
        let centre = try await staffedCentre(id, member)
        let waiting = try await member.api.bookings(at: id, in: ["requested"], from: member.now, to: nil)
        return .sheet(
            Sheet(
                "approvals", title: speaker.say("page.approvals.title"), section: "approvals",
                ApprovalsView(
                    centre: centre["name"]?.text ?? "", centreHref: "/centres/\(id)",
                    summary: speaker.say("page.approvals.summary", ["count": .number(waiting.count)]),
                    requests: waiting.compactMap { ApprovalsView.Request($0, at: id, member) })))
    }

    func approveBooking(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await act("approval", request.fields.reason, .requestApproved, request, member)
    }

    /// Declines, with a reason that those who asked can read.
    func declineBooking(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        guard request.fields["reason"] != nil else {
            let missing = Refusal(member.speaker.say("page.book.fault"), member.speaker.say("page.approvals.reasonNeeded"))
            return .sheet(try await bookingSheet(try request.path("bookingId"), refusal: missing, member))
        }
        return try await act("rejection", request.fields.reason, .requestDeclined, request, member)
    }
}

extension ApprovalsView.Request {
    fileprivate init?(_ booking: JSONValue, at centre: CentreID, _ member: MemberVisit) {
        let speaker = member.speaker
        guard let row = BookingRow(booking, speaker), let first = booking.lines(at: centre).first,
            let zone = first["zone"]?.text.flatMap({ Zone($0) })
        else { return nil }
        href = row.href
        what = row.what
        when = row.when
        about = [row.title, speaker.room(first), row.reference].joined(separator: " · ")
        persons = booking.persons(speaker)
        contact = booking.contact
        until = booking["expiresAt"]?.instant.map { speaker.say("page.approvals.until", ["moment": .instant($0, in: zone)]) }
        acts = BookingActs(
            booking, for: member.principal, at: member.now, early: .zero, key: UUID().uuidString.lowercased(),
            back: "/centres/\(centre)/approvals")
    }
}

extension JSONValue {
    /// For whom a booking is: `8 job seekers, 1 teacher`.
    func persons(_ speaker: Speaker) -> String {
        (self["audiences"]?.items ?? []).map { speaker.people($0["audience"]?.text ?? "", $0["headCount"]?.integer ?? 0) }
            .joined(separator: ", ")
    }

    /// Who is to be asked about a booking.
    var contact: String? {
        let told = [self["organisationName"]?.text, self["contact"]?["name"]?.text, self["contact"]?["email"]?.text].compactMap(\.self)
        return told.isEmpty ? nil : told.joined(separator: ", ")
    }
}

extension Speaker {
    /// How much of its resource a line of a booking takes.
    func room(_ line: JSONValue) -> String {
        if line["kind"]?.text == "equipment" { return say("page.oneMachine") }
        let kind = line["kind"]?.text ?? "platform"
        if line["use"]?.text == "exclusive" { return whole(of: kind) }
        return say(kind == "stock" ? "page.items" : "page.workstations", ["count": .number(line["seats"]?.integer ?? 1)])
    }

    /// All of a platform, or of a stock.
    func whole(of kind: String) -> String { say(kind == "stock" ? "page.allItems" : "page.wholePlatform") }
}
