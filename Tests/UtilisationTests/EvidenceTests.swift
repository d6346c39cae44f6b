import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Evidence for the renewal of a label")
struct EvidenceTests {
    @Test
    func `each element and mission with its figures, and what is missing`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let bay = "01a1e1a7-4c00-7000-8400-0000000000b1"
            try await desk.sql(
                """
                select platforms.create_platform(
                    1::int2, $1, 'Travée fictive', null, $2, true, 4, 0, 0, 15, 3000, 15, 0, 1000, $3, null, '{metal}')
                """, [bay, "\(desk.network.site)", "\(desk.network.platform)"])
            try await desk.book(
                desk.network.companyKey, "bespokeTraining",
                [Desk.line(desk.network.platform, "2027-06-01T10:00:00+02:00", "2027-06-01T12:00:00+02:00", seats: 2)],
                audiences: #"[{"audience": "worker", "headCount": 5}]"#)
            let answer = try await server.send(
                .get, "\(desk.centrePath)/renewal-evidence?from=2027-01-01&to=2027-12-31", key: desk.network.managerKey)
            #expect(answer.status == .ok, "\(answer.body)")
            #expect(
                answer["elements"]?.elements.map { $0["element"]?.text } == [
                    "economicRoots", "trainingOffer", "resourceCentre", "mixedInvestment",
                ])
            #expect(answer["elements", 0, "figures", "companies"] == 1)
            #expect(answer["elements", 0, "figures", "companyBookedMinutes"] == 240)
            #expect(answer["elements", 2, "figures", "audiencesReached"]?.elements == ["worker"])
            #expect(element(answer["missions"], "mission", "training")?["traineeHours"] == 10)
            let gaps = Set((answer["gaps"]?.elements ?? []).map { "\($0["code"]?.text ?? "") \($0["about"]?.text ?? "")" })
            for gap in [
                "missionWithoutUse technologyWatch", "audienceNotReached student", "actorMissing trainingOrganisation",
                "idleResource \(desk.network.units[0])", "advancedEquipmentMissing \(desk.network.centre)",
            ] {
                #expect(gaps.contains(gap), "\(gap) is not among \(gaps)")
            }
            #expect(!gaps.contains("missionWithoutUse training") && !gaps.contains("actorMissing company"))
            #expect(!gaps.contains("idleResource \(bay)"), "its hall was used")
        }
    }

    @Test
    func `case 26: an allowance that is used up in the middle of a booking is split there`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            try await desk.sql(
                """
                insert into access.agreement (
                    centre_id, id, organisation_id, during, allowance_hours, state, requested_at, requested_by, decided_at, decided_by)
                values (1, '01a1e1a7-4c00-7000-8400-0000000000c1', $1, '[2027-01-01,2028-01-01)', 3, 'approved', now(), $2, now(), $3)
                """,
                [
                    "\(desk.network.company)", "\(try #require(desk.network.keys["company"]))",
                    "\(try #require(desk.network.keys["manager"]))",
                ])
            try await desk.sql("select bookings.count_allowances($1, 1::int2, '[2027-01-01,2028-01-01)')", ["\(desk.network.company)"])
            var second: String?
            for day in ["01", "02"] {
                let answer = try await desk.book(
                    desk.network.companyKey, "demonstration",
                    [Desk.line(desk.network.platform, "2027-06-\(day)T10:00:00+02:00", "2027-06-\(day)T12:00:00+02:00", seats: 1)])
                second = answer["id"]?.text
            }
            let answer = try await server.send(
                .get, "\(desk.centrePath)/renewal-evidence?from=2027-01-01&to=2027-12-31", key: desk.network.managerKey)
            let allowance = answer["elements", 3, "figures", "allowances", 0]
            #expect(allowance?["drawnMinutes"] == 180, "\(answer.body)")
            #expect(allowance?["leftMinutes"] == 0)
            #expect(allowance?["overMinutes"] == 60)
            #expect(allowance?["crossedBy"]?["bookingId"]?.text == second)
            #expect(allowance?["crossedBy"]?["insideMinutes"] == 60)
            #expect(allowance?["crossedBy"]?["overMinutes"] == 60)
        }
    }

    @Test
    func `figures are for those who run the centre and for the network; a sealed report is never changed`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let period = "from=2026-06-01&to=2026-06-02"
            for path in ["utilisation", "utilisation.csv", "utilisation-comparison", "utilisation-heat-map", "demand", "renewal-evidence"] {
                let url = "\(desk.centrePath)/\(path)?\(period)"
                #expect(try await server.send(.get, url, key: desk.network.companyKey).status == .forbidden, "\(path)")
                #expect(try await server.send(.get, url, key: desk.network.networkKey).status == .ok, "\(path)")
            }
            let sealed = try await server.send(
                .post, "\(desk.centrePath)/sealed-reports", key: desk.network.networkKey,
                json: #"{"from": "2026-06-01", "to": "2026-06-02"}"#)
            #expect(sealed.status == .created, "\(sealed.body)")
            let future = try await server.send(
                .post, "\(desk.centrePath)/sealed-reports", key: desk.network.networkKey,
                json: #"{"from": "2026-06-01", "to": "2026-06-02", "knownAt": "2199-01-01T00:00:00Z"}"#)
            #expect(future.status == .badRequest)
            #expect(try await server.send(.get, "/v1/utilisation?\(period)", key: desk.network.managerKey).status == .forbidden)
            for command in ["update utilisation.sealed_report set reason = 'asked'", "delete from utilisation.sealed_report"] {
                await #expect(throws: (any Error).self, "\(command)") { try await desk.sql(command) }
            }
        }
    }
}
