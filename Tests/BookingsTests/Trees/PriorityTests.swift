import HTTPTypes
import TestSupport
import Testing

@Suite("Seasons kept for some audiences")
struct PriorityTests {
    /// Workers from December to March, job seekers from April to October.
    private static let seasons = """
        {"windows": [
          {"name": "Winter", "audiences": ["worker"], "from": "12-01", "to": "03-31", "releaseDays": 14},
          {"name": "Season", "audiences": ["jobSeeker", "student"], "from": "04-01", "to": "10-31"}]}
        """

    private static func set(_ desk: BookingDesk, of resource: String, _ body: String = seasons, match: String = "*") async throws
        -> TestAnswer
    {
        try await desk.server.send(
            .put, "/v1/resources/\(resource)/priority-windows", key: desk.network.managerKey, headers: [.ifMatch: match], json: body)
    }

    @Test
    func `a machine is kept for workers in winter and for job seekers in season`() async throws {
        try await withDesk { desk in
            let unit = "\(desk.network.units[0])"
            let set = try await Self.set(desk, of: unit)
            #expect(set["windows"]?.elements.count == 2, "\(set.body)")
            let winter = try await desk.book(unit, from: "2028-01-11T09:00:00Z", to: "2028-01-11T10:00:00Z", audience: "jobSeeker")
            #expect(winter.codes == ["keptForOthers"])
            #expect(winter["rules", 0, "facts", "window"] == "Winter")
            #expect(winter["rules", 0, "facts", "audiences"]?.elements.map(\.text) == ["worker"])
            #expect(winter["rules", 0, "facts", "releasedOn"] == "2027-12-28")
            #expect(winter["rules", 0, "text"]?.text?.contains("is for everybody from 28 December 2027.") == true, "\(winter.body)")
            let worker = try await desk.book(unit, from: "2028-01-11T09:00:00Z", to: "2028-01-11T10:00:00Z", audience: "worker")
            #expect(worker.status == .created, "\(worker.body)")
            let season = try await desk.book(unit, from: "2028-05-09T09:00:00Z", to: "2028-05-09T10:00:00Z", audience: "worker")
            #expect(season.codes == ["keptForOthers"])
            #expect(season["rules", 0, "facts", "releasedOn"] == nil)
            let nobody = try await desk.book(unit, from: "2028-05-09T09:00:00Z", to: "2028-05-09T10:00:00Z")
            #expect(nobody.codes == ["keptForOthers"])
            let student = try await desk.book(unit, from: "2028-05-09T09:00:00Z", to: "2028-05-09T10:00:00Z", audience: "student")
            #expect(student.status == .created)
            // Between the seasons it is everybody's, and the centre maintains it when it must.
            let between = try await desk.book(unit, from: "2027-11-09T09:00:00Z", to: "2027-11-09T10:00:00Z", audience: "jobSeeker")
            #expect(between.status == .created)
            let maintenance = try await desk.book(
                unit, from: "2028-05-10T09:00:00Z", to: "2028-05-10T10:00:00Z", activity: "maintenance", key: desk.network.managerKey)
            #expect(maintenance.status == .created, "\(maintenance.body)")
        }
    }

    @Test
    func `the season of a hall holds for its bays, the night before its first day does not count, its alternatives are free of it`()
        async throws
    {
        try await withDesk { desk in
            let hall = try await addPlatform(desk, "Yard", 4)
            let bay = try await addPlatform(desk, "Pit", 2, members: #""parentId": "\#(hall)""#)
            #expect(
                try await Self.set(
                    desk, of: "\(hall)", #"{"windows": [{"name": "W", "audiences": ["worker"], "from": "12-01", "to": "12-02"}]}"#
                ).status == .ok)
            let midnight = try await desk.book(
                "\(bay)", from: "2027-11-30T23:00:00+01:00", to: "2027-12-01T00:00:00+01:00", audience: "jobSeeker")
            #expect(midnight.status == .created, "\(midnight.body)")
            let after = try await desk.book(
                "\(bay)", from: "2027-11-30T23:00:00+01:00", to: "2027-12-01T00:15:00+01:00", audience: "jobSeeker")
            #expect(after.codes == ["keptForOthers"])
            // The nearest is the same evening, a quarter earlier; the next begins when the season is over.
            #expect(after["alternatives", 0, "start"] == "2027-11-30T21:45:00Z", "\(after.body)")
            let starts = after["alternatives"]?.elements.compactMap { $0["start"]?.text } ?? []
            #expect(starts.allSatisfy { $0 <= "2027-11-30T21:45:00Z" || $0 >= "2027-12-02T23:00:00Z" }, "\(after.body)")
        }
    }

    @Test
    func `days that no year has and seasons of nobody are refused, and the version must be current`() async throws {
        try await withDesk { desk in
            let unit = "\(desk.network.units[0])"
            for (body, pointer) in [
                (#"{"windows": [{"name": "W", "audiences": ["worker"], "from": "02-30", "to": "12-02"}]}"#, "/windows/0/from"),
                (#"{"windows": [{"name": "W", "audiences": [], "from": "02-01", "to": "12-02"}]}"#, "/windows/0/audiences"),
                (#"{"windows": [{"name": "W", "audiences": ["W"], "from": "02-01", "to": "12-02"}]}"#, "/windows/0/audiences/0"),
                ("{}", "/windows"),
            ] {
                let answer = try await Self.set(desk, of: unit, body)
                #expect(answer["issues", 0, "name"]?.text == pointer, "\(answer.body)")
            }
            #expect(try await Self.set(desk, of: unit, match: "\"v1\"").status == .ok)
            #expect(try await Self.set(desk, of: unit, match: "\"v1\"").status == .preconditionFailed)
        }
    }

    @Test
    func `a platform that asks for supervision says which it offers`() async throws {
        try await withDesk { desk in
            let cell = try await addPlatform(desk, "Cell", 2, members: #""supervision": ["centreInstructor", "habilitatedTrainer"]"#)
            let line = #"{"resourceId": "\#(cell)", "start": "2027-05-04T09:00:00Z", "end": "2027-05-04T10:00:00Z"}"#
            let alone = try await desk.book(lines: line)
            #expect(alone.codes == ["supervisionNotOffered"])
            #expect(alone["rules", 0, "facts", "offered"]?.elements.map(\.text) == ["centreInstructor", "habilitatedTrainer"])
            let booked = try await desk.server.send(
                .post, "/v1/bookings", key: desk.network.companyKey,
                json: #"{"activity": "demonstration", "supervision": "centreInstructor", "lines": [\#(line)]}"#)
            #expect(booked["supervision"] == "centreInstructor", "\(booked.body)")
        }
    }
}
