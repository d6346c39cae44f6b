import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Opening hours, their exceptions and what they do to bookings")
struct OpeningChangeTests {
    @Test
    func `shorter hours say beforehand and afterwards which bookings fall outside, and touch that day only`() async throws {
        try await withOpeningDesk { opening in
            let late = try await opening.book(from: "2027-05-04T15:00", to: "2027-05-04T16:00")
            let early = try await opening.book(from: "2027-05-04T09:00", to: "2027-05-04T10:00")
            #expect(late.status == .created && early.status == .created, "\(late.body)")
            // What the desk's own setting of hours has left.
            let before = try await opening.formerHours()
            let tried = try await opening.exception(opening.site, "2027-05-04", "08:00-12:00", query: "?dryRun=true")
            #expect(tried["change", "verdict"] == "wouldChange", "\(tried.body)")
            #expect(tried["change", "changedDays"] == 1)
            #expect(tried["change", "bookingsOutside"]?.elements.map { $0["bookingId"] } == [late["id"]])
            #expect(try await opening.periods(opening.site, on: "2027-05-04") == ["2027-05-04T06:00:00Z/2027-05-04T16:00:00Z"])
            let changed = try await opening.exception(opening.site, "2027-05-04", "08:00-12:00")
            #expect(changed["change", "verdict"] == "changed")
            #expect(changed["change", "bookingsOutside"] == tried["change", "bookingsOutside"])
            #expect(try await opening.periods(opening.site, on: "2027-05-04") == ["2027-05-04T06:00:00Z/2027-05-04T10:00:00Z"])
            #expect(try await opening.periods(opening.site, on: "2027-05-05") == ["2027-05-05T06:00:00Z/2027-05-05T16:00:00Z"])
            #expect(try await opening.formerHours().subtracting(before).map { $0.prefix(10) } == ["2027-05-04"])
            let refused = try await opening.book(from: "2027-05-04T14:00", to: "2027-05-04T15:00")
            #expect(refused.codes == ["closed"])
            #expect(refused["rules", 0, "facts", "exceptions", 0, "reason"] == "Inventory", "\(refused.body)")
            // What was booked stays, until somebody decides.
            let kept = try await opening.desk.server.send(
                .get, "/v1/bookings/\(late["id"]?.text ?? "")", key: opening.desk.network.companyKey)
            #expect(kept["state"] == "confirmed")
        }
    }

