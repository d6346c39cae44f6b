import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

extension CentreDesk {
    /// A list of three municipalities before two of them merged, and the list after it.
    ///
    /// The codes are test data.
    static let before = (
        version: "2019-01-01",
        body: list(
            from: "2019-01-01",
            #"{"code":"82003","name":"Bastogne"},{"code":"82005","name":"Bertogne"},{"code":"82009","name":"Fauvillers"}"#)
    )
    static let after = (
        version: "2024-12-02",
        body: list(
            from: "2024-12-02",
            #"{"code":"82039","name":"Bastogne","names":{"nl":"Bastenaken"}},{"code":"82009","name":"Fauvillers"}"#,
            became: [("82003", ["82039"]), ("82005", ["82039"])])
    )

    /// The body of a list.
    static func list(from day: String, pattern: String = "99999", _ municipalities: String, became: [(String, [String])] = []) -> String {
        let successors = became.map { #"{"code":"\#($0)","successors":["\#($1.joined(separator: #"",""#))"]}"# }.joined(separator: ",")
        return #"{"validFrom":"\#(day)","codePattern":"\#(pattern)","municipalities":[\#(municipalities)],"successors":[\#(successors)]}"#
    }

    /// The same from codes alone, each named after itself.
    static func letters(from day: String, _ codes: [String], became: [(String, [String])] = []) -> String {
        list(
            from: day, pattern: "A", codes.map { #"{"code":"\#($0)","name":"Ville \#($0)"}"# }.joined(separator: ","), became: became)
    }

    /// Sets the clock of the database, to a day on which the centre had its name already.
    func travel(to moment: String) async throws {
        _ = try await server.database.owner.queryText("update centres.centre_name set during = '[2000-01-01,)'", [])
        let now = try #require(Instant(rfc3339: moment))
        try await server.database.setClock(offset: now - SystemWallClock().now())
    }

    @discardableResult
    func enter(_ version: String, of scheme: String = "NIS", _ body: String, key: String? = nil) async throws -> TestAnswer {
        try await server.send(.put, "/v1/municipality-lists/\(scheme)/\(version)", key: key ?? self.key, json: body)
    }

    /// Adds a site in a municipality.
    func store(_ version: String, _ code: String, of scheme: String = "NIS") async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/centres/\(centre)/sites", key: key,
            json: """
                {"name":"Atelier","kind":"fixed","town":"Noville","zone":"Europe/Brussels",
                 "municipality":{"scheme":"\(scheme)","version":"\(version)","code":"\(code)"}}
                """)
    }

    func change(_ site: String, _ body: String, version: String = "*", key: String? = nil) async throws -> TestAnswer {
        try await server.send(.patch, "/v1/sites/\(site)", key: key ?? self.key, headers: [Self.ifMatch: version], json: body)
    }

    /// What the municipality of a site is today: its codes.
    func current(_ site: String) async throws -> [String] {
        try await get("/v1/sites/\(site)")["municipality", "current", "municipalities"]?.elements.compactMap { $0["code"]?.text } ?? []
    }
}

extension TestAnswer {
    /// The code of a problem.
    var code: String? { self["type"]?.text?.split(separator: ":").last.map(String.init) }
}
