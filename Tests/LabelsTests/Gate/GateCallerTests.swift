import HTTPEdge
import Labels
import Testing

/// Who asks: a labelled centre, a lapsed one, the network, a member, a stranger; for shared, local and the network's own resources.
@Suite struct GateCallerTests {
    private static let slot = (from: "2030-06-03 09:00", to: "2030-06-03 17:00")

    @Test func `a local resource is its own centre's, whatever else is right`() async throws {
        try await withLabelledOwner { network in
            try await network.join(network.trainer, from: "2020-01-01")
            let answer = try await network.gate(isShared: false, from: Self.slot.from, to: Self.slot.to, by: network.trainer)
            #expect(answer.verdict == "deny")
            #expect(answer["visibility"]?.code == "resourceLocal")
            #expect(answer["ownerLabel"]?.verdict == "allow")
        }
    }

    @Test func `two labels give a centre direct access, without membership or audiences`() async throws {
        try await withLabelledOwner { network in
            try await network.decide("grant", from: "2029-01-01", to: "2031-12-31", recordedAt: "2029-01-01Z", centre: 2)
            let answer = try await network.gate(
                from: Self.slot.from, to: Self.slot.to, by: network.centreOrganisations[2], audiences: [("teacher", 3)])
            #expect(
                answer.lines == ["visibility allow resourceShared", "ownerLabel allow labelled", "callerLabel allow labelled"])
            #expect(answer.verdict == "allow")
        }
    }

    @Test func `a labelled centre needs the owner's label too`() async throws {
        try await withLabelFixture { network in
            try await network.decide("grant", from: "2029-01-01", to: "2031-12-31", recordedAt: "2029-01-01Z", centre: 2)
            let answer = try await network.gate(from: Self.slot.from, to: Self.slot.to, by: network.centreOrganisations[2])
            #expect(answer.lines == ["visibility allow resourceShared", "ownerLabel deny labelNone", "callerLabel allow labelled"])
        }
    }

    @Test func `a centre without a label falls back to membership and audiences`() async throws {
        try await withLabelledOwner { network in
            let caller = network.centreOrganisations[2]
            let refused = try await network.gate(from: Self.slot.from, to: Self.slot.to, by: caller)
            #expect(
                refused.lines.suffix(3) == [
                    "callerLabel notApplicable labelNone", "membership deny membershipRequired", "audience allow audienceTargeted",
                ])
            try await network.join(caller, from: "2020-01-01")
            let allowed = try await network.gate(from: Self.slot.from, to: Self.slot.to, by: caller)
            #expect(allowed.verdict == "allow")
        }
    }

    @Test func `a label that lapses with a renewal pending gives conditional direct access`() async throws {
        try await withLabelledOwner { network in
            try await network.decide("grant", from: "2027-01-01", to: "2029-12-31", recordedAt: "2027-01-01Z", centre: 2)
            try await network.apply(network.identifier(centre: 2), on: "2029-10-01", recordedAt: "2029-10-01Z", centre: 2)
            let answer = try await network.gate(from: Self.slot.from, to: Self.slot.to, by: network.centreOrganisations[2])
            #expect(answer.verdict == "conditional")
            #expect(answer["callerLabel"]?.code == "labelPending")
        }
    }

    @Test func `the network's own resources are for labelled centres and for nobody else`() async throws {
        try await withLabelFixture { network in
            try await network.decide("grant", from: "2029-01-01", to: "2031-12-31", recordedAt: "2029-01-01Z", centre: 2)
            try await network.join(network.trainer, from: "2020-01-01")
            let centre = try await network.gate(owner: 0, from: Self.slot.from, to: Self.slot.to, by: network.centreOrganisations[2])
            #expect(centre.verdict == "allow")
            #expect(centre.lines.contains("ownerLabel notApplicable networkResource"))
            let lapsed = try await network.gate(owner: 0, from: Self.slot.from, to: Self.slot.to, by: network.centreOrganisations[1])
            #expect(lapsed.verdict == "deny")
            #expect(lapsed.lines.suffix(2) == ["callerLabel deny labelNone", "networkResource deny networkResourceNeedsLabel"])
            let trainer = try await network.gate(owner: 0, from: Self.slot.from, to: Self.slot.to, by: network.trainer)
            #expect(trainer.verdict == "deny")
            #expect(trainer.lines.last == "networkResource deny networkResourceNeedsLabel")
        }
    }

    @Test func `the network reaches every shared resource of a labelled centre`() async throws {
        try await withLabelledOwner { network in
            let answer = try await network.gate(from: Self.slot.from, to: Self.slot.to, by: network.centreOrganisations[0])
            #expect(answer.verdict == "allow")
            #expect(answer["callerLabel"]?.code == "networkResource")
        }
    }

    // MARK: Membership

    @Test(
        arguments: [
            ("2030-06-03", "2030-06-04", "allow"), ("2030-06-03", "2030-06-03", "deny"), ("2030-06-04", nil, "deny"),
            ("2020-01-01", nil, "allow"), ("2020-01-01", "2029-12-31", "deny"),
        ] as [(String, String?, String)])
    func `membership covers each day of the slot`(from: String, to: String?, verdict: String) async throws {
        try await withLabelledOwner { network in
            try await network.join(network.trainer, from: from, to: to)
            let answer = try await network.gate(from: "2030-06-03 09:00", to: "2030-06-04 12:00", by: network.trainer)
            #expect(answer.verdict == verdict)
            #expect(answer["membership"]?.verdict == verdict)
        }
    }

    @Test func `one membership may follow another inside the slot`() async throws {
        try await withLabelledOwner { network in
            try await network.join(network.trainer, from: "2030-01-01", to: "2030-06-03")
            try await network.join(network.trainer, from: "2030-06-04", to: "2030-12-31")
            let answer = try await network.gate(from: "2030-06-03 09:00", to: "2030-06-04 12:00", by: network.trainer)
            #expect(answer.verdict == "allow")
        }
    }

    @Test func `a stranger is refused for want of membership`() async throws {
        try await withLabelledOwner { network in
            let answer = try await network.gate(from: Self.slot.from, to: Self.slot.to, by: network.trainer)
            #expect(answer.verdict == "deny")
            #expect(answer["membership"]?.code == "membershipRequired")
        }
    }

    // MARK: Audiences

    @Test(
        arguments: [
            ([("jobSeeker", 5)], "allow"), ([("jobSeeker", 5), ("worker", 1)], "allow"), ([("teacher", 1)], "deny"),
            ([("jobSeeker", 5), ("teacher", 0)], "allow"), ([("jobSeeker", 5), ("teacher", 2)], "deny"), ([], "allow"),
        ] as [([(String, Int)], String)])
    func `every audience with a head is targeted`(audiences: [(String, Int)], verdict: String) async throws {
        try await withLabelledOwner { network in
            try await network.join(network.trainer, from: "2020-01-01")
            let answer = try await network.gate(from: Self.slot.from, to: Self.slot.to, by: network.trainer, audiences: audiences)
            #expect(answer.verdict == verdict)
            #expect(answer.fileNumber == 1)
            if verdict == "deny" { #expect(answer["audience"]?.facts["missing"] == .array([.string("teacher")])) }
        }
    }

    @Test func `a file that changes inside the slot is read day by day`() async throws {
        try await withLabelledOwner { network in
            try await network.join(network.trainer, from: "2020-01-01")
            try await network.file(["worker"], from: "2030-06-04")
            let before = try await network.gate(from: "2030-06-03 09:00", to: "2030-06-03 17:00", by: network.trainer)
            #expect(before.verdict == "allow")
            let across = try await network.gate(from: "2030-06-03 09:00", to: "2030-06-04 12:00", by: network.trainer)
            #expect(across.verdict == "deny")
            #expect(across["audience"]?.facts["day"] == .string("2030-06-04"))
            #expect(across["audience"]?.facts["fileNumber"] == .integer(2))
            let both = try await network.gate(
                from: "2030-06-03 09:00", to: "2030-06-04 12:00", by: network.trainer, audiences: [("worker", 2)])
            #expect(both.verdict == "allow")
        }
    }

    @Test func `without a file in force no audience is targeted`() async throws {
        try await withLabelFixture { network in
            try await network.decide("grant", from: "2029-01-01", to: "2031-12-31", recordedAt: "2029-01-01Z")
            try await network.join(network.trainer, from: "2020-01-01")
            let answer = try await network.gate(from: Self.slot.from, to: Self.slot.to, by: network.trainer)
            #expect(answer.verdict == "deny")
            #expect(answer["audience"]?.code == "audienceNotTargeted")
        }
    }

    /// Centre 1 is labelled and its file targets job seekers and workers.
    private func withLabelledOwner(_ body: @Sendable (LabelFixture) async throws -> Void) async throws {
        try await withLabelFixture { network in
            try await network.decide("grant", from: "2029-01-01", to: "2031-12-31", recordedAt: "2029-01-01Z")
            try await network.file(["jobSeeker", "worker"], from: "2020-01-01")
            try await body(network)
        }
    }
}
