import Composition
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing
import Utilisation

/// A centre to count in, and the calls that its figures need.
struct Desk {
    let server: TestServer
    let network: TestNetwork

    init(_ server: TestServer, labelEnd: String = "2099-12-31", setupMinutes: Int = 0, cleanupMinutes: Int = 0) async throws {
        self.server = server
        network = try await TestNetwork.make(
            in: server.database, labelEnd: labelEnd, setupMinutes: setupMinutes, cleanupMinutes: cleanupMinutes)
    }

    var centrePath: String { "/v1/centres/\(network.centre)" }

    /// The members of a line.
    static func line(_ resource: ResourceID, _ start: String, _ end: String, seats: Int? = nil) -> String {
        let quantity = seats.map { "\"seats\": \($0)" } ?? "\"exclusive\": true"
        return "{\"resourceId\": \"\(resource)\", \(quantity), \"start\": \"\(start)\", \"end\": \"\(end)\"}"
    }

    /// Books; the answer.
    @discardableResult
    func book(
        _ key: String, _ activity: String, _ lines: [String], audiences: String = "[]", programme: String? = nil, offer: String? = nil,
        dryRun: Bool = false,
        expecting status: HTTPResponse.Status = .created
    ) async throws -> TestAnswer {
        let tag = [("programme", programme), ("offerId", offer)].map { name, value in value.map { "\"\(name)\": \"\($0)\", " } ?? "" }
            .joined()
        let answer = try await server.send(
            .post, "/v1/bookings\(dryRun ? "?dryRun=true" : "")", key: key,
            json: "{\"activity\": \"\(activity)\", \"audiences\": \(audiences), \(tag)\"lines\": [\(lines.joined(separator: ", "))]}")
        #expect(answer.status == status, "\(answer.body)")
        return answer
    }

    func cancel(_ booking: TestAnswer, _ key: String) async throws {
        let id = try #require(booking["id"]?.text)
        let answer = try await server.send(
            .post, "/v1/bookings/\(id)/cancellation", key: key, headers: [.ifMatch: "\"v1\""], json: "{}")
        #expect(answer.status == .ok, "\(answer.body)")
    }

    /// What is done with a booking on the day, by its company unless another key is given.
    @discardableResult
    func act(
        _ booking: TestAnswer, _ command: String, _ json: String = "{}", key: String? = nil, expecting status: HTTPResponse.Status = .ok
    ) async throws -> TestAnswer {
        let answer = try await tryToAct(booking, command, json, key: key)
        #expect(answer.status == status, "\(command): \(answer.body)")
        return answer
    }

    /// The same, whatever comes of it.
    func tryToAct(_ booking: TestAnswer, _ command: String, _ json: String = "{}", key: String? = nil) async throws -> TestAnswer {
        let id = try #require(booking["id"]?.text)
        return try await server.send(
            .post, "/v1/bookings/\(id)/\(command)", key: key ?? network.companyKey, headers: [.ifMatch: "*"], json: json)
    }

    /// The attendance of a check-out or a report.
    static func attendance(_ heads: KeyValuePairs<String, Int>) -> String {
        let audiences = heads.map { "{\"audience\": \"\($0.key)\", \"headCount\": \($0.value)}" }.joined(separator: ", ")
        return "{\"attendance\": {\"audiences\": [\(audiences)]}}"
    }

    func report(_ from: String, _ to: String, _ more: String = "") async throws -> TestAnswer {
        let answer = try await server.send(
            .get, "\(centrePath)/utilisation?from=\(from)&to=\(to)\(more)", key: network.managerKey)
        #expect(answer.status == .ok, "\(answer.body)")
        return answer
    }

    /// As the owner of the database, who may do what no function offers yet.
    @discardableResult
    func sql(_ command: String, _ values: [String?] = []) async throws -> [[String?]] {
        try await server.database.owner.queryText(command, values)
    }

    /// Gives the site other hours on 1 June 2027: arrays of days and of the moments when it opens and closes.
    func open(_ days: String, from: String, to: String) async throws {
        try await sql(
            "select count(*) from centres.put_open_hours(1::int2, $1, '[2027-06-01,2027-06-02)', $2::date[], $3, $4)",
            ["\(network.site)", days, from, to])
    }

    /// Moves the clock of the database to a moment.
    func move(to moment: String) async throws {
        let seconds = try await sql("select ceil(extract(epoch from $1::timestamptz - clock_timestamp()))::text", [moment])
        try await server.database.setClock(offset: .seconds(try #require(seconds[0][0].flatMap { Int($0) })))
    }

    func differences() async throws -> [String] {
        try await server.house.utilisation.differences().map(\.description)
    }
}

/// One element of a list in an answer, by what names it.
func element(_ list: TestJSON?, _ name: String, _ value: String) -> TestJSON? {
    list?.elements.first { $0[name]?.text == value }
}
