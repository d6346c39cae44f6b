import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Calendars of closures and bookings")
struct ClosureConsequencesTests {
    @Test
    func `a calendar of closures says which bookings fall outside, and a refusal names it`() async throws {
        try await withOpeningDesk { opening in
            let unit = "\(opening.desk.network.units[0])"
            // Own hours do not save a resource from it.
            #expect(try await opening.week(opening.unit, "06:00-22:00", from: "2027-05-01").status == .ok)
            let early = try await opening.book(from: "2027-05-04T09:00", to: "2027-05-04T10:00")
            let late = try await opening.book(from: "2027-05-04T15:00", to: "2027-05-04T16:00")
            let own = try await opening.book(unit, from: "2027-05-04T19:00", to: "2027-05-04T20:00")
            #expect([early, late, own].allSatisfy { $0.status == .created })
            let tried = try await opening.close("DTSTART:20270504T140000\nDTEND:20270504T230000\nSUMMARY:Inventory", query: "?dryRun=true")
            let outside = [late, own].map { $0["id"]?.text }
            #expect(tried["change", "verdict"] == "wouldChange" && tried["change", "changedDays"] == 1, "\(tried.body)")
            #expect(Set(tried["change", "bookingsOutside"]?.elements.map { $0["bookingId"]?.text } ?? []) == Set(outside))
            #expect(try await opening.periods(opening.site, on: "2027-05-04") == ["2027-05-04T06:00:00Z/2027-05-04T16:00:00Z"])
            let closed = try await opening.close("DTSTART:20270504T140000\nDTEND:20270504T230000\nSUMMARY:Inventory")
            #expect(closed["change", "bookingsOutside"] == tried["change", "bookingsOutside"], "\(closed.body)")
            #expect(try await opening.periods(opening.site, on: "2027-05-04") == ["2027-05-04T06:00:00Z/2027-05-04T12:00:00Z"])
            #expect(try await opening.periods(opening.unit, on: "2027-05-04") == ["2027-05-04T04:00:00Z/2027-05-04T12:00:00Z"])
            // What closes another place, or another day, is no reason.
            let site = try await opening.desk.server.send(
                .post, "/v1/centres/\(opening.desk.network.centre)/sites", key: opening.desk.network.managerKey,
                json: #"{"name": "Annexe", "kind": "fixed", "town": "Namur", "zone": "Europe/Brussels"}"#)
            let elsewhere = try await opening.close(
                "DTSTART;VALUE=DATE:20270504\nSUMMARY:Elsewhere", uid: "b", query: "?siteId=\(try #require(site["id"]?.text))")
            #expect(elsewhere["created"] == 1, "\(elsewhere.body)")
            _ = try await opening.close("DTSTART;VALUE=DATE:20270506\nSUMMARY:Another day", uid: "c")
            let refused = try await opening.book(from: "2027-05-04T14:00", to: "2027-05-04T15:00")
            #expect(refused.codes == ["closed"])
            let named = refused["rules", 0, "facts", "exceptions"]?.elements.map { $0["reason"]?.text }
            #expect(named == ["Inventory"], "facts: \(refused.body)")
            let kept = try await opening.desk.server.send(
                .get, "/v1/bookings/\(late["id"]?.text ?? "")", key: opening.desk.network.companyKey)
            #expect(kept["state"] == "confirmed")
        }
    }
}

extension OpeningDesk {
    /// Closes the centre, or one of its sites, by one event.
    fileprivate func close(_ event: String, uid: String = "a", query: String = "") async throws -> TestAnswer {
        let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:\(uid)\n\(event)\nEND:VEVENT\nEND:VCALENDAR\n"
        return try await desk.server.send(
            document: Array(text.utf8), of: "text/calendar",
            to: "/v1/centres/\(desk.network.centre)/closure-calendar-imports\(query)", key: desk.network.managerKey)
    }
}
