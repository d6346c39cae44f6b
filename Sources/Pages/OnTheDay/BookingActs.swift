import Access
import HTTPEdge
import Kernel

/// What may be done about a booking now, by who looks at it; the API judges again when it is done.
struct BookingActs: Sendable {
    let bookingId: String
    let bookingTag: String
    let actKey: String
    /// What the buttons are about, for who does not see where they stand.
    let subject: String
    /// The page that is shown when it is done.
    let back: String
    let mayCheckIn: Bool
    let mayCheckOut: Bool
    let mayMarkNoShow: Bool
    let mayReport: Bool
    let mayDecide: Bool
    /// Whether there is anything to press on the day.
    let isAny: Bool

    /// - Parameters:
    ///   - early: so long before its start a use may begin.
    ///   - key: of this page; each button adds its own word.
    init(_ booking: JSONValue, for principal: Principal, at now: Instant, early: Duration, key: String, back: String) {
        let reach = BookingReach(booking, of: principal)
        let state = booking["state"]?.text ?? ""
        let lines = booking["lines"]?.items ?? []
        bookingId = booking["id"]?.text ?? ""
        bookingTag = ETag(version: Int64(booking["version"]?.integer ?? 0)).description
        actKey = key
        subject = booking["reference"]?.text ?? ""
        self.back = back
        mayCheckIn =
            reach.mayUse && ["conditional", "confirmed", "inUse"].contains(state)
            && lines.contains { $0["checkedInAt"] == nil && ($0.period.map { $0.start - early <= now && now < $0.end } ?? false) }
        mayCheckOut = reach.mayUse && state == "inUse"
        mayMarkNoShow =
            reach.isStaff && ["conditional", "confirmed"].contains(state) && lines.contains { $0.period.map { $0.start <= now } ?? false }
        mayReport = reach.mayUse && ["inUse", "completed"].contains(state)
        mayDecide = reach.isStaff && !reach.isOwn && state == "requested"
        isAny = mayCheckIn || mayCheckOut || mayMarkNoShow || mayReport
    }
}

/// What a booking is to who looks at it.
struct BookingReach: Sendable {
    /// Whether their own organisation booked.
    let isOwn: Bool
    /// Whether they belong to the staff of a centre concerned, or run the network.
    let isStaff: Bool
    /// Whether they may say that it is being used.
    let mayUse: Bool

    init(_ booking: JSONValue, of principal: Principal) {
        let centres = booking.centresOfLines
        isOwn = booking["organisationId"]?.text == principal.organisationID.description
        isStaff = centres.contains { principal.holds(.centreStaff, .centreManager, at: $0) }
        mayUse = isOwn || centres.contains { principal.holds(.instructor, .centreStaff, .centreManager, at: $0) }
    }
}

extension JSONValue {
    /// The numbers of the centres at which a booking has a line.
    var centresOfLines: Set<Int16> {
        Set((self["lines"]?.items ?? []).compactMap { $0["resourceId"]?.text.flatMap { ResourceID($0)?.centreColumn } })
    }

    /// The lines of a booking at a centre.
    func lines(at centre: CentreID) -> [JSONValue] {
        (self["lines"]?.items ?? []).filter { $0["resourceId"]?.text.flatMap { ResourceID($0)?.centreColumn } == centre.centreColumn }
    }
}

extension PageCalls {
    /// So long before its start a use may begin.
    func earlyCheckIn() async throws -> Duration {
        let policy = try await get("/v1/booking-policy")
        return .seconds(60 * (policy["earlyCheckInMinutes"]?.integer ?? 0))
    }

    /// Bookings with a line at a centre, in the order of their start.
    ///
    /// Its staff sees those too whose first line is at another centre; of the network, which sees every booking, only the centre's own are
    /// asked for.
    func bookings(at centre: CentreID, in states: [String], from: Instant, to: Instant?) async throws -> [JSONValue] {
        let isNetwork = principal?.holdsForNetwork(.networkManager, .networkAuditor) ?? false
        return try await all(
            "/v1/bookings",
            [
                "centreId": isNetwork ? centre.description : nil, "state": states.joined(separator: ","), "from": from.rfc3339,
                "to": to?.rfc3339,
            ]
        ).filter { !$0.lines(at: centre).isEmpty }
    }
}
