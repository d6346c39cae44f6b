import Labels
import Testing

/// The owner's label, for an outsider who is a member of the network and whose audience is targeted.
@Suite struct GateLabelTests {
    /// What leads to a status on 2030-06-03, and what the gate makes of it.
    struct Situation: Sendable, CustomTestStringConvertible {
        let status: String
        let verdict: String
        let code: String
        let until: String?
        let facts: @Sendable (LabelFixture) async throws -> Void

        var testDescription: String { status }
    }

    static let situations = [
        Situation(status: "none", verdict: "deny", code: "labelNone", until: nil) { _ in },
        Situation(status: "candidate", verdict: "deny", code: "labelCandidate", until: nil) { network in
            try await network.apply(network.identifier(), on: "2030-01-01", recordedAt: "2030-01-01Z")
        },
        Situation(status: "labelled", verdict: "allow", code: "labelled", until: nil) { network in
            try await network.decide("grant", from: "2029-01-01", to: "2031-12-31", recordedAt: "2029-01-01Z")
        },
        Situation(status: "provisional", verdict: "allow", code: "labelProvisional", until: nil) { network in
            try await network.decide("provisional", from: "2029-01-01", to: "2030-12-31", recordedAt: "2029-01-01Z")
        },
        Situation(status: "lapsedPending", verdict: "conditional", code: "labelPending", until: "2029-12-31") { network in
            try await network.decide("grant", from: "2027-01-01", to: "2029-12-31", recordedAt: "2027-01-01Z")
            try await network.apply(network.identifier(), on: "2029-10-01", recordedAt: "2029-10-01Z")
        },
        Situation(status: "suspended", verdict: "deny", code: "labelSuspended", until: nil) { network in
            try await network.decide("grant", from: "2029-01-01", to: "2031-12-31", recordedAt: "2029-01-01Z")
            try await network.decide("suspend", from: "2030-05-01", recordedAt: "2030-04-01Z")
        },
        Situation(status: "refused", verdict: "deny", code: "labelRefused", until: nil) { network in
            try await network.apply(network.identifier(), on: "2030-01-01", recordedAt: "2030-01-01Z")
            try await network.decide("refuse", from: "2030-03-01", recordedAt: "2030-03-01Z")
        },
        Situation(status: "expired", verdict: "deny", code: "labelExpired", until: nil) { network in
            try await network.decide("grant", from: "2027-01-01", to: "2029-12-31", recordedAt: "2027-01-01Z")
        },
        Situation(status: "withdrawn", verdict: "deny", code: "labelWithdrawn", until: nil) { network in
            try await network.decide("grant", from: "2029-01-01", to: "2031-12-31", recordedAt: "2029-01-01Z")
            try await network.decide("withdraw", from: "2030-05-01", recordedAt: "2030-04-01Z")
        },
        Situation(status: "annulled", verdict: "deny", code: "labelAnnulled", until: nil) { network in
            let grant = try await network.decide("grant", from: "2029-01-01", to: "2031-12-31", recordedAt: "2029-01-01Z")
            try await network.decide("annul", from: "2029-01-01", recordedAt: "2030-04-01Z", supersedes: grant)
        },
    ]

    @Test(arguments: situations)
    func `every status has its verdict`(situation: Situation) async throws {
        try await withOutsider { network in
            try await situation.facts(network)
            #expect(try await network.status(on: "2030-06-03") == situation.status)
            let answer = try await network.gate(from: "2030-06-03 09:00", to: "2030-06-03 17:00", by: network.trainer)
            #expect(answer["ownerLabel"]?.code == situation.code)
            #expect(answer["ownerLabel"]?.verdict == situation.verdict)
            #expect(answer.verdict == situation.verdict)
            #expect(answer.conditionalUntil == situation.until)
            #expect(answer.labelStatus == situation.status)
        }
    }

    @Test(arguments: situations)
    func `a centre uses its own resources whatever its label`(situation: Situation) async throws {
        try await withLabelFixture { network in
            try await situation.facts(network)
            for isShared in [true, false] {
                let answer = try await network.gate(
                    isShared: isShared, from: "2030-06-03 09:00", to: "2030-06-03 17:00", by: network.centreOrganisations[1])
                #expect(answer.lines == ["visibility allow ownResource", "ownerLabel notApplicable ownResource"])
                #expect(answer.verdict == "allow")
            }
        }
    }

