import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("What a search says must be brought, and how it goes on")
struct SearchRequirementTests {
    private static let period = #""period": {"start": "2027-06-01T09:00:00Z", "end": "2027-06-01T12:00:00Z"}"#

    @Test(arguments: ["", ", \(period)"])
    func `a hall that needs a licence is not simply allowed, and says what to bring`(period: String) async throws {
        try await withDesk { desk in
            try await Self.know(desk, "forkliftLicence", #""name": "Cariste", "holder": "person""#)
            try await Self.know(desk, "insurance", #""name": "Assurance", "holder": "organisation""#)
            let driver = #"{"holder": "driver", "attestation": "forkliftLicence", "note": "l'original"}"#
            try await Self.require(desk, #"\#(driver), {"holder": "company", "attestation": "insurance"}"#)
            let without = try await Self.first(desk, #""kind": "platform"\#(period)"#)
            #expect(without["verdict"] == "deny", "what the company itself lacks stands against it: \(without)")
            let insured = try await desk.server.send(
                .post, "/v1/attestations", key: desk.network.companyKey,
                json: #"{"holderId": "\#(desk.network.company)", "type": "insurance", "issuer": "Fictif", "issuedOn": "2026-01-01"}"#)
            #expect(insured.status == .created, "\(insured.body)")
            let result = try await Self.first(desk, #""kind": "platform", "onlyUsable": true\#(period)"#)
            #expect(result["verdict"] == "conditional", "\(result)")
            #expect(
                result["requires"]
                    == TestJSON(
                        """
                        [{"kind": "attestation", "of": "\(desk.network.platform)", "holder": "driver", "attestation": "forkliftLicence",
                          "name": "Cariste", "proof": "atBooking", "note": "l'original"},
                         {"kind": "attestation", "of": "\(desk.network.platform)", "holder": "company", "attestation": "insurance",
                          "name": "Assurance", "proof": "atBooking", "isHeld": true}]
                        """), "\(result)")
            let rule = try #require(result["rules"]?.elements.first)
            #expect(rule["code"] == "holderNotNamed" && rule["verdict"] == "conditional" && result["rules"]?.elements.count == 1)
        }
    }

    @Test func `each participant who is asked for something is counted, and one where nobody says who comes`() async throws {
        try await withDesk { desk in
            try await Self.know(desk, "safetyBriefing", #""name": "Accueil", "holder": "person", "proof": "atUse""#)
            try await Self.require(desk, #"{"holder": "participant", "attestation": "safetyBriefing"}"#)
            let one = try await Self.first(desk, #""kind": "platform""#)
            #expect(one["verdict"] == "conditional" && one["rules"]?.elements.first?["facts"]?["needed"] == 1, "\(one)")
            let four = try await Self.first(desk, #""kind": "platform", "audiences": [{"audience": "jobSeeker", "headCount": 4}]"#)
            #expect(four["rules"]?.elements.first?["facts"]?["needed"] == 4 && four["requires"]?.elements.first?["proof"] == "atUse")
        }
    }

    @Test func `what the network does not know is shown and allowed, and a supervision that must be is told`() async throws {
        try await withDesk { desk in
            try await Self.require(desk, #"{"holder": "driver", "attestation": "unheardOf"}"#)
            let shown = try await Self.first(desk, #""kind": "platform""#)
            #expect(shown["verdict"] == "allow" && shown["requires"]?.elements.first?["attestation"] == "unheardOf", "\(shown)")
            let changed = try await desk.server.send(
                .patch, "/v1/platforms/\(desk.network.platform)", key: desk.network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"supervision": ["centreInstructor", "habilitatedTrainer"]}"#)
            #expect(changed.status == .ok)
            let supervised = try await Self.first(desk, #""kind": "platform", \#(Self.period)"#)
            #expect(supervised["verdict"] == "conditional", "\(supervised)")
            let modes = supervised["requires"]?.elements.first
            #expect(modes == .object(["kind": "supervision", "supervision": .array(["centreInstructor", "habilitatedTrainer"])]))
            #expect(supervised["rules"]?.elements.compactMap { $0["code"]?.text } == ["supervisionNotOffered"])
        }
    }

    @Test func `equipment is found by its model and its mark, as they are now`() async throws {
        try await withDesk { desk in
            let owner = desk.server.database.owner
            let models = try await owner.queryText("select model_id from inventory.asset where id = $1", ["\(desk.network.units[0])"])
            let model = try #require(models.first?.first ?? nil)
            #expect(try await Self.ids(desk, #""modelId": "\#(model)""#) == Set(desk.network.units.map { "\($0)" }))
            #expect(try await Self.ids(desk, #""modelId": "01a031f3-2a54-7000-83cb-c20d0f8a7abf""#) == [])
            #expect(try await Self.ids(desk, #""isAdvancedTechnology": true"#) == [])
            let marked = try await desk.server.send(
                .patch, "/v1/equipment/\(desk.network.units[1])", key: desk.network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"isAdvancedTechnology": true}"#)
            #expect(marked.status == .ok, "\(marked.body)")
            #expect(try await Self.ids(desk, #""isAdvancedTechnology": true, "modelId": "\#(model)""#) == ["\(desk.network.units[1])"])
            let refused = try await Self.search(desk, #""isAdvancedTechnology": false"#)
            #expect(refused["issues", 0, "name"] == "/isAdvancedTechnology", "\(refused.body)")
            let alike = try await owner.queryText(
                "select a.likeness from platforms.resource r cross join bookings.alike(r, 10) a where r.id = $1",
                ["\(desk.network.units[0])"])
            #expect(alike == [["sameModel"]], "a mark makes nothing alike")
        }
    }

    @Test(arguments: [#""text": "fictif""#, #""onlyUsable": true"#, #""near": {"latitude": 50.85, "longitude": 4.35}"#])
    func `pages follow each other to the end, each once`(question: String) async throws {
        try await withDesk { desk in
            let whole = try await Self.search(desk, question)["items"]?.elements.compactMap { $0["resourceId"]?.text } ?? []
            #expect(whole.count == 3)
            var (read, cursor) = ([String](), "")
            for page in 1...3 {
                let found = try await Self.search(desk, #"\#(question), "limit": 1\#(cursor)"#)
                read += found["items"]?.elements.compactMap { $0["resourceId"]?.text } ?? []
                #expect((found["next"] != nil) == (page < 3) && (found["hasMore"] == true) == (page < 3), "\(found.body)")
                cursor = found["next"]?.text.map { #", "cursor": "\#($0)""# } ?? cursor
            }
            #expect(read == whole)
            #expect(try await Self.search(desk, #"\#(question), "limit": 50\#(cursor)"#)["items"]?.elements.count == 1, "limit may differ")
            let others = [#""text": "robot"\#(cursor)"#, #"\#(question), "workstations": 2\#(cursor)"#, #"\#(question), "cursor": "AAAA""#]
            for other in others {
                #expect(try await Self.search(desk, other).problem == "cursorInvalid", "\(other)")
            }
        }
    }

    private static func know(_ desk: BookingDesk, _ code: String, _ members: String) async throws {
        let set = try await desk.server.send(
            .put, "/v1/attestation-types/\(code)", key: desk.network.networkKey, json: "{\(members)}")
        #expect(set.status == .ok, "\(set.body)")
    }

    private static func require(_ desk: BookingDesk, _ prerequisites: String) async throws {
        let asked = try await desk.server.send(
            .put, "/v1/resources/\(desk.network.platform)/prerequisites", key: desk.network.managerKey, headers: [.ifMatch: "*"],
            json: #"{"prerequisites": [\#(prerequisites)]}"#)
        #expect(asked.status == .ok, "\(asked.body)")
    }

    private static func search(_ desk: BookingDesk, _ members: String) async throws -> TestAnswer {
        try await desk.server.send(
            .post, "/v1/resource-searches", key: desk.network.companyKey, headers: [.acceptLanguage: "en"], json: "{\(members)}")
    }

    private static func ids(_ desk: BookingDesk, _ members: String) async throws -> Set<String> {
        Set(try await search(desk, members)["items"]?.elements.compactMap { $0["resourceId"]?.text } ?? [])
    }

    private static func first(_ desk: BookingDesk, _ members: String) async throws -> TestJSON {
        let found = try await search(desk, members)
        return try #require(found["items"]?.elements.first, "\(found.body)")
    }
}
