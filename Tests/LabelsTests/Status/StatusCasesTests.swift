import Labels
import Testing

/// The cases of label life that the domain lists, one test each.
@Suite struct StatusCasesTests {
    @Test func `case 1: a decision of November holds back to January, but only for whoever knows of it`() async throws {
        try await withLabelFixture { network in
            try await network.decide(
                "grant", from: "2020-01-01", to: "2024-12-31", decidedOn: "2020-11-12", recordedAt: "2020-11-12T10:00Z")
            #expect(try await network.status(on: "2020-06-30", knownAt: "2020-06-30T12:00Z") == "none")
            #expect(try await network.status(on: "2020-06-30") == "labelled")
            #expect(try await network.periods(knownAt: "2020-06-30T12:00Z") == [])
            #expect(try await network.periods() == ["2020-01-01/2024-12-31 labelled", "2025-01-01/ expired"])
        }
    }

    @Test func `case 2: one label ends and the next starts the day after without a gap`() async throws {
        try await withLabelFixture { network in
            try await network.decide("grant", from: "2020-01-01", to: "2022-12-31", recordedAt: "2020-01-01Z")
            try await network.decide("grant", from: "2023-01-01", to: "2025-12-31", recordedAt: "2022-11-01Z")
            #expect(
                try await network.periods() == [
                    "2020-01-01/2022-12-31 labelled", "2023-01-01/2025-12-31 labelled", "2026-01-01/ expired",
                ])
            #expect(try await network.status(on: "2022-12-31") == "labelled")
            #expect(try await network.status(on: "2023-01-01") == "labelled")
        }
    }

    @Test func `case 3: a gap that is filled later was a gap for whoever asked before`() async throws {
        try await withLabelFixture { network in
            try await network.decide("grant", from: "2020-01-01", to: "2020-12-31", recordedAt: "2020-01-01Z")
            try await network.decide("grant", from: "2021-07-01", to: "2023-12-31", recordedAt: "2021-07-01Z")
            try await network.decide("extend", from: "2021-01-01", to: "2021-06-30", recordedAt: "2021-09-01Z")
            #expect(try await network.status(on: "2021-03-01", knownAt: "2021-08-01Z") == "expired")
            #expect(try await network.status(on: "2021-03-01") == "labelled")
            #expect(try await network.periods(knownAt: "2021-08-01Z").contains("2021-01-01/2021-06-30 expired"))
        }
    }

    @Test func `case 4: of two decisions that overlap, the one recorded last holds`() async throws {
        try await withLabelFixture { network in
            try await network.decide("grant", from: "2020-01-01", to: "2022-12-31", recordedAt: "2020-01-01Z")
            try await network.decide("provisional", from: "2022-07-01", to: "2023-06-30", recordedAt: "2022-06-01Z")
            #expect(
                try await network.periods() == [
                    "2020-01-01/2022-06-30 labelled", "2022-07-01/2023-06-30 provisional", "2023-07-01/ expired",
                ])
        }
    }

    @Test func `case 5: a provisional label without an end lasts until something ends it`() async throws {
        try await withLabelFixture { network in
            try await network.decide("provisional", from: "2020-01-01", recordedAt: "2020-11-12Z")
            #expect(try await network.status(on: "2039-01-01") == "provisional")
            try await network.decide("refuse", from: "2021-07-01", recordedAt: "2021-06-01Z")
            #expect(try await network.periods() == ["2020-01-01/2021-06-30 provisional", "2021-07-01/ refused"])
            #expect(try await network.status(on: "2039-01-01", knownAt: "2021-05-01Z") == "provisional")
        }
    }

    @Test func `a refusal leaves the running term untouched`() async throws {
        try await withLabelFixture { network in
            try await network.decide("grant", from: "2020-01-01", to: "2022-12-31", recordedAt: "2020-01-01Z")
            try await network.decide("refuse", from: "2023-01-01", decidedOn: "2022-10-01", recordedAt: "2022-10-01Z")
            #expect(try await network.periods() == ["2020-01-01/2022-12-31 labelled", "2023-01-01/ refused"])
        }
    }

    @Test func `a suspension lasts until it is lifted`() async throws {
        try await withLabelFixture { network in
            try await network.decide("grant", from: "2020-01-01", to: "2022-12-31", recordedAt: "2020-01-01Z")
            try await network.decide("suspend", from: "2021-03-01", recordedAt: "2021-02-15Z")
            #expect(try await network.status(on: "2022-06-01") == "suspended")
            try await network.decide("lift", from: "2021-06-01", recordedAt: "2021-05-15Z")
            #expect(
                try await network.periods() == [
                    "2020-01-01/2021-02-28 labelled", "2021-03-01/2021-05-31 suspended", "2021-06-01/2022-12-31 labelled",
                    "2023-01-01/ expired",
                ])
        }
    }

    @Test func `an application keeps a lapsed label pending until it is answered or withdrawn`() async throws {
        try await withLabelFixture { network in
            let application: ApplicationID = network.identifier()
            try await network.decide("grant", from: "2020-01-01", to: "2022-12-31", recordedAt: "2020-01-01Z")
            try await network.apply(application, on: "2022-09-01", recordedAt: "2022-09-01Z")
            #expect(try await network.status(on: "2023-02-01") == "lapsedPending")
            #expect(try await network.status(on: "2022-12-31") == "labelled")
            try await network.apply(application, event: "withdrawn", on: "2023-03-01", recordedAt: "2023-03-01Z")
            #expect(try await network.status(on: "2023-02-28") == "lapsedPending")
            #expect(try await network.status(on: "2023-03-01") == "expired")
        }
    }

    @Test func `a correction supersedes, and the day it corrects reads differently before and after`() async throws {
        try await withLabelFixture { network in
            let wrong = try await network.decide("grant", from: "2020-01-01", to: "2029-12-31", recordedAt: "2020-01-01Z")
            try await network.decide("grant", from: "2020-01-01", to: "2022-12-31", recordedAt: "2020-02-01Z", supersedes: wrong)
            #expect(try await network.status(on: "2025-06-01", knownAt: "2020-01-15Z") == "labelled")
            #expect(try await network.status(on: "2025-06-01") == "expired")
        }
    }

    @Test func `an annulled term is annulled on its own days only`() async throws {
        try await withLabelFixture { network in
            let first = try await network.decide("grant", from: "2020-01-01", to: "2021-12-31", recordedAt: "2020-01-01Z")
            try await network.decide("grant", from: "2022-01-01", to: "2023-12-31", recordedAt: "2021-11-01Z")
            try await network.decide("annul", from: "2020-01-01", recordedAt: "2021-12-01Z", supersedes: first)
            #expect(
                try await network.periods() == [
                    "2020-01-01/2021-12-31 annulled", "2022-01-01/2023-12-31 labelled", "2024-01-01/ expired",
                ])
        }
    }

    @Test(arguments: ["suspend", "withdraw"])
    func `annulling a sanction gives the term back`(sanction: String) async throws {
        try await withLabelFixture { network in
            try await network.decide("grant", from: "2020-01-01", to: "2022-12-31", recordedAt: "2020-01-01Z")
            let taken = try await network.decide(sanction, from: "2021-03-01", recordedAt: "2021-02-15Z")
            #expect(try await network.status(on: "2021-06-01") != "labelled")
            try await network.decide("annul", from: "2021-03-01", recordedAt: "2021-04-01Z", supersedes: taken)
            #expect(try await network.status(on: "2021-06-01") == "labelled")
            #expect(try await network.status(on: "2021-06-01", knownAt: "2021-03-15Z") != "labelled")
        }
    }
}
