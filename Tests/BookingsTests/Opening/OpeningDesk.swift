import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

/// A small network whose site is open every day from 8 to 18, and what a manager does about hours.
struct OpeningDesk {
    let desk: BookingDesk

    var site: String { "/v1/sites/\(desk.network.site)" }
    var unit: String { "/v1/resources/\(desk.network.units[0])" }

    func put(_ path: String, _ body: String, query: String = "", key: String? = nil) async throws -> TestAnswer {
        try await desk.server.send(
            .put, "\(path)\(query)", key: key ?? desk.network.managerKey, headers: [.ifMatch: "*", .acceptLanguage: "en"], json: body)
    }

    /// Sets the same hours for every day of the week from a day on.
    func week(_ path: String, _ hours: String, from day: String, query: String = "") async throws -> TestAnswer {
        let times = hours.split(separator: "-")
        let week = (1...7).map { #"{"weekday": \#($0), "opens": "\#(times[0])", "closes": "\#(times[1])"}"# }.joined(separator: ", ")
        return try await put("\(path)/weekly-opening", #"{"from": "\#(day)", "hours": [\#(week)]}"#, query: query)
    }

    /// Gives one day hours of its own; none closes it.
    func exception(_ path: String, _ day: String, _ hours: String?, query: String = "") async throws -> TestAnswer {
        let times = hours?.split(separator: "-") ?? []
        let periods = times.isEmpty ? "" : #"{"opens": "\#(times[0])", "closes": "\#(times[1])"}"#
        return try await put(
            "\(path)/opening-exceptions",
            #"{"from": "\#(day)", "to": "\#(day)", "exceptions": [{"day": "\#(day)", "reason": "Inventory", "hours": [\#(periods)]}]}"#,
            query: query)
    }

    /// The open periods of a day, as `start/end`.
    func periods(_ path: String, on day: String, query: String = "") async throws -> [String] {
        let answer = try await hours(path, on: day, query: query)
        return answer["days", 0, "periods"]?.elements.map { "\($0["start"]?.text ?? "")/\($0["end"]?.text ?? "")" } ?? []
    }

    func hours(_ path: String, on day: String, query: String = "") async throws -> TestAnswer {
        try await desk.server.send(
            .get, "\(path)/open-hours?from=\(day)&to=\(day)\(query)", key: desk.network.companyKey, headers: [.acceptLanguage: "en"])
    }

    /// The hours that are not in force any more, each as its day and the moments at which it was known.
    func formerHours() async throws -> Set<String> {
        let rows = try await desk.server.database.owner.queryText("select day || ' ' || known from centres.former_open_hours")
        return Set(rows.compactMap { $0.first.flatMap { $0 } })
    }

    func book(_ resource: String? = nil, from start: String, to end: String) async throws -> TestAnswer {
        try await desk.book(resource, from: "\(start):00+02:00", to: "\(end):00+02:00")
    }
}

func withOpeningDesk(_ body: @escaping @Sendable (OpeningDesk) async throws -> Void) async throws {
    try await withDesk { desk in
        let opening = OpeningDesk(desk: desk)
        let today = try #require(Zone(TestNetwork.zone)).day(of: SystemWallClock().now())
        #expect(try await opening.week(opening.site, "08:00-18:00", from: "\(today)").status == .ok)
        try await body(opening)
    }
}
