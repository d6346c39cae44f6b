import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("What a booking must prove")
struct ProofRuleTests {
    @Test func `what the network does not know is only shown`() async throws {
        try await withAttestations { desk in
            let shown = try await desk.require(#"{"holder": "driver", "attestation": "unknownThing", "note": "Original"}"#)
            #expect(shown["prerequisites", 0, "note"] == "Original" && shown["prerequisites", 0, "proof"] == nil)
            #expect(try await desk.book().status == .created)
        }
    }

    @Test func `each participant needs one, those who accompany do not`() async throws {
        try await withAttestations { desk in
            _ = try await desk.type("vcaBasic")
            _ = try await desk.require(#"{"holder": "participant", "attestation": "vcaBasic"}"#)
            let first = try await desk.person("P-1")
            let second = try await desk.person("P-2")
            for person in [first, second] { _ = try await desk.attest(person, type: "vcaBasic") }
            let heads = #""audiences": [{"audience": "worker", "headCount": 2}], "accompanying": 1, "#
            let one = try await desk.book(heads + AttestationDesk.named("participant", first))
            #expect(one.codes == ["holderNotNamed"] && one["rules", 0, "facts", "needed"] == 2, "\(one.body)")
            #expect(try await desk.book(heads + AttestationDesk.named("participant", first, second)).status == .created)
            let few = try await desk.book(heads + AttestationDesk.named("participant", first), day: "2027-05-05", line: #", "persons": 1"#)
            #expect(few.status == .created, "only one of them comes to this line: \(few.body)")
        }
    }

    @Test func `a wider type covers a lesser one, and what a company holds is looked up by itself`() async throws {
        try await withAttestations { desk in
            _ = try await desk.type("ba4")
            _ = try await desk.type("ba5", #", "covers": ["ba4"]"#)
            let insured = try await desk.server.send(
                .put, "/v1/attestation-types/insured", key: desk.network.networkKey, json: #"{"name": "Assurée", "holder": "organisation"}"#
            )
            #expect(insured.status == .ok, "\(insured.body)")
            _ = try await desk.require(
                #"{"holder": "driver", "attestation": "ba4"}, {"holder": "company", "attestation": "insured"}"#)
            let driver = try await desk.person("C-1")
            _ = try await desk.attest(driver, type: "ba5")
            let named = AttestationDesk.named("driver", driver)
            #expect(try await desk.book(named).codes == ["attestationMissing"])
            let recorded = try await desk.server.send(
                .post, "/v1/attestations", key: desk.network.companyKey,
                json: """
                    {"organisationId": "\(desk.network.company)", "type": "insured", "issuer": "Fictif", "issuedOn": "2027-01-01"}
                    """)
            #expect(recorded.status == .created && recorded["organisationId"]?.text == "\(desk.network.company)", "\(recorded.body)")
            #expect(try await desk.book(named).status == .created)
            #expect(try await desk.withdraw(recorded.id, key: desk.network.companyKey).status == .ok)
            #expect(try await desk.book(named, day: "2027-05-05").codes == ["attestationWithdrawn"])
        }
    }

    @Test func `what a hall asks for, its parts ask for too`() async throws {
        try await withAttestations { desk in
            _ = try await desk.type()
            _ = try await desk.require(#"{"holder": "driver", "attestation": "forkliftLicence"}"#)
            let bench = try await desk.server.send(
                .post, "/v1/platforms/\(desk.network.platform)/workstations", key: desk.network.managerKey, json: #"{"name": "Bench"}"#)
            let id = try #require(ResourceID(bench.id))
            #expect(try await desk.book(resource: id).codes == ["holderNotNamed"])
            let shown = try await desk.server.send(.get, "/v1/resources/\(id)/prerequisites", key: desk.network.companyKey)
            #expect(shown["prerequisites", 0, "of"]?.text == "\(desk.network.platform)")
        }
    }

    @Test func `staff sets a missing proof aside with a reason, for check-in too, but not one that was withdrawn`() async throws {
        try await withAttestations { desk in
            try await desk.setClock(to: "2027-05-04 08:00+00")
            _ = try await desk.type()
            _ = try await desk.require(#"{"holder": "driver", "attestation": "forkliftLicence"}"#)
            let driver = try await desk.person("C-1")
            let aside = """
                "organisationId": "\(desk.network.company)", "override": {"codes": ["attestationMissing"], "reason": "Vu"},
                """
            let booked = try await desk.book(
                aside + AttestationDesk.named("driver", driver), line: #", "seats": 1"#, key: desk.network.managerKey)
            #expect(booked.status == .created, "\(booked.body)")
            let other = try await desk.person("C-2")
            let swapped = try await desk.act(
                booked.id, "change", desk.body(AttestationDesk.named("driver", other), line: #", "seats": 1"#))
            #expect(swapped.codes == ["attestationMissing"], "it was set aside for the other one")
            try await desk.setClock(to: "2027-05-04 09:00+00")
            #expect(try await desk.act(booked.id, "check-in")["state"] == "inUse")
            let withdrawn = try await desk.attest(driver)
            _ = try await desk.withdraw(withdrawn.id, key: desk.network.companyKey)
            let refused = try await desk.book(
                aside.replacing("attestationMissing", with: "attestationExpired") + AttestationDesk.named("driver", driver),
                day: "2027-05-05", key: desk.network.managerKey)
            #expect(refused.codes == ["attestationWithdrawn"], "\(refused.body)")
        }
    }

    @Test func `an id that nobody has, or somebody erased, is refused by name`() async throws {
        try await withAttestations { desk in
            let gone = try await desk.person("C-1")
            let erased = try await desk.server.send(
                .post, "/v1/attestation-holders/\(gone)/erasure", key: desk.network.companyKey, json: "{}")
            #expect(erased["pseudonym"] == nil && erased["erasedAt"] != nil, "\(erased.body)")
            for id in [gone, "01a031f3-2a54-7000-83cb-c20d0f8a7abf"] {
                let refused = try await desk.book(AttestationDesk.named("driver", id))
                #expect(refused.codes == ["holderUnknown"] && refused["rules", 0, "facts", "holderId"]?.text == id, "\(refused.body)")
            }
        }
    }

    @Test func `every occurrence of a series is asked`() async throws {
        try await withAttestations { desk in
            _ = try await desk.type()
            _ = try await desk.require(#"{"holder": "driver", "attestation": "forkliftLicence"}"#)
            let driver = try await desk.person("C-1")
            _ = try await desk.attest(driver, to: "2027-05-11")
            let series = try await desk.server.send(
                .post, "/v1/booking-series", key: desk.network.companyKey,
                json: desk.body(#""rule": "FREQ=WEEKLY;COUNT=3", "mode": "bestEffort", "# + AttestationDesk.named("driver", driver)))
            let outcomes = series["occurrences"]?.elements.compactMap { $0["verdict"]?.text } ?? []
            #expect(outcomes == ["booked", "booked", "refused"], "\(series.body)")
        }
    }
}
