import HTTPTypes
import Postgres
import TestSupport

extension BookingDesk {
    /// Asks for a series of one line.
    /// - Parameters:
    ///   - extra: further members of the body, each with a comma before it.
    func series(
        _ rule: String, from start: String, to end: String, seats: Int = 1, resource: String? = nil, extra: String = "",
        key: String? = nil, idempotencyKey: String? = nil, query: String = ""
    ) async throws -> TestAnswer {
        var headers: HTTPFields = [.acceptLanguage: "en"]
        if let idempotencyKey { headers[.idempotencyKey] = idempotencyKey }
        let line = #"{"resourceId": "\#(resource ?? "\(network.platform)")", "start": "\#(start)", "end": "\#(end)", "seats": \#(seats)}"#
        return try await server.send(
            .post, "/v1/booking-series\(query)", key: key ?? network.companyKey, headers: headers,
            json: #"{"activity": "demonstration", "audiences": [], "lines": [\#(line)], "rule": "\#(rule)"\#(extra)}"#)
    }

    /// Sends a command about a series with the version that the caller read.
    func command(
        _ name: String, _ series: TestAnswer, _ json: String, version: Int = 1, key: String? = nil, query: String = ""
    ) async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/booking-series/\(series["id"]?.text ?? "")/\(name)\(query)", key: key ?? network.companyKey,
            headers: [.acceptLanguage: "en", .ifMatch: "\"v\(version)\""], json: json)
    }

    func read(_ series: TestAnswer, key: String? = nil) async throws -> TestAnswer {
        try await server.send(
            .get, "/v1/booking-series/\(series["id"]?.text ?? "")", key: key ?? network.companyKey,
            headers: [.acceptLanguage: "en"])
    }

    func count(_ table: String) async throws -> String {
        try await server.database.owner.queryText("select count(*) from \(table)").first?.first?.flatMap { $0 } ?? ""
    }
}

extension TestAnswer {
    /// One member of each occurrence, in order; an empty text where it is absent.
    func occurrences(_ member: String) -> [String] {
        self["occurrences"]?.elements.map { $0[member]?.text ?? "" } ?? []
    }

    /// The codes of the rules that refused an occurrence, by its start.
    var refusedOccurrences: [String: [String]] {
        var refused: [String: [String]] = [:]
        for occurrence in self["occurrences"]?.elements ?? [] where occurrence["verdict"] == "refused" {
            refused[occurrence["start"]?.text ?? ""] = occurrence["rules"]?.elements.compactMap { $0["code"]?.text }
        }
        return refused
    }
}
