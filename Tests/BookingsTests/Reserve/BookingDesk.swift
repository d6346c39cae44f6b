import HTTPTypes
import Postgres
import TestSupport
import Testing

/// Says what a test wants to book, in a line.
struct BookingDesk {
    let server: TestServer
    let network: TestNetwork

    /// Books one line.
    /// - Parameters:
    ///   - seats: nil asks for the whole platform.
    func book(
        _ resource: String? = nil, from start: String, to end: String, seats: Int? = 1, audience: String? = nil,
        activity: String = "demonstration", key: String? = nil, idempotencyKey: String? = nil, query: String = ""
    ) async throws -> TestAnswer {
        let use = seats.map { #""seats": \#($0)"# } ?? #""exclusive": true"#
        let audiences = audience.map { #"{"audience": "\#($0)", "headCount": 4}"# } ?? ""
        let line = #"{"resourceId": "\#(resource ?? "\(network.platform)")", "start": "\#(start)", "end": "\#(end)", \#(use)}"#
        return try await book(lines: line, audiences: audiences, activity: activity, key: key, idempotencyKey: idempotencyKey, query: query)
    }

    func book(
        lines: String, audiences: String = "", activity: String = "demonstration", key: String? = nil, idempotencyKey: String? = nil,
        query: String = ""
    ) async throws -> TestAnswer {
        var headers: HTTPFields = [.acceptLanguage: "en"]
        if let idempotencyKey { headers[.idempotencyKey] = idempotencyKey }
        return try await server.send(
            .post, "/v1/bookings\(query)", key: key ?? network.companyKey, headers: headers,
            json: #"{"activity": "\#(activity)", "audiences": [\#(audiences)], "lines": [\#(lines)]}"#)
    }

    /// Writes down that a unit is lent to another centre.
    func lend(_ unit: String, to centre: String, _ during: String) async throws {
        _ = try await server.database.owner.queryText(
            """
            insert into maintenance.loan (
                centre_id, id, asset_id, borrower, during, proposed_by_centre, proposed_at, proposed_by, state, decided_at, decided_by)
            values (1, overlay(gen_random_uuid()::text placing '8400' from 20)::uuid, $1::uuid, plateau.centre_of($2::uuid),
                    $3::tstzrange, 1, now(), $4::uuid, 'accepted', now(), $4::uuid)
            """, [unit, centre, during, "\(try #require(network.keys["manager"]))"])
    }
}

extension TestAnswer {
    /// The codes of the rules that a refusal names, in order.
    var codes: [String] { self["rules"]?.elements.compactMap { $0["code"]?.text } ?? [] }

    /// The code of a problem.
    var problem: String? { self["type"]?.text.map { String($0.dropFirst("urn:problem-type:plateau:".count)) } }
}

/// Serves a small network to `body`.
func withDesk<T: Sendable>(
    labelEnd: String = "2099-12-31", cleanupMinutes: Int = 0, _ body: @escaping @Sendable (BookingDesk) async throws -> T
) async throws -> T {
    try await withTestServer { server in
        let network = try await TestNetwork.make(in: server.database, labelEnd: labelEnd, cleanupMinutes: cleanupMinutes)
        return try await body(BookingDesk(server: server, network: network))
    }
}
