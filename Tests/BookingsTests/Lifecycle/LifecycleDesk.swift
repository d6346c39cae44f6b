import Bookings
import Composition
import HTTPTypes
import Postgres
import TestSupport

extension BookingDesk {
    /// A command about a booking, whatever its version.
    func act(_ id: String, _ command: String, _ json: String = "{}", key: String? = nil, query: String = "") async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/bookings/\(id)/\(command)\(query)", key: key ?? network.companyKey,
            headers: [.acceptLanguage: "en", .ifMatch: "*"], json: json)
    }

    /// Books, or makes a hold with `path`, with more members of the body.
    func make(
        _ more: String = "", at path: String = "/v1/bookings", from start: String, to end: String, seats: Int? = nil,
        resource: String? = nil, key: String? = nil
    ) async throws -> TestAnswer {
        let use = seats.map { #""seats": \#($0)"# } ?? #""exclusive": true"#
        return try await server.send(
            .post, path, key: key ?? network.companyKey, headers: [.acceptLanguage: "en"],
            json: """
                {"activity": "demonstration", \(more)"lines": [{"resourceId": "\(resource ?? "\(network.platform)")", \
                "start": "\(start)", "end": "\(end)", \(use)}]}
                """)
    }

    func terms(_ json: String, of resource: String? = nil) async throws -> TestAnswer {
        try await server.send(
            .put, "/v1/resources/\(resource ?? "\(network.platform)")/booking-terms", key: network.managerKey, headers: [.ifMatch: "*"],
            json: #"{"approvalFor": [], "selfService": false, "freeWorkingDays": 0, "lateFeePercent": 0, "noShowFeePercent": 0}"#
                .merged(with: json))
    }

    func state(_ id: String?) async throws -> String {
        try await server.send(.get, "/v1/bookings/\(id ?? "")", key: network.managerKey)["state"]?.text ?? "none"
    }

    func keepUp() async throws -> String {
        let (ended, offered) = try await server.house.bookings.keepUp()
        return "\(ended) ended, \(offered) offered"
    }

    func ask(_ query: String, _ values: [String?] = []) async throws -> String? {
        try await server.database.owner.queryText(query, values).first?.first ?? nil
    }
}

extension TestAnswer {
    var id: String { self["id"]?.text ?? "" }
}

extension String {
    /// This object with the members of another: those in common are the other's.
    fileprivate func merged(with other: String) -> String {
        let inner = other.dropFirst().dropLast()
        guard !inner.isEmpty else { return self }
        var members = split(separator: ",").map { $0.trimmingPrefix("{") }.map { $0.hasSuffix("}") ? $0.dropLast() : $0 }
        members.removeAll { member in
            guard let name = member.split(separator: ":").first else { return false }
            return inner.contains(name.filter { $0 != " " })
        }
        return "{" + (members.map(String.init) + [String(inner)]).joined(separator: ",") + "}"
    }
}
