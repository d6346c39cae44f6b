import Access
import FoundationEssentials
import HTTPEdge
import Kernel

/// A booking that is under way at a resource, or may begin there now, on the page that the resource's label opens.
struct CurrentUse: Sendable {
    let href: String
    let title: String
    let when: String
    /// Whose it is and what it is called on the phone.
    let about: String
    let state: String
    let tone: String
    let acts: BookingActs
}

extension Pages {
    /// After its end a use is still shown for so long, to be checked out.
    private static let slack = Duration.seconds(4 * 3_600)

    /// Of a resource, or of the platform on which it stands, or of the hall of which it is a part: for those who work at its centre, any;
    /// for everybody else, those of their organisation.
    func currentUses(of resource: Resource, _ member: MemberVisit) async throws -> [CurrentUse] {
        let early = try await member.api.earlyCheckIn()
        let (now, speaker) = (member.now, member.speaker)
        let states = ["conditional", "confirmed", "inUse"]
        let latest = now + early + .seconds(1)
        let bookings =
            member.principal.holds(.instructor, .centreStaff, .centreManager, at: resource.id.centreColumn)
            ? try await member.api.bookings(at: resource.centre, in: states, from: now - Self.slack, to: latest)
            : try await member.api.all(
                "/v1/bookings",
                [
                    "organisationId": member.principal.organisationID.description, "state": states.joined(separator: ","),
                    "from": (now - Self.slack).rfc3339, "to": latest.rfc3339,
                ])
        let places = Set([resource.id, resource.platform, resource.parent].compactMap { $0?.description })
        let key = UUID().uuidString.lowercased()
        return bookings.compactMap { booking in
            let lines = (booking["lines"]?.items ?? []).filter { places.contains($0["resourceId"]?.text ?? "") }
            let acts = BookingActs(
                booking, for: member.principal, at: now, early: early, key: "\(key)-\(booking["reference"]?.text ?? "")",
                back: resource.href)
            guard lines.contains(where: { $0.isCurrent(at: now, early: early) }), acts.isAny, let row = BookingRow(booking, speaker),
                let period = lines.first?.period
            else { return nil }
            return CurrentUse(
                href: row.href, title: row.title, when: speaker.span(period, resource.zone),
                about: [booking["organisationName"]?.text, row.reference].compactMap(\.self).joined(separator: " · "), state: row.state,
                tone: row.tone, acts: acts)
        }
    }
}

extension JSONValue {
    /// Whether a line of a booking is to be checked in now, or was and has not been checked out.
    fileprivate func isCurrent(at now: Instant, early: Duration) -> Bool {
        guard let period else { return false }
        let isUsed = self["checkedInAt"] != nil && self["checkedOutAt"] == nil
        return isUsed || period.start - early <= now && now < period.end
    }
}
