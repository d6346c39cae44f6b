import HTTPTypes
import TestSupport
import Testing

/// Versions of the lists of municipalities: data of the network, entered for good.
@Suite struct MunicipalityListTests {
    private typealias Desk = CentreDesk

    @Test func `a list that was entered is never changed: the same again is the same answer, anything else is refused with what differs`()
        async throws
    {
        try await CentreDesk.with { desk in
            let entered = try await desk.enter(Desk.before.version, Desk.before.body)
            #expect(entered.status == .ok, "\(entered.body)")
            #expect(entered["municipalityCount"] == 3)
            let again = try await desk.enter(Desk.before.version, Desk.before.body)
            #expect(again.status == .ok)
            #expect(again.body == entered.body)
            let other = Desk.list(
                from: "2019-01-02",
                #"{"code":"82003","name":"Bastogne-Nord"},{"code":"82009","name":"Fauvillers"},{"code":"82010","name":"X"}"#)
            let refused = try await desk.enter(Desk.before.version, other)
            #expect(refused.status == .conflict)
            #expect(refused.code == "municipalityListEntered")
            let issues = refused["issues"]?.elements ?? []
            #expect(
                Set(issues.map { "\($0["name"]?.text ?? "") \($0["code"]?.text ?? "")" })
                    == ["/validFrom differs", "/municipalities/0 differs", "/municipalities/2 added", "/municipalities left"],
                "\(refused.body)")
            #expect(issues.contains { $0["detail"]?.text?.contains("82005 (Bertogne)") == true }, "\(refused.body)")
            #expect(try await desk.get("/v1/municipality-lists/NIS/2019-01-01?code=82003")["items", 0, "name"] == "Bastogne")
        }
    }

