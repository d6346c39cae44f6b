import HTTPTypes
import TestSupport
import Testing

@Suite("Participations")
struct ParticipationTests {
    @Test func `case 27: one person who comes twice is two participations, and one person`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let person = try await server.send(
                .post, "/v1/attestation-holders", key: desk.network.companyKey, json: #"{"pseudonym": "P-1"}"#)
            let id = try #require(person["id"]?.text, "\(person.body)")
            var holders: [String?] = []
            for day in ["2027-03-23", "2027-03-25"] {
                let line = Desk.line(desk.network.platform, "\(day)T09:00:00Z", "\(day)T12:00:00Z", seats: 1)
                let booked = try await server.send(
                    .post, "/v1/bookings", key: desk.network.companyKey,
                    json: """
                        {"activity": "catalogueTraining", "audiences": [{"audience": "worker", "headCount": 1}],
                         "holders": [{"role": "participant", "holderId": "\(id)"}], "lines": [\(line)]}
                        """)
                #expect(booked.status == .created, "\(booked.body)")
                let read = try await server.send(.get, "/v1/bookings/\(booked["id"]?.text ?? "")", key: desk.network.companyKey)
                holders += read["holders"]?.elements.map { $0["holderId"]?.text } ?? []
            }
            let report = try await desk.report("2027-03-22", "2027-03-28")
            #expect(report["trainees", "participations"] == 2, "\(report.body)")
            #expect(report["trainees", "hours"] == 6)
            #expect(element(report["trainees", "byAudience"], "audience", "worker")?["participations"] == 2)
            let one = try await desk.report("2027-03-22", "2027-03-23")
            #expect(one["trainees", "participations"] == 1)
            #expect(holders == [id, id], "the same person both times")
            let persons = try await server.send(.get, "/v1/attestation-holders", key: desk.network.companyKey)
            #expect(persons["items"]?.elements.count == 1, "\(persons.body)")
        }
    }
}
