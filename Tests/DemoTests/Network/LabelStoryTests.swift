@testable import Demo
import Kernel
import Testing

struct LabelStoryTests {
    let network: PlannedNetwork

    init() throws {
        network = try DemoPlan.network()
    }

    private func decisions(_ matches: (LabelStory.Decision) -> Bool) -> Int {
        network.centres.flatMap(\.label.decisions).count(where: matches)
    }

    @Test func `the published decisions are those of 2020`() {
        let published = network.centres.flatMap(\.label.decisions).filter { !$0.isFictional }
        #expect(published.count { $0.kind == "grant" && $0.effectiveTo == LocalDay("2024-12-31") } == 19)
        #expect(published.count { $0.kind == "provisional" && $0.effectiveTo == nil } == 5)
        #expect(published.allSatisfy { $0.effectiveFrom == LocalDay("2020-01-01") && $0.decidedOn == LocalDay("2020-11-12") })
        #expect(published.allSatisfy { network.zone.day(of: $0.recordedAt) == LocalDay("2020-11-12") })
    }

    @Test func `eighteen are granted from 2026, three provisional, one refused and two still pending`() {
        let from2026: (LabelStory.Decision) -> Bool = { $0.effectiveFrom >= StoryDay.renewalFrom }
        #expect(decisions { from2026($0) && $0.kind == "grant" } == 18)
        #expect(decisions { from2026($0) && $0.kind == "provisional" } == 3)
        #expect(decisions { from2026($0) && $0.kind == "refuse" } == 1)
        #expect(network.centres.dropFirst().count { !$0.label.decisions.contains(where: from2026) } == 2)
    }

    @Test func `every decision after 2020 is marked as fiction`() {
        #expect(decisions { $0.isFictional && !$0.reference.hasPrefix("FICTIF / FICTIONAL") } == 0)
        #expect(decisions { !$0.isFictional && $0.decidedOn > StoryDay.day(2020, 12, 31) } == 0)
    }

    @Test(arguments: [
        ("TechnoCampus", "2020-06-30", "2020-06-30", LabelStatus.none), ("TechnoCampus", "2020-06-30", "2026-11-23", .labelled),
        ("TechnoCampus", "2025-06-30", "2026-11-23", .labelled), ("TechnoCampus", "2026-02-02", "2026-02-02", .lapsedPending),
        ("TechnoCampus", "2026-02-02", "2026-11-23", .labelled), ("Forem Wallonie Bois", "2026-11-23", "2026-11-23", .lapsedPending),
        ("Forem Tourisme", "2026-11-23", "2026-11-23", .provisional), ("Forem Pigments", "2025-12-31", "2026-11-23", .provisional),
        ("Forem Pigments", "2026-03-31", "2026-11-23", .expired), ("Forem Pigments", "2026-03-31", "2026-03-01", .lapsedPending),
        ("Forem Pigments", "2026-04-01", "2026-11-23", .refused), ("Forem Pigments", "2026-04-01", "2026-03-01", .lapsedPending),
        ("TechnoCampus", "2029-01-01", "2026-11-23", .expired),
    ])
    func `status depends on the day asked and the day it is known`(
        centre: String, day: String, knownOn: String, status: LabelStatus
    ) throws {
        let story = try #require(network.centres.first { $0.name == centre }).label
        let knownAt = network.zone.instant(of: try #require(LocalDay(knownOn)), minute: 720)
        #expect(story.standing(on: try #require(LocalDay(day)), knownAt: knownAt).status == status)
    }

    @Test func `a second version of a file adds a sector and audiences`() throws {
        let files = try #require(network.centres.first { $0.name == "Cefoverre" }).label.files
        #expect(files.map(\.number) == [1, 2])
        #expect(files[1].sectors == ["glass", "paper and cardboard"])
        #expect(!files[0].audiences.contains("student") && files[1].audiences.contains("student"))
    }

    @Test func `TechnoCampus does not target executives, so a refusal can be shown`() throws {
        let story = try #require(network.centres.first { $0.name == "TechnoCampus" }).label
        #expect(story.files[0].audiences.contains("executive") == false)
    }
}