    @Test func `a list begins after the last one of its scheme`() async throws {
        try await CentreDesk.with { desk in
            try await desk.enter(Desk.before.version, Desk.before.body)
            for day in ["2018-12-31", "2019-01-01"] {
                let early = try await desk.enter("early", Desk.list(from: day, #"{"code":"82003","name":"Bastogne"}"#))
                #expect(early.status == .conflict, "\(early.body)")
                #expect(early.code == "municipalityListOutOfOrder")
                #expect(early["issues", 0, "name"] == "/validFrom")
                #expect(early["detail"]?.text?.contains("NIS 2019-01-01") == true)
            }
            // Other schemes have days of their own.
            #expect(try await desk.enter("early", of: "DEMO", Desk.letters(from: "1990-01-01", ["A"])).status == .ok)
        }
    }

    @Test(arguments: [
        (
            "codeForm", "/municipalities/1/code", #"{"code":"82039","name":"B"},{"code":"8200","name":"F"}"#, ["82003", "82005", "82009"],
            "82039"
        ),
        ("becameNothing", "/successors", #"{"code":"82039","name":"B"}"#, ["82003", "82005"], "82039"),
        ("notInFormerList", "/successors/3/code", #"{"code":"82039","name":"B"}"#, ["82003", "82005", "82009", "82001"], "82039"),
        ("notInThisList", "/successors/0/successors/0", #"{"code":"82009","name":"F"},{"code":"82005","name":"B"}"#, ["82003"], "82040"),
        (
            "becameItself", "/successors/0/successors",
            #"{"code":"82003","name":"B"},{"code":"82005","name":"B"},{"code":"82009","name":"F"}"#, ["82003"], "82003"
        ),
    ])
    func `what a list cannot be is refused, with the codes that stand against it`(
        fault: String, place: String, municipalities: String, ended: [String], became: String
    ) async throws {
        try await CentreDesk.with { desk in
            try await desk.enter(Desk.before.version, Desk.before.body)
            let answer = try await desk.enter(
                "2024-12-02", Desk.list(from: "2024-12-02", municipalities, became: ended.map { ($0, [became]) }))
            #expect(answer.status == .unprocessableContent, "\(fault): \(answer.body)")
            #expect(answer.code == "municipalityListUnfit")
            #expect(answer["issues"]?.elements.count == 1, "\(answer.body)")
            #expect(answer["issues", 0, "code"]?.text == fault)
            #expect(answer["issues", 0, "name"]?.text == place)
            #expect(try await desk.get("/v1/municipality-lists/NIS/2024-12-02").status == .notFound, "\(fault): nothing of it was entered")
        }
    }

    @Test func `codes have the form that the first list of their scheme gives them`() async throws {
        try await CentreDesk.with { desk in
            let mixed = #"{"code":"GM-12.A","name":"Ville"}"#
            #expect(try await desk.enter("1", of: "DEMO", Desk.list(from: "2000-01-01", pattern: "AA-99.X", mixed)).status == .ok)
            let other = try await desk.enter("2", of: "DEMO", Desk.list(from: "2001-01-01", pattern: "XX-99.X", mixed))
            #expect(other["issues", 0, "code"] == "patternOfScheme", "\(other.body)")
            for code in ["GM-12.", "GM-12-A", "G1-12.A", "GM-1A.A", "XGM-12.A"] {
                let answer = try await desk.enter(
                    "2", of: "DEMO", Desk.list(from: "2001-01-01", pattern: "AA-99.X", #"\#(mixed),{"code":"\#(code)","name":"Ville"}"#))
                #expect(answer["issues", 0, "code"] == "codeForm", "\(code): \(answer.body)")
            }
        }
    }

    @Test(arguments: [
        #"{"validFrom":"2019-01-01","codePattern":"99999","municipalities":[]}"#,
        #"{"validFrom":"2019-01-01","codePattern":"[0-9]+","municipalities":[{"code":"82003","name":"B"}]}"#,
        #"{"validFrom":"2019-01-01","codePattern":"99999","municipalities":[{"code":"82003","name":"B"},{"code":"82003","name":"C"}]}"#,
        #"{"validFrom":"2019-01-01","codePattern":"99999","municipalities":[{"code":"82003","name":"B","names":{"it":"B"}}]}"#,
        #"{"validFrom":"2019-01-01","codePattern":"99999","municipalities":[{"code":"82003","name":" "}]}"#,
    ])
    func `what is no list is refused`(body: String) async throws {
        try await CentreDesk.with { desk in
            let answer = try await desk.enter("2019", body)
            #expect(answer.status == .badRequest, "\(answer.body)")
        }
    }

    @Test func `lists are read by scheme and first day, their municipalities by code, in pages or one alone`() async throws {
        try await CentreDesk.with { desk in
            try await desk.enter(Desk.before.version, Desk.before.body)
            try await desk.enter(Desk.after.version, Desk.after.body)
            try await desk.enter("1", of: "DEMO", Desk.letters(from: "2000-01-01", ["A"]))
            let lists = try await desk.get("/v1/municipality-lists?scheme=NIS")
            #expect(lists["items"]?.elements.map { $0["version"]?.text } == [Desk.before.version, Desk.after.version])
            #expect(lists["items", 0, "validTo"] == "2024-12-01")
            #expect(lists["items", 1, "formerVersion"]?.text == Desk.before.version)
            #expect(lists["items", 1, "validTo"] == nil)
            let first = try await desk.get("/v1/municipality-lists?pageSize=1")
            #expect(first["items", 0, "scheme"] == "DEMO")
            let next = try #require(first["next"]?.text)
            #expect(try await desk.get("/v1/municipality-lists?cursor=\(next)")["items", 0, "version"]?.text == Desk.before.version)

            let path = "/v1/municipality-lists/NIS/\(Desk.before.version)"
            let page = try await desk.get("\(path)?pageSize=2")
            #expect(page["items"]?.elements.map { $0["code"]?.text } == ["82003", "82005"])
            #expect(page["items", 0, "became", "codes"] == .array(["82039"]))
            #expect(page["items", 0, "validTo"] == "2024-12-01")
            let rest = try await desk.get("\(path)?cursor=\(try #require(page["next"]?.text))")
            #expect(rest["items"]?.elements.map { $0["code"]?.text } == ["82009"])
            #expect(rest["items", 0, "became"] == nil)
            #expect(rest["next"] == nil)
            let one = try await desk.get("/v1/municipality-lists/NIS/\(Desk.after.version)?code=82039")
            #expect(one["items", 0, "formerCodes"] == .array(["82003", "82005"]), "\(one.body)")
            #expect(one["items", 0, "names", "nl"] == "Bastenaken")
            #expect(try await desk.get("\(path)?code=82039")["items"] == .array([]))
            for missing in ["NIS/2003", "NONE/2019-01-01", "nis/2019-01-01"] {
                #expect(try await desk.get("/v1/municipality-lists/\(missing)").status == .notFound, "\(missing)")
            }
        }
    }

    @Test func `a list of a whole country is entered, compared with what was entered, and followed by one in which its half has merged`()
        async throws
    {
        try await CentreDesk.with { desk in
            let many = (10_000..<22_000).map { #"{"code":"\#($0)","name":"Ville \#($0)"}"# }.joined(separator: ",")
            let body = Desk.list(from: "2019-01-01", many)
            let entered = try await desk.enter("2019", body)
            #expect(entered["municipalityCount"] == 12_000, "\(entered.body)")
            #expect(try await desk.enter("2019", body).status == .ok)
            let other = try await desk.enter("2019", body.replacing("Ville 1", with: "Village 1"))
            #expect(other["issues"]?.elements.count == 50)
            let merged = (10_000..<16_000).map { #"{"code":"\#($0)","name":"Ville \#($0)"}"# }.joined(separator: ",")
            let became = (16_000..<22_000).map { ("\($0)", ["\($0 - 6_000)"]) }
            let next = try await desk.enter("2020", Desk.list(from: "2020-01-01", merged, became: became))
            #expect(next["municipalityCount"] == 6_000, "\(next.body)")
        }
    }
}
