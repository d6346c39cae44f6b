import Labels
import Testing

/// Cases of the domain whose doors are built elsewhere, asked of the gate itself.
@Suite struct GateCasesTests {
    private static let slot = (from: "2030-06-03 09:00", to: "2030-06-03 12:00")

    @Test func `case 22, at the gate: who takes a slot that a no-show freed is judged by the label as it is then`() async throws {
        try await withLabelledMember { network in
            #expect(try await network.gate(from: Self.slot.from, to: Self.slot.to, by: network.trainer).verdict == "allow")
            try await network.decide("suspend", from: "2030-06-01", to: "2030-06-30", recordedAt: "2030-05-20Z")
            let later = try await network.gate(from: Self.slot.from, to: Self.slot.to, by: network.trainer)
            #expect(later.verdict == "deny")
            #expect(later["ownerLabel"]?.code == "labelSuspended")
        }
    }

    @Test func `case 23: a sector is added by a new file, without a new label, and only the file's number changes`() async throws {
        try await withLabelledMember { network in
            let before = try await network.periods()
            try await network.file(["jobSeeker"], from: "2030-07-01")
            #expect(try await network.periods() == before)
            let old = try await network.gate(from: Self.slot.from, to: Self.slot.to, by: network.trainer)
            let new = try await network.gate(from: "2030-07-03 09:00", to: "2030-07-03 12:00", by: network.trainer)
            #expect(old.lines == new.lines)
            #expect((old.fileNumber, new.fileNumber) == (1, 2))
            #expect(old["ownerLabel"]?.facts["decisionId"] == new["ownerLabel"]?.facts["decisionId"])
        }
    }

    @Test func `case 24: a centre renamed mid-period keeps its label and its identity`() async throws {
        try await withLabelledMember { network in
            let before = try await network.gate(from: Self.slot.from, to: Self.slot.to, by: network.trainer)
            try await network.run(
                "update centres.centre_name set during = daterange('2000-01-01', '2030-01-01') where centre_id = 1")
            try await network.run(
                "insert into centres.centre_name (centre_id, during, name) values (1, daterange('2030-01-01', null), 'Centre renommé')")
            try await network.derive()
            let after = try await network.gate(from: Self.slot.from, to: Self.slot.to, by: network.trainer)
            #expect(after.rules == before.rules)
            #expect(try await network.status(on: "2029-12-31") == "labelled")
            #expect(try await network.status(on: "2030-01-01") == "labelled")
        }
    }

    @Test func `case 25: of two centres that merge the successor needs a label of its own`() async throws {
        try await withLabelledMember { network in
            // Centre 1 goes into centre 2, which takes its hall over and has no label yet.
            try await network.decide("withdraw", from: "2030-01-01", recordedAt: "2029-12-01Z")
            try await network.file(["jobSeeker"], from: "2030-01-01", centre: 2)
            let former = try await network.gate(from: Self.slot.from, to: Self.slot.to, by: network.trainer)
            #expect(former["ownerLabel"]?.code == "labelWithdrawn")
            let early = try await network.gate(owner: 2, from: Self.slot.from, to: Self.slot.to, by: network.trainer)
            #expect(early.verdict == "deny")
            #expect(early["ownerLabel"]?.code == "labelNone")
            try await network.decide("grant", from: "2030-01-01", to: "2032-12-31", recordedAt: "2030-02-01Z", centre: 2)
            #expect(try await network.gate(owner: 2, from: Self.slot.from, to: Self.slot.to, by: network.trainer).verdict == "allow")
        }
    }
}

/// A labelled centre whose file targets job seekers, and a training organisation that is a member.
private func withLabelledMember(_ body: @escaping @Sendable (LabelFixture) async throws -> Void) async throws {
    try await withLabelFixture { network in
        try await network.decide("grant", from: "2029-01-01", to: "2031-12-31", recordedAt: "2029-01-01Z")
        try await network.file(["jobSeeker"], from: "2029-01-01")
        try await network.join(network.trainer, from: "2020-01-01")
        try await body(network)
    }
}
