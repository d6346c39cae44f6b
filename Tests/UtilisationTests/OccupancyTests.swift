import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Occupancy of a centre's resources")
struct OccupancyTests {
    @Test
    func `booked and bookable minutes are those of the rows; idle resources stand with 0`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database, cleanupMinutes: 30)
            // Two days of 24 hours: 2 × 1,440 minutes × 12 workstations can be booked.
            let booked = try await server.send(
                .post, "/v1/bookings", key: network.companyKey,
                json: """
                    {"activity": "demonstration", "audiences": [], "lines": [
                      {"resourceId": "\(network.platform)", "seats": 3,
                       "start": "2027-06-01T23:00:00+02:00", "end": "2027-06-02T01:00:00+02:00"}
                    ]}
                    """)
            #expect(booked.status == .created, "\(booked.body)")
            let report = try await server.send(
                .get, "/v1/centres/\(network.centre)/utilisation?from=2027-06-01&to=2027-06-02", key: network.managerKey)
            #expect(report.status == .ok, "\(report.body)")
            let resources = report["resources"]?.elements ?? []
            #expect(resources.count == 3)
            let platform = try #require(resources.first { $0["kind"] == "platform" })
            #expect(platform["bookableMinutes"] == 34_560)
            // Buffers take room but are not use.
            #expect(platform["bookedMinutes"] == 360)
            #expect(platform["bookings"] == 1)
            #expect(platform["occupancy"]?.number == 0.0104)
            let idle = resources.filter { $0["kind"] == "equipment" }
            #expect(idle.allSatisfy { $0["bookedMinutes"] == 0 && $0["occupancy"] == 0 })
            #expect(report["totals", "platforms", "bookedMinutes"] == 360)
            // Each local day has its part of a booking that crosses midnight.
            let firstDay = try await server.send(
                .get, "/v1/centres/\(network.centre)/utilisation?from=2027-06-01&to=2027-06-01", key: network.managerKey)
            #expect(firstDay["totals", "platforms", "bookedMinutes"] == 180)
        }
    }

    @Test
    func `a booking cancelled is no longer counted`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let booked = try await server.send(
                .post, "/v1/bookings", key: network.companyKey,
                json: """
                    {"activity": "demonstration", "audiences": [], "lines": [
                      {"resourceId": "\(network.platform)", "exclusive": true,
                       "start": "2027-06-01T10:00:00+02:00", "end": "2027-06-01T12:00:00+02:00"}
                    ]}
                    """)
            let path = "/v1/centres/\(network.centre)/utilisation?from=2027-06-01&to=2027-06-01"
            #expect(try await server.send(.get, path, key: network.managerKey)["totals", "platforms", "bookedMinutes"] == 1440)
            let id = try #require(booked["id"]?.text)
            let cancelled = try await server.send(
                .post, "/v1/bookings/\(id)/cancellation", key: network.companyKey, headers: [.ifMatch: "\"v1\""], json: "{}")
            #expect(cancelled.status == .ok, "\(cancelled.body)")
            #expect(try await server.send(.get, path, key: network.managerKey)["totals", "platforms", "bookedMinutes"] == 0)
        }
    }

    @Test
    func `a company does not read a centre's figures, and a day range is checked`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let path = "/v1/centres/\(network.centre)/utilisation"
            #expect(try await server.send(.get, "\(path)?from=2027-06-01&to=2027-06-02", key: network.companyKey).status == .forbidden)
            let reversed = try await server.send(.get, "\(path)?from=2027-06-02&to=2027-06-01", key: network.managerKey)
            #expect(reversed.status == .badRequest)
            #expect(reversed["issues", 0, "name"] == "to")
            let tooLong = try await server.send(.get, "\(path)?from=2027-01-01&to=2028-06-01", key: network.managerKey)
            #expect(tooLong.status == .badRequest)
        }
    }
}