    @Test
    func `longer hours and an opening on a holiday are exceptions too; without them the day is as usual again`() async throws {
        try await withOpeningDesk { opening in
            #expect(try await opening.book(from: "2027-05-04T19:00", to: "2027-05-04T20:00").codes == ["closed"])
            #expect(try await opening.exception(opening.site, "2027-05-04", "08:00-22:00").status == .ok)
            #expect(try await opening.book(from: "2027-05-04T19:00", to: "2027-05-04T20:00").status == .created)
            #expect(try await opening.periods(opening.site, on: "2027-07-21") == [])
            let holiday = try await opening.exception(opening.site, "2027-07-21", "10:00-12:00")
            #expect(holiday.status == .ok)
            let day = try await opening.hours(opening.site, on: "2027-07-21")
            #expect(day["days", 0, "periods"]?.elements.count == 1)
            #expect(day["days", 0, "exception"] == "Inventory")
            let listed = try await opening.desk.server.send(
                .get, "\(opening.site)/opening-exceptions?from=2027-05-01&to=2027-07-31", key: opening.desk.network.companyKey)
            #expect(listed["items"]?.elements.map { $0["day"]?.text } == ["2027-05-04", "2027-07-21"])
            let removed = try await opening.put(
                "\(opening.site)/opening-exceptions", #"{"from": "2027-05-01", "to": "2027-07-31", "exceptions": []}"#)
            #expect(removed["change", "changedDays"] == 2, "\(removed.body)")
            #expect(removed["change", "bookingsOutside"]?.elements.count == 1)
            #expect(try await opening.periods(opening.site, on: "2027-07-21") == [])
        }
    }

    @Test
    func `case 10: on 27 September the centre is open and the schools are closed`() async throws {
        try await withOpeningDesk { opening in
            let day = try await opening.hours(opening.site, on: "2027-09-27", query: "&schoolCalendar=be-fwb")
            #expect(day["days", 0, "periods"]?.elements.count == 1)
            #expect(day["days", 0, "schoolClosedBecause"] == "schoolHoliday.frenchCommunity")
            #expect(day["days", 0, "closedBecause"] == nil)
            #expect(try await opening.book(from: "2027-09-27T09:00", to: "2027-09-27T10:00").status == .created)
            let school = try await opening.desk.server.send(
                .get, "/v1/school-calendars?calendar=be-fwb&from=2027-09-01&to=2027-09-30", key: opening.desk.network.companyKey,
                headers: [.acceptLanguage: "en"])
            #expect(school["holidays", 0, "name"] == "Day of the French Community of Belgium", "\(school.body)")
            // A new version replaces the whole; the opening of the centre does not care.
            let replaced = try await opening.put(
                "/v1/school-calendars",
                #"{"calendar": "be-fwb", "holidays": [{"from": "2027-10-18", "to": "2027-10-31", "reason": "autumn"}]}"#,
                key: opening.desk.network.networkKey)
            #expect(replaced["version"] == 2, "\(replaced.body)")
            let after = try await opening.hours(opening.site, on: "2027-09-27", query: "&schoolCalendar=be-fwb")
            #expect(after["days", 0, "schoolClosedBecause"] == nil)
            #expect(after["days", 0, "periods"]?.elements.count == 1)
        }
    }

    @Test
    func `a resource keeps hours of its own, is closed with its site, and follows it again`() async throws {
        try await withOpeningDesk { opening in
            let unit = "\(opening.desk.network.units[0])"
            #expect(try await opening.book(unit, from: "2027-05-04T19:00", to: "2027-05-04T20:00").codes == ["closed"])
            #expect(try await opening.week(opening.unit, "06:00-22:00", from: "2027-05-01").status == .ok)
            #expect(try await opening.periods(opening.unit, on: "2027-05-04") == ["2027-05-04T04:00:00Z/2027-05-04T20:00:00Z"])
            #expect(try await opening.periods(opening.unit, on: "2027-04-30") == ["2027-04-30T06:00:00Z/2027-04-30T16:00:00Z"])
            #expect(try await opening.book(unit, from: "2027-05-04T19:00", to: "2027-05-04T20:00").status == .created)
            #expect(try await opening.book(from: "2027-05-04T19:00", to: "2027-05-04T20:00").codes == ["closed"])
            // An exception of the site limits it; its own goes before that.
            let site = try await opening.exception(opening.site, "2027-05-04", "10:00-12:00")
            #expect(site["change", "bookingsOutside"]?.elements.map { $0["resourceId"]?.text } == [unit], "\(site.body)")
            #expect(try await opening.periods(opening.unit, on: "2027-05-04") == ["2027-05-04T08:00:00Z/2027-05-04T10:00:00Z"])
            #expect(
                try await opening.exception(opening.unit, "2027-05-04", "18:00-21:00")["change", "bookingsOutside"]?.elements.isEmpty
                    == true)
            #expect(try await opening.periods(opening.unit, on: "2027-05-04") == ["2027-05-04T16:00:00Z/2027-05-04T19:00:00Z"])
            let closed = try await opening.put(
                "/v1/centres/\(opening.desk.network.centre)/closed-days", #"{"days": [{"day": "2027-05-05", "reason": "closure"}]}"#)
            #expect(closed["change", "changedDays"] == 1, "\(closed.body)")
            #expect(try await opening.periods(opening.unit, on: "2027-05-05") == [])
            let follows = try await opening.put("\(opening.unit)/weekly-opening", #"{"from": "2027-06-01", "follows": true}"#)
            #expect(follows.status == .ok, "\(follows.body)")
            #expect(try await opening.periods(opening.unit, on: "2027-06-01") == ["2027-06-01T06:00:00Z/2027-06-01T16:00:00Z"])
            #expect(try await opening.periods(opening.unit, on: "2027-05-31") == ["2027-05-31T04:00:00Z/2027-05-31T20:00:00Z"])
        }
    }

    @Test
    func `a bay follows the hours of its hall, until it has its own`() async throws {
        try await withOpeningDesk { opening in
            let hall = try await addPlatform(opening.desk, "Hall", 4)
            let bay = try await addPlatform(opening.desk, "Bay", 2, members: #""parentId": "\#(hall)""#)
            let (hallPath, bayPath) = ("/v1/resources/\(hall)", "/v1/resources/\(bay)")
            #expect(try await opening.week(hallPath, "06:00-22:00", from: "2027-05-01").status == .ok)
            #expect(try await opening.periods(bayPath, on: "2027-05-04") == ["2027-05-04T04:00:00Z/2027-05-04T20:00:00Z"])
            #expect(try await opening.week(bayPath, "12:00-13:00", from: "2027-05-04").status == .ok)
            #expect(try await opening.periods(bayPath, on: "2027-05-03") == ["2027-05-03T04:00:00Z/2027-05-03T20:00:00Z"])
            #expect(try await opening.periods(bayPath, on: "2027-05-04") == ["2027-05-04T10:00:00Z/2027-05-04T11:00:00Z"])
            #expect(try await opening.exception(hallPath, "2027-05-04", nil)["change", "changedDays"] == 1)
            #expect(try await opening.periods(bayPath, on: "2027-05-04") == [])
            // Its hours depend on where it stands.
            let moved = try await opening.desk.server.send(
                .patch, "/v1/platforms/\(bay)", key: opening.desk.network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"removeParent": true}"#)
            #expect(moved["issues", 0, "code"] == "parentHours", "\(moved.body)")
        }
    }

    @Test
    func `what was open on a day, as it was known, stays readable`() async throws {
        try await withOpeningDesk { opening in
            let before = SystemWallClock().now()
            try await Task.sleep(for: .milliseconds(20))
            #expect(try await opening.week(opening.site, "10:00-12:00", from: "2027-05-01")["change", "changedDays"]?.number ?? 0 > 100)
            #expect(try await opening.periods(opening.site, on: "2027-05-04") == ["2027-05-04T08:00:00Z/2027-05-04T10:00:00Z"])
            #expect(
                try await opening.periods(opening.site, on: "2027-05-04", query: "&knownAt=\(before.rfc3339)")
                    == ["2027-05-04T06:00:00Z/2027-05-04T16:00:00Z"])
            let future = try await opening.hours(opening.site, on: "2027-05-04", query: "&knownAt=2099-01-01T00:00:00Z")
            #expect(future.problem == "knownAtInFuture")
            // Another week that says the same changes nothing.
            #expect(try await opening.week(opening.site, "10:00-12:00", from: "2027-05-01")["change", "changedDays"] == 0)
        }
    }

    @Test
    func `days that have passed, days outside the range and hours that cross are refused`() async throws {
        try await withOpeningDesk { opening in
            let path = "\(opening.site)/opening-exceptions"
            for (body, pointer) in [
                (#"{"from": "2020-01-01", "to": "2027-01-01", "exceptions": []}"#, "/to"),
                (#"{"from": "2026-01-01", "to": "2026-01-02", "exceptions": []}"#, "/from"),
                (#"{"from": "2027-01-01", "to": "2027-01-02"}"#, "/exceptions"),
                (
                    #"{"from": "2027-01-01", "to": "2027-01-02", "exceptions": [{"day": "2027-01-03", "reason": "A", "hours": []}]}"#,
                    "/exceptions"
                ),
                (
                    """
                    {"from": "2027-01-01", "to": "2027-01-02", "exceptions": [
                      {"day": "2027-01-01", "reason": "A", "hours": [
                        {"opens": "08:00", "closes": "12:00"}, {"opens": "11:00", "closes": "13:00"}]}]}
                    """, "/exceptions/0/hours"
                ),
            ] {
                let answer = try await opening.put(path, body)
                #expect(answer.status == .badRequest)
                #expect(answer["issues", 0, "name"]?.text == pointer, "\(answer.body)")
            }
            let stranger = try await opening.put(
                path, #"{"from": "2027-01-01", "to": "2027-01-02", "exceptions": []}"#, key: opening.desk.network.companyKey)
            #expect(stranger.status == .forbidden)
        }
    }
}
