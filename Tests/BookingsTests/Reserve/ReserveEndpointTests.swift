import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("POST /v1/bookings")
struct ReserveEndpointTests {
    @Test
    func `a platform and a machine are booked together, and read back the same`() async throws {
        try await withDesk { desk in
            let network = desk.network
            let period = #""start": "2027-05-04T09:00:00+02:00", "end": "2027-05-04T12:00:00+02:00""#
            let answer = try await desk.book(
                lines: """
                    {"resourceId": "\(network.platform)", \(period), "seats": 4}, {"resourceId": "\(network.units[0])", \(period)}
                    """, audiences: #"{"audience": "jobSeeker", "headCount": 4}"#, activity: "catalogueTraining")
            #expect(answer.status == .created, "\(answer.body)")
            #expect(answer["state"] == "confirmed")
            #expect(answer["lines", 0, "start"] == "2027-05-04T07:00:00Z")
            #expect(answer["lines", 0, "zone"] == "Europe/Brussels")
            #expect(answer["labelSnapshot", "status"] == "labelled")
            #expect(answer.headers[.eTag] == "\"v1\"")
            let location = try #require(answer.headers[.location])
            let read = try await desk.server.send(.get, location, key: network.companyKey)
            #expect(read.status == .ok)
            #expect(read["reference"] == answer["reference"])
            #expect(read["lines", 1, "kind"] == "equipment")
            #expect(read["history", 0, "to"] == "confirmed")
            let held = try await desk.server.send(.get, location, key: network.companyKey, headers: [.ifNoneMatch: "\"v1\""])
            #expect(held.status == .notModified)
        }
    }

    @Test
    func `a refusal names every failed rule with its fact, and the nearest alternatives`() async throws {
        try await withDesk(cleanupMinutes: 30) { desk in
            let first = try await desk.book(from: "2027-05-04T09:00:00+02:00", to: "2027-05-04T12:00:00+02:00", seats: 10)
            #expect(first.status == .created, "\(first.body)")
            let second = try await desk.book(from: "2027-05-04T11:00:00+02:00", to: "2027-05-04T13:00:00+02:00", seats: 3)
            #expect(second.status == .conflict)
            #expect(second.problem == "bookingRefused")
            #expect(second.codes == ["capacityFull"])
            #expect(second["rules", 0, "facts", "free"] == 2)
            #expect(second["rules", 0, "line"] == 1)
            #expect(second["rules", 0, "text"]?.text?.isEmpty == false)
            // Room again when the first booking and its cleaning are over.
            #expect(second["alternatives", 0, "start"] == "2027-05-04T10:30:00Z")
            let worse = try await desk.book(
                from: "2027-05-04T09:07:00+02:00", to: "2027-05-04T09:10:00+02:00", seats: 40, audience: "teacher",
                activity: "catalogueTraining")
            #expect(Set(worse.codes) == ["audienceNotTargeted", "durationTooShort", "offGrid", "quantityTooLarge"])
            #expect(worse["alternatives"]?.elements == [])
        }
    }

    @Test
    func `what nobody knows is refused as unknown, and nothing of the booking is kept`() async throws {
        try await withDesk { desk in
            let period = #""start": "2027-05-04T09:00:00+02:00", "end": "2027-05-04T12:00:00+02:00""#
            let answer = try await desk.book(
                lines: """
                    {"resourceId": "\(desk.network.platform)", \(period)}, {"resourceId": "01990000-0000-7000-8400-000000000001", \(period)}
                    """)
            #expect(answer.codes == ["resourceUnknown"])
            let kept = try await desk.server.database.owner.queryText("select count(*) from platforms.occupancy")
            #expect(kept == [["0"]])
        }
    }

    @Test
    func `two lines of one booking share the room of a platform exactly`() async throws {
        try await withDesk { desk in
            func line(_ start: String, _ end: String, _ seats: Int) -> String {
                """
                {"resourceId": "\(desk.network.platform)", "seats": \(seats),
                 "start": "2027-05-04T\(start):00:00Z", "end": "2027-05-04T\(end):00:00Z"}
                """
            }
            // 8 then 8, one after the other, and 4 across both: never more than 12.
            let fits = try await desk.book(lines: [line("09", "10", 8), line("10", "11", 8), line("09", "11", 4)].joined(separator: ","))
            #expect(fits.status == .created, "\(fits.body)")
            let tooMany = try await desk.book(
                lines: [line("12", "13", 8), line("13", "14", 8), line("12", "14", 5)].joined(separator: ","))
            #expect(tooMany.codes == ["capacityFull"])
        }
    }

    @Test
    func `a dry run says what would happen and writes nothing`() async throws {
        try await withDesk { desk in
            let answer = try await desk.book(from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z", seats: nil, query: "?dryRun=true")
            #expect(answer.status == .ok, "\(answer.body)")
            #expect(answer["verdict"] == "wouldCreate")
            let kept = try await desk.server.database.owner.queryText("select count(*) from bookings.booking")
            #expect(kept == [["0"]])
        }
    }

    @Test
    func `all faults of a request come out at once`() async throws {
        try await withDesk { desk in
            let answer = try await desk.server.send(
                .post, "/v1/bookings", key: desk.network.companyKey,
                json: """
                    {"activity": "sleeping", "audiences": [], "colour": 1,
                     "lines": [{"resourceId": "x", "start": "2027-05-04", "end": null}]}
                    """)
            #expect(answer.status == .badRequest)
            let names = Set(answer["issues"]?.elements.compactMap { $0["name"]?.text } ?? [])
            #expect(names == ["/activity", "/colour", "/lines/0/resourceId", "/lines/0/start", "/lines/0/end"])
        }
    }

    @Test
    func `a member without the role of a booker does not book, and nobody books for another organisation`() async throws {
        try await withDesk { desk in
            let line = #"{"resourceId": "\#(desk.network.platform)", "start": "2027-05-04T09:00:00Z", "end": "2027-05-04T10:00:00Z"}"#
            let foreign = try await desk.server.send(
                .post, "/v1/bookings", key: desk.network.companyKey,
                json: #"{"organisationId": "\#(desk.network.school)", "activity": "demonstration", "audiences": [], "lines": [\#(line)]}"#)
            #expect(foreign.status == .forbidden)
            #expect(foreign.problem == "bookingForbidden")
            let staff = try await desk.server.send(
                .post, "/v1/bookings", key: desk.network.managerKey,
                json: #"{"organisationId": "\#(desk.network.school)", "activity": "demonstration", "audiences": [], "lines": [\#(line)]}"#)
            #expect(staff.status == .created, "\(staff.body)")
            #expect(staff["organisationId"]?.text == "\(desk.network.school)")
        }
    }
}
