import HTTPTypes
import TestSupport
import Testing

/// Codes of sectors carry the version of their list.
@Suite struct SectorTests {
    private static func content(_ version: String, _ code: String, from day: String = "2027-01-01") -> String {
        #"{"effectiveFrom": "\#(day)", "sectorCodes": [{"scheme": "NACE-BEL", "version": "\#(version)", "code": "\#(code)"}]}"#
    }

    @Test func `case 29: a NACE 2008 code sent by a client is refused with what it became, never stored as one of 2025`() async throws {
        try await withFileDesk { desk in
            let file = try await desk.draft()
            let refused = try await desk.change(file, Self.content("2008", "45.20"))
            #expect(refused.status == .unprocessableContent)
            #expect(refused.code == "sectorListOutdated")
            #expect(refused["issues", 0, "name"] == "/sectorCodes/0/code")
            #expect(refused["facts", "currentVersion"] == "2025")
            #expect(refused["facts", "validTo"] == "2024-12-31")
            #expect(refused["facts", "successors"] == .array(["95.31"]))
            #expect(refused["detail"]?.text?.contains("95.31") == true, "\(refused.body)")

            // Nor under the other version's name.
            let disguised = try await desk.change(file, Self.content("2025", "62.010"))
            #expect(disguised.code == "sectorCodeOfOtherList")
            #expect(disguised["facts", "otherVersion"] == "2008")
            #expect(disguised["facts", "successors"] == .array(["62.10"]))
            #expect(try await desk.change(file, Self.content("2025", "45")).code == "sectorCodeUnknown")
            #expect(try await desk.get(file)["sectorCodes"] == .array([]))
        }
    }

    @Test func `a file of days on which the list of 2008 held uses that list, and keeps its version`() async throws {
        try await withFileDesk { desk in
            let file = try await desk.draft()
            let old = try await desk.change(file, Self.content("2008", "4520", from: "2020-01-01"))
            #expect(old["sectorCodes", 0, "version"] == "2008", "\(old.body)")
            #expect(old["sectorCodes", 0, "code"] == "45.20")
            let early = try await desk.change(file, Self.content("2025", "95.31", from: "2020-01-01"))
            #expect(early.code == "sectorListOutdated")
        }
    }

    @Test(arguments: [
        ("2003", "62", "sectorListUnknown"), ("2025", "4", "sectorCodeUnknown"), ("2025", "62.1000", "sectorCodeUnknown"),
        ("2025", "00", "sectorCodeUnknown"), ("2025", "6 2", "sectorCodeUnknown"), ("2008", "62", "sectorListOutdated"),
    ])
    func `what is no code of the list on that day is refused`(version: String, code: String, refusal: String) async throws {
        try await withFileDesk { desk in
            let answer = try await desk.change(try await desk.draft(), Self.content(version, code.replacing(" ", with: "x")))
            #expect(answer.code == refusal, "\(answer.body)")
        }
    }

    @Test func `the words of files are read in one's language`() async throws {
        try await withFileDesk { desk in
            let answer = try await desk.server.send(
                .get, "/v1/label-specification", key: desk.network.companyKey, headers: [.acceptLanguage: "en"])
            #expect(answer["elements"]?.elements.map { $0["code"]?.text } == FileDesk.elements)
            #expect(answer["elements", 2, "criteria", 0, "text"] == "high-performance, modern equipment", "\(answer.body)")
            #expect(answer["sectorLists", 1, "version"] == "2025")
            #expect(answer["evidence", "sizeLimit"] == 5_242_880)
        }
    }
}
