import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Cases of the domain about who holds what")
struct CaseTests {
    private static let driver = #"{"holder": "driver", "attestation": "forkliftLicence"}"#

    @Test func `case 14: a forklift attestation that expires between booking and slot refuses it, with the last free slots before`()
        async throws
    {
        try await withAttestations { desk in
            try await desk.setClock(to: "2027-04-20 09:00+00")
            _ = try await desk.type()
            #expect(try await desk.require(Self.driver)["prerequisites", 0, "proof"] == "atBooking")
            let driver = try await desk.person("C-1")
            #expect(try await desk.attest(driver, to: "2027-05-03").status == .created)
            let refused = try await desk.book(AttestationDesk.named("driver", driver))
            #expect(refused.codes == ["attestationExpired"], "\(refused.body)")
            #expect(refused["rules", 0, "facts", "validUntil"] == "2027-05-03" && refused["rules", 0, "facts", "lastDay"] == "2027-05-04")
            let ends = refused["alternatives"]?.elements.compactMap { $0["end"]?.text } ?? []
            #expect(ends.first == "2027-05-03T12:00:00Z" && ends.count == 3, "\(refused.body)")
            #expect(ends.allSatisfy { $0 <= "2027-05-03T22:00:00Z" }, "none after the last day: \(refused.body)")
            let preview = try await desk.book(AttestationDesk.named("driver", driver), query: "?dryRun=true")
            #expect(preview.codes == ["attestationExpired"], "the dry run says the same")
            let before = try await desk.book(AttestationDesk.named("driver", driver), day: "2027-05-03")
            #expect(before.status == .created && before.flags == [], "on the last day it is still valid: \(before.body)")
            #expect(try await desk.attest(driver, from: "2027-05-04", to: "2032-05-03").status == .created)
            #expect(try await desk.book(AttestationDesk.named("driver", driver)).status == .created, "renewed")
        }
    }

    @Test func `case 14: where a proof may come later the booking is made and flagged, and nothing is handed over without it`() async throws
    {
        try await withAttestations { desk in
            try await desk.setClock(to: "2027-04-20 09:00+00")
            _ = try await desk.type("forkliftLicence", #", "proof": "atUse""#)
            _ = try await desk.require(Self.driver)
            let driver = try await desk.person("C-1")
            _ = try await desk.attest(driver, to: "2027-05-03")
            let booked = try await desk.book(AttestationDesk.named("driver", driver))
            #expect(booked.status == .created && booked["state"] == "confirmed" && booked.flags == ["needsProof"], "\(booked.body)")
            try await desk.setClock(to: "2027-05-04 08:55+00")
            let refused = try await desk.act(booked.id, "check-in")
            #expect(refused.codes == ["attestationExpired"] && refused["rules", 0, "verdict"] == "deny", "\(refused.body)")
            #expect(try await desk.booking(booked.id)["state"] == "confirmed")
            _ = try await desk.attest(driver, from: "2027-05-04")
            #expect(try await desk.booking(booked.id)["flags"]?.elements.isEmpty == true)
            #expect(try await desk.told().suffix(2) == ["attestation.recorded", "booking.proofFound"])
            #expect(try await desk.act(booked.id, "check-in")["state"] == "inUse")
        }
    }

    @Test func `case 14: equipment is not handed out for a booking whose proof is missing`() async throws {
        try await withAttestations { desk in
            try await desk.setClock(to: "2027-04-20 09:00+00")
            _ = try await desk.type("forkliftLicence", #", "proof": "atUse""#)
            let truck = desk.network.units[0]
            try await desk.server.database.owner.execute(script: "update inventory.asset set is_mobile = true, platform_id = null")
            _ = try await desk.require(Self.driver, of: truck)
            let driver = try await desk.person("C-1")
            _ = try await desk.attest(driver, to: "2027-05-03")
            let booked = try await desk.book(AttestationDesk.named("driver", driver), resource: truck)
            #expect(booked.status == .created && booked.flags == ["needsProof"], "\(booked.body)")
            try await desk.setClock(to: "2027-05-04 08:55+00")
            func fetch() async throws -> TestAnswer {
                try await desk.server.send(
                    .post, "/v1/centres/\(desk.network.centre)/custodies", key: desk.network.managerKey,
                    json: """
                        {"takenBy": "Marie (fictif)", "bookingId": "\(booked.id)",
                         "items": [{"equipmentId": "\(truck)", "condition": "good"}]}
                        """)
            }
            let refused = try await fetch()
            #expect(refused.codes == ["attestationExpired"] && refused["rules", 0, "verdict"] == "deny", "\(refused.body)")
            _ = try await desk.attest(driver, from: "2027-05-04")
            #expect(try await fetch().status == .created)
        }
    }

    @Test func `case 15: when a trainer's habilitation is withdrawn, bookings to come are flagged and told, and those past stay`()
        async throws
    {
        try await withAttestations { desk in
            try await desk.setClock(to: "2027-04-20 09:00+00")
            #expect(try await desk.supervise().status == .ok)
            let trainer = try await desk.person("F-7")
            let given = try await desk.attest(trainer, resource: desk.network.platform)
            #expect(given.status == .created, "\(given.body)")
            let supervised = #""supervision": "habilitatedTrainer", "# + AttestationDesk.named("trainer", trainer)
            let past = try await desk.book(supervised, day: "2027-04-21", line: #", "seats": 1"#)
            let next = try await desk.book(supervised, line: #", "seats": 1"#)
            #expect(past.flags == [] && next.flags == [], "\(next.body)")
            try await desk.setClock(to: "2027-05-01 09:00+00")
            #expect(try await desk.withdraw(given.id)["withdrawalReason"] == "fictif")
            #expect(try await desk.booking(next.id)["flags", 0] == "needsProof")
            #expect(try await desk.booking(next.id)["state"] == "confirmed", "nothing is cut silently")
            #expect(try await desk.booking(past.id)["flags"]?.elements.isEmpty == true)
            #expect(try await desk.told().suffix(2) == ["attestation.withdrawn", "booking.proofMissing"])
            #expect(try await desk.book(supervised, day: "2027-05-05").codes == ["attestationWithdrawn"])
            try await desk.setClock(to: "2027-05-04 09:00+00")
            #expect(try await desk.act(next.id, "check-in").codes == ["attestationWithdrawn"])
        }
    }

    @Test func `case 16: a teacher without habilitation is told that an instructor can be added, and books with one`() async throws {
        try await withAttestations { desk in
            _ = try await desk.supervise()
            let teacher = try await desk.person("P-3")
            let alone = try await desk.book(#""supervision": "habilitatedTrainer", "# + AttestationDesk.named("trainer", teacher))
            #expect(alone.codes == ["attestationMissing"] && alone["rules", 0, "rule"] == "habilitation", "\(alone.body)")
            #expect(alone["rules", 0, "facts", "instead"]?.elements.map(\.text) == ["centreInstructor"])
            #expect(alone["rules", 0, "text"]?.text?.contains("with an instructor of the centre") == true, "\(alone.body)")
            let unnamed = try await desk.book(#""supervision": "habilitatedTrainer", "#)
            #expect(unnamed.codes == ["holderNotNamed"])
            let booked = try await desk.book(#""supervision": "centreInstructor", "#)
            #expect(booked.status == .created && booked.flags == [], "\(booked.body)")
            let changed = try await desk.act(
                booked.id, "change", desk.body(#""supervision": "habilitatedTrainer", "# + AttestationDesk.named("trainer", teacher)))
            #expect(changed.codes == ["attestationMissing"], "a change is asked the same")
        }
    }
}