    @Test(arguments: [
        ("honour", "allow", "labelEndsInside", "2030-06-03"), ("conditional", "conditional", "labelEndsInside", "2030-06-03"),
        ("refuse", "deny", "labelEndsInside", "2030-06-03"),
    ])
    func `a label that ends inside the slot follows the policy`(
        policy: String, verdict: String, code: String, until: String
    ) async throws {
        try await withOutsider { network in
            try await network.policy(.endsInside, policy)
            try await network.decide("grant", from: "2028-01-01", to: "2030-06-03", recordedAt: "2028-01-01Z")
            let answer = try await network.gate(from: "2030-06-03 09:00", to: "2030-06-04 17:00", by: network.trainer)
            #expect(answer.verdict == verdict)
            #expect(answer["ownerLabel"]?.code == code)
            #expect(answer.conditionalUntil == until)
        }
    }

    @Test(arguments: [("2030-06-04 00:00", "allow"), ("2030-06-04 00:15", "conditional")])
    func `case 6: a booking across midnight of the last label day in Brussels`(end: String, verdict: String) async throws {
        try await withOutsider { network in
            try await network.decide("grant", from: "2028-01-01", to: "2030-06-03", recordedAt: "2028-01-01Z")
            let answer = try await network.gate(from: "2030-06-03 22:00", to: end, by: network.trainer)
            #expect(answer.verdict == verdict)
        }
    }

    @Test func `a suspension that begins inside the slot denies it`() async throws {
        try await withOutsider { network in
            try await network.decide("grant", from: "2028-01-01", to: "2030-12-31", recordedAt: "2028-01-01Z")
            try await network.decide("suspend", from: "2030-06-04", recordedAt: "2030-05-01Z")
            let answer = try await network.gate(from: "2030-06-03 09:00", to: "2030-06-04 17:00", by: network.trainer)
            #expect(answer.verdict == "deny")
            #expect(answer["ownerLabel"]?.code == "labelSuspended")
        }
    }

    @Test func `a slot over two terms that follow each other is covered`() async throws {
        try await withOutsider { network in
            try await network.decide("grant", from: "2028-01-01", to: "2030-06-03", recordedAt: "2028-01-01Z")
            try await network.decide("grant", from: "2030-06-04", to: "2033-06-03", recordedAt: "2030-01-01Z")
            let answer = try await network.gate(from: "2030-06-03 09:00", to: "2030-06-04 17:00", by: network.trainer)
            #expect(answer.verdict == "allow")
        }
    }

    @Test(arguments: [
        (100, "allow", "labelProvisional"), (183, "allow", "labelProvisional"),
        (185, "conditional", "labelProvisionalBeyondHorizon"),
    ])
    func `a provisional label without an end confirms up to the horizon`(days: Int, verdict: String, code: String) async throws {
        try await withOutsider { network in
            try await network.decide("provisional", from: "2020-01-01", recordedAt: "2020-11-12Z")
            let day = try await network.run("select ((now() at time zone 'UTC')::date + $1::integer)::text", ["\(days)"])[0][0] ?? ""
            let answer = try await network.gate(from: "\(day) 09:00", to: "\(day) 17:00", by: network.trainer)
            #expect(answer.verdict == verdict)
            #expect(answer["ownerLabel"]?.code == code)
        }
    }

    @Test func `a slot after a provisional term stays conditional, for the authority has yet to decide`() async throws {
        try await withOutsider { network in
            try await network.decide("provisional", from: "2028-01-01", to: "2029-12-31", recordedAt: "2028-01-01Z")
            let answer = try await network.gate(from: "2030-06-03 09:00", to: "2030-06-03 17:00", by: network.trainer)
            #expect(answer.verdict == "conditional")
            #expect(answer["ownerLabel"]?.code == "labelPending")
            #expect(answer.conditionalUntil == "2029-12-31")
        }
    }

    /// With a member of the network and a file that targets its audience.
    private func withOutsider(_ body: @Sendable (LabelFixture) async throws -> Void) async throws {
        try await withLabelFixture { network in
            try await network.join(network.trainer, from: "2020-01-01")
            try await network.file(["jobSeeker", "worker"], from: "2020-01-01")
            try await body(network)
        }
    }
}
