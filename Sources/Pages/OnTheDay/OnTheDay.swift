import HTTPEdge
import HTTPTypes
import Kernel

extension Pages {
    /// The use begins.
    func checkIn(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await act("check-in", [:], .checkedIn, request, member)
    }

    /// The use ends; with who came and what went wrong, where the form asks.
    func checkOut(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        var body: [String: JSONValue] = [:]
        if let attendance = request.fields.attendance { body["attendance"] = attendance }
        if let incident = request.fields["incident"] { body["incident"] = .string(incident) }
        return try await act("check-out", body, .checkedOut, request, member)
    }

    /// Nobody came.
    func markNoShow(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await act("no-show", request.fields.reason, .nobodyCame, request, member)
    }

    /// Something went wrong.
    func reportIncident(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await act("use-reports", ["incident": .string(request.fields["incident"] ?? "")], .incidentReported, request, member)
    }

    /// Does something about a booking, then shows the page from where it was asked; a refusal is told on the booking's own page.
    func act(
        _ verb: String, _ body: [String: JSONValue], _ news: News, _ request: MemberRequest, _ member: MemberVisit
    ) async throws -> PageAnswer {
        let id: BookingID = try request.path("bookingId")
        do {
            _ = try await member.api.post(
                "/v1/bookings/\(id)/\(verb)", body, key: request.fields["idempotencyKey"], ifMatch: request.fields["eTag"])
            return .seeOther(Self.address(request.fields["back"] ?? "/bookings/\(id)", telling: news))
        } catch let refusal as Refusal where refusal.isTold {
            return .sheet(try await bookingSheet(id, refusal: refusal, member))
        }
    }

    /// An address of this service with the word of what has happened.
    static func address(_ address: String, telling news: News) -> String {
        let address = safeAddress(address)
        return "\(address)\(address.contains("?") ? "&" : "?")news=\(news.rawValue)"
    }
}

extension Refusal {
    /// Whether a page can tell it beside what it is about.
    var isTold: Bool { status.code < 500 && status != .notFound && status != .unauthorized }
}

extension FormFields {
    /// A reason, where one is given.
    var reason: [String: JSONValue] { self["reason"].map { ["reason": .string($0)] } ?? [:] }

    /// How many of each audience came; nil when the form does not ask.
    fileprivate var attendance: JSONValue? {
        let counts = names.filter { $0.hasPrefix("came.") }.map { name -> JSONValue in
            .object(["audience": .string(String(name.dropFirst(5))), "headCount": .of(self[name].flatMap { Int($0) } ?? 0)])
        }
        return counts.isEmpty ? nil : .object(["audiences": .array(counts)])
    }
}
