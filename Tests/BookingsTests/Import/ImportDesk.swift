import HTTPTypes
import Postgres
import TestSupport

extension BookingDesk {
    static let importHead = "ownReference;resource;start;end;seats;activity;audiences"

    /// A line of a table: a platform by its name, in June 2027, on the clock of Brussels.
    static func line(
        _ reference: String, _ resource: String = "Hall fictif", day: Int = 1, hour: Int = 9, seats: String = "1",
        audiences: String = "", activity: String = "demonstration"
    ) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let start = "\(two(day))/06/2027 \(two(hour)):00"
        return "\(reference);\(resource);\(start);\(two(day))/06/2027 \(two(hour + 1)):00;\(seats);\(activity);\(audiences)"
    }

    func enter(
        _ lines: [String], _ mode: String = "acceptedLines", dryRun: Bool = false, head: String = importHead, key: String? = nil,
        idempotencyKey: String? = nil
    ) async throws -> TestAnswer {
        try await enter(
            table: ([head] + lines).joined(separator: "\n") + "\n", mode, dryRun: dryRun, key: key, idempotencyKey: idempotencyKey)
    }

    func enter(
        table: String, _ mode: String = "acceptedLines", dryRun: Bool = false, key: String? = nil, idempotencyKey: String? = nil
    ) async throws -> TestAnswer {
        var headers: HTTPFields = [.acceptLanguage: "en"]
        if let idempotencyKey { headers[.idempotencyKey] = idempotencyKey }
        return try await server.send(
            document: Array(table.utf8), of: "text/csv", to: "/v1/booking-imports?mode=\(mode)&dryRun=\(dryRun)",
            key: key ?? network.companyKey, headers: headers)
    }

    /// Enters events, each a list of its properties, with the platform as their usual place.
    func enter(
        events: [[String]], _ mode: String = "acceptedLines", dryRun: Bool = false, query: String = "", key: String? = nil,
        idempotencyKey: String? = nil
    ) async throws -> TestAnswer {
        let lines = events.flatMap { ["BEGIN:VEVENT"] + $0 + ["END:VEVENT"] }
        return try await enter(
            calendar: (["BEGIN:VCALENDAR"] + lines + ["END:VCALENDAR", ""]).joined(separator: "\r\n"), mode, dryRun: dryRun,
            query: "&resource=Hall%20fictif&activity=demonstration\(query)", key: key, idempotencyKey: idempotencyKey)
    }

    func enter(
        calendar: String, _ mode: String = "acceptedLines", dryRun: Bool = false, query: String = "", key: String? = nil,
        idempotencyKey: String? = nil
    ) async throws -> TestAnswer {
        var headers: HTTPFields = [.acceptLanguage: "en"]
        if let idempotencyKey { headers[.idempotencyKey] = idempotencyKey }
        return try await server.send(
            document: Array(calendar.utf8), of: "text/calendar",
            to: "/v1/booking-calendar-imports?mode=\(mode)&dryRun=\(dryRun)\(query)", key: key ?? network.companyKey, headers: headers)
    }

    /// Of one event, from nine to ten in Brussels on a day of June 2027.
    static func event(_ uid: String, day: Int = 1, hour: Int = 9, _ more: String...) -> [String] {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let time = "202706\(two(day))T\(two(hour))0000"
        return ["UID:\(uid)", "DTSTART;TZID=Europe/Brussels:\(time)", "DURATION:PT1H"] + more
    }

    /// The first column of the answer of a query of the database's owner.
    func column(_ query: String, _ values: [String?] = []) async throws -> [String?] {
        try await server.database.owner.queryText(query, values).map { $0[0] }
    }
}

extension TestAnswer {
    var outcomes: [String] { self["lines"]?.elements.compactMap { $0["outcome"]?.text } ?? [] }
    /// `line column code`, in order.
    var faults: [String] { Self.faults(self["faults"]?.elements ?? []) }
    /// Of a refusal of the whole.
    var reportedFaults: [String] { Self.faults(self["report", "faults"]?.elements ?? []) }

    private static func faults(_ elements: [TestJSON]) -> [String] {
        elements.map { fault in
            var line = 0
            if case .number(let number)? = fault["line"] { line = Int(number) }
            return "\(line) \(fault["column"]?.text ?? "-") \(fault["code"]?.text ?? "")"
        }
    }
}
