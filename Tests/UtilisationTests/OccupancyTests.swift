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
    func `an outage takes bookable time from the heat map as from the report, and from no other hour`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let outage = try await server.send(
                .post, "/v1/resources/\(network.platform)/outages", key: network.managerKey,
                json: """
                    {"cause": "maintenance", "start": "2027-06-02T08:00:00+02:00", "end": "2027-06-02T10:30:00+02:00", "reason": "Révision"}
                    """)
            #expect(outage.status == .created, "\(outage.body)")
            let booked = try await server.send(
                .post, "/v1/bookings", key: network.companyKey,
                json: """
                    {"activity": "demonstration", "audiences": [], "lines": [
                      {"resourceId": "\(network.platform)", "seats": 3,
                       "start": "2027-06-02T10:30:00+02:00", "end": "2027-06-02T11:00:00+02:00"}
                    ]}
                    """)
            #expect(booked.status == .created, "\(booked.body)")
            let period = "from=2027-06-02&to=2027-06-02"
            let centre = "/v1/centres/\(network.centre)"
            let heat = try await server.send(
                .get, "\(centre)/utilisation-heat-map?\(period)&resourceId=\(network.platform)", key: network.managerKey)
            let cells = heat["heatMap", "cells"]?.elements ?? []
            func cell(_ hour: Double) -> TestJSON? { cells.first { $0["hour"] == .number(hour) } }
            #expect(cells.count == 24 && cell(8)?["openMinutes"] == 720 && cell(8)?["bookableMinutes"] == 0, "\(heat.body)")
            #expect(cell(8)?["share"] == nil && cell(7)?["bookableMinutes"] == 720)
            #expect(cell(10)?["bookableMinutes"] == 360 && cell(10)?["bookedMinutes"] == 90, "\(heat.body)")
            #expect(cell(10)?["share"]?.number == 0.25)
            let report = try await server.send(.get, "\(centre)/utilisation?\(period)", key: network.managerKey)
            let platform = report["resources"]?.elements.first { $0["kind"] == "platform" }
            let bookable = cells.compactMap { $0["bookableMinutes"]?.number }.reduce(0, +)
            #expect(platform?["bookableMinutes"]?.number == bookable, "\(report.body)")
            // Of the whole centre: its two machines stand in no platform, and items of a stock are no workstations.
            let stock = try await server.send(
                .post, "\(centre)/stocks", key: network.managerKey,
                json: """
                    {"siteId": "\(network.site)", "name": "Casques", "amount": 40, "visibility": "shared"}
                    """)
            #expect(stock.status == .created, "\(stock.body)")
            let whole = try await server.send(.get, "\(centre)/utilisation-heat-map?\(period)", key: network.managerKey)
            let eight = whole["heatMap", "cells"]?.elements.first { $0["hour"] == 8 }
            #expect(eight?["openMinutes"] == 840 && eight?["bookableMinutes"] == 120, "\(whole.body)")
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
            let years = try await server.send(.get, "\(path)?from=2020-01-01&to=2029-12-31", key: network.managerKey)
            #expect(years.status == .ok, "\(years.body)")
            let tooLong = try await server.send(.get, "\(path)?from=2017-01-01&to=2028-06-01", key: network.managerKey)
            #expect(tooLong.status == .badRequest)
            let asKnown = try await server.send(
                .get, "\(path)?from=2020-01-01&to=2021-06-01&knownAt=2026-01-01T00:00:00Z", key: network.managerKey)
            #expect(asKnown.status == .badRequest && asKnown["issues", 0, "name"] == "to", "\(asKnown.body)")
        }
    }
}
