import HTTPTypes
import Postgres
import TestSupport
import Testing

/// What a decision about one centre does to bookings that depend on two.
@Suite("Labels of several centres")
struct SeveralCentresTests {
    @Test func `a centre whose label is suspended loses for a time what it booked elsewhere`() async throws {
        try await withDesk { desk in
            let neighbour = try await SecondCentre.make(at: desk)
            let id = try await desk.book(on: "2027-03-10", key: neighbour.managerKey)
            #expect(try await desk.standing(id) == "confirmed")
            try await neighbour.decide("suspend", from: "2027-03-01", to: "2027-03-31", at: desk)
            // Two labels count: the follow-up takes both locks.
            #expect(try await desk.followLabels() == 1)
            #expect(try await desk.standing(id) == "suspended")
            try await neighbour.decide("lift", from: "2027-03-01", at: desk)
            #expect(try await desk.followLabels() == 1)
            #expect(try await desk.standing(id) == "confirmed")
        }
    }

    @Test func `a booking over two centres stands only while both labels hold`() async throws {
        try await withDesk { desk in
            let neighbour = try await SecondCentre.make(at: desk)
            let slot = #""start": "2027-03-10T09:00:00Z", "end": "2027-03-10T12:00:00Z", "seats": 2"#
            let made = try await desk.book(
                lines: #"{"resourceId": "\#(desk.network.platform)", \#(slot)}, {"resourceId": "\#(neighbour.platform)", \#(slot)}"#)
            let id = try #require(made["id"]?.text, "\(made.body)")
            try await desk.decide("suspend", from: "2027-03-01", to: "2027-03-31")
            try await neighbour.decide("suspend", from: "2027-03-05", to: "2027-03-15", at: desk)
            _ = try await desk.followLabels()
            #expect(try await desk.standing(id) == "suspended")
            #expect(try await desk.takesRoom(id) == false)
            try await desk.decide("lift", from: "2027-03-01")
            _ = try await desk.followLabels()
            #expect(try await desk.standing(id) == "suspended", "the neighbour's label is suspended still")
            try await neighbour.decide("lift", from: "2027-03-05", at: desk)
            _ = try await desk.followLabels()
            #expect(try await desk.standing(id) == "confirmed")
            let rows = try await desk.server.database.owner.queryText(
                "select count(distinct centre_id)::text from platforms.occupancy where holder_id = $1::uuid", [id])
            #expect(rows == [["2"]])
        }
    }

    @Test func `an attestation that one centre's staff recorded counts at the other, until it is withdrawn`() async throws {
        try await withDesk { desk in
            let neighbour = try await SecondCentre.make(at: desk)
            let (server, network) = (desk.server, desk.network)
            _ = try await server.send(
                .put, "/v1/attestation-types/forkliftLicence", key: network.networkKey, json: #"{"name": "Cariste", "holder": "person"}"#)
            for (hall, key) in [("\(network.platform)", network.managerKey), (neighbour.platform, neighbour.managerKey)] {
                let asked = try await server.send(
                    .put, "/v1/resources/\(hall)/prerequisites", key: key, headers: [.ifMatch: "*"],
                    json: #"{"prerequisites": [{"holder": "driver", "attestation": "forkliftLicence"}]}"#)
                #expect(asked.status == .ok, "\(asked.body)")
            }
            let person = try await server.send(.post, "/v1/attestation-holders", key: network.companyKey, json: #"{"pseudonym": "P-1"}"#)
            func book(on day: String) async throws -> TestAnswer {
                try await server.send(
                    .post, "/v1/bookings", key: network.companyKey, headers: [.acceptLanguage: "en"],
                    json: """
                        {"activity": "demonstration", "holders": [{"role": "driver", "holderId": "\(person.id)"}],
                         "lines": [{"resourceId": "\(neighbour.platform)", "start": "\(day)T09:00:00Z", "end": "\(day)T10:00:00Z"}]}
                        """)
            }
            #expect(try await book(on: "2027-05-04").codes == ["attestationMissing"])
            let given = try await server.send(
                .post, "/v1/attestations", key: network.managerKey,
                json: #"{"holderId": "\#(person.id)", "type": "forkliftLicence", "issuer": "Fictif", "issuedOn": "2026-01-01"}"#)
            #expect(given.status == .created, "by the staff of the first centre: \(given.body)")
            let booked = try await book(on: "2027-05-04")
            #expect(booked.status == .created && booked["flags"]?.elements.isEmpty == true, "at the second: \(booked.body)")
            let withdrawn = try await server.send(
                .post, "/v1/attestations/\(given.id)/withdrawal", key: network.managerKey, json: #"{"reason": "fictif"}"#)
            #expect(withdrawn.status == .ok, "\(withdrawn.body)")
            #expect(try await desk.standing(booked.id) == "confirmed needsProof")
            #expect(try await book(on: "2027-05-05").codes == ["attestationWithdrawn"])
        }
    }

    @Test func `a displaced booking is offered what its own centre has first, then other centres, and moves there`() async throws {
        try await withDesk { desk in
            let neighbour = try await SecondCentre.make(at: desk)
            let owner = desk.server.database.owner
            let small = try await desk.server.send(
                .post, "/v1/centres/\(desk.network.centre)/platforms", key: desk.network.managerKey,
                json: """
                    {"siteId": "\(desk.network.site)", "name": "Petit hall", "visibility": "shared", "workstations": 4,
                     "rules": {"horizonDays": 1000}}
                    """)
            _ = try await owner.queryText("update platforms.platform set skills = '{welding}'", [])
            let id = try await desk.book(on: "2027-05-04", seats: 4)
            let outage = try await desk.server.send(
                .post, "/v1/resources/\(desk.network.platform)/outages", key: desk.network.managerKey,
                json: """
                    {"cause": "maintenance", "start": "2027-05-04T06:00:00Z", "end": "2027-05-04T20:00:00Z", "reason": "Inondation",
                     "displacing": ["\(id)"]}
                    """)
            #expect(outage.status == .created, "\(outage.body)")
            func offered() async throws -> [String] {
                let places = try await desk.server.send(.get, "/v1/bookings/\(id)/other-places", key: desk.network.companyKey)
                return places["items"]?.elements.map { "\($0["resourceId"]?.text ?? "") \($0["reason"]?.text ?? "")" } ?? [places.body]
            }
            #expect(try await offered() == ["\(small.id) sameSkillsSameCentre", "\(neighbour.platform) sameSkillsOtherCentre"])
            #expect(
                try await desk.book(small.id, from: "2027-05-04T09:00:00Z", to: "2027-05-04T12:00:00Z", seats: 1).status == .created)
            #expect(try await offered() == ["\(neighbour.platform) sameSkillsOtherCentre"])
            let moved = try await desk.server.send(
                .post, "/v1/bookings/\(id)/move", key: desk.network.companyKey, headers: [.ifMatch: "*", .acceptLanguage: "en"],
                json: #"{"lines": [{"line": 1, "resourceId": "\#(neighbour.platform)"}]}"#)
            #expect(moved.status == .ok && moved["state"] == "confirmed" && moved["id"]?.text == id, "\(moved.body)")
            #expect(try await desk.takesRoom(id))
        }
    }

    @Test func `a booking that left by itself before its turn is left alone, and the list says so`() async throws {
        try await withDesk { desk in
            let neighbour = try await SecondCentre.make(at: desk)
            let slot = #""start": "2027-03-10T09:00:00Z", "end": "2027-03-10T12:00:00Z", "seats": 2"#
            let made = try await desk.book(
                lines: #"{"resourceId": "\#(desk.network.platform)", \#(slot)}, {"resourceId": "\#(neighbour.platform)", \#(slot)}"#)
            let id = try #require(made["id"]?.text, "\(made.body)")
            let decided = try await desk.decide("suspend", from: "2027-03-01", to: "2027-03-31")
            #expect(decided["touchedBookings"] == 1)
            #expect(decided["effects"] == .array([]), "its turn comes with the follow-up")
            let cancelled = try await desk.server.send(
                .post, "/v1/bookings/\(id)/cancellation", key: desk.network.companyKey, headers: [.ifMatch: "\"v1\""], json: "{}")
            #expect(cancelled.status == .ok)
            #expect(try await desk.followLabels() == 1)
            let decision = try #require(decided["decision", "id"]?.text)
            let list = try await desk.server.send(.get, "/v1/label-decisions/\(decision)/effects", key: desk.network.networkKey)
            #expect(list["items", 0, "planned"] == "suspended")
            #expect(list["items", 0, "outcome"] == "left")
            #expect(try await desk.standing(id) == "cancelledByUser")
        }
    }
}
