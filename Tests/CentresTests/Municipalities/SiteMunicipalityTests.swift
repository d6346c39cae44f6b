import HTTPTypes
import TestSupport
import Testing

/// The municipality of a site: as it was stored, for ever, and what it is today.
@Suite struct SiteMunicipalityTests {
    private typealias Desk = CentreDesk

    @Test func `case 30: a municipality merged after a site was stored keeps what was stored, and says what it became`() async throws {
        try await CentreDesk.with { desk in
            try await desk.travel(to: "2024-11-15T10:00:00Z")
            #expect(try await desk.enter(Desk.before.version, Desk.before.body).status == .ok)
            #expect(try await desk.enter(Desk.after.version, Desk.after.body).status == .ok)
            let stored = try await desk.store(Desk.before.version, "82005")
            let site = try #require(stored["id"]?.text, "\(stored.body)")
            #expect(stored["municipality", "name"] == "Bertogne")
            #expect(stored["municipality", "validTo"] == nil)
            #expect(stored["municipality", "current", "version"]?.text == Desk.before.version)
            #expect(stored["municipality", "current", "municipalities", 0, "code"] == "82005")
            let early = try await desk.store(Desk.after.version, "82039")
            #expect(early.code == "municipalityListToCome", "\(early.body)")
            #expect(early["facts", "validFrom"] == "2024-12-02")

            // Its last minute, by the clocks of the site.
            try await desk.travel(to: "2024-12-01T22:59:00Z")
            #expect(try await desk.current(site) == ["82005"])
            try await desk.travel(to: "2024-12-01T23:00:30Z")
            let tag = try #require(stored.headers[.eTag])
            let merged = try await desk.server.send(.get, "/v1/sites/\(site)", key: desk.key, headers: [.ifNoneMatch: tag])
            #expect(merged.status == .ok, "what it is today is told, although the site has no new version")
            #expect(merged.headers[.eTag] == tag)
            #expect(merged["municipality", "version"]?.text == Desk.before.version)
            #expect(merged["municipality", "code"] == "82005")
            #expect(merged["municipality", "name"] == "Bertogne")
            #expect(merged["municipality", "validTo"] == "2024-12-01")
            #expect(merged["municipality", "current", "version"]?.text == Desk.after.version)
            #expect(
                merged["municipality", "current", "municipalities"]
                    == .array([.object(["code": "82039", "name": "Bastogne", "names": .object(["nl": "Bastenaken"])])]))
        }
    }

    @Test func `after the merger the code that ended is refused with what it became, and one that stands is taken`() async throws {
        try await CentreDesk.with { desk in
            try await desk.enter(Desk.before.version, Desk.before.body)
            try await desk.enter(Desk.after.version, Desk.after.body)
            let ended = try await desk.store(Desk.before.version, "82003")
            #expect(ended.status == .unprocessableContent)
            #expect(ended.code == "municipalityEnded")
            #expect(ended["issues", 0, "name"] == "/municipality/code")
            #expect(ended["facts", "currentVersion"]?.text == Desk.after.version)
            #expect(ended["facts", "validTo"] == "2024-12-01")
            #expect(ended["facts", "successors"] == .array([.object(["code": "82039", "name": "Bastogne"])]))
            #expect(ended["detail"]?.text?.contains("Bastogne (82039)") == true, "\(ended.body)")
            #expect(ended["detail"]?.text?.contains("la liste 2024-12-02") == true, "\(ended.body)")

            let standing = try await desk.store(Desk.before.version, "82009")
            #expect(standing.status == .created, "\(standing.body)")
            #expect(standing["municipality", "current", "version"]?.text == Desk.after.version)
            #expect(standing["municipality", "validTo"] == nil)
            #expect(try await desk.store(Desk.after.version, "82039").status == .created)
            let listed = try await desk.get("/v1/centres/\(desk.centre)/sites")
            // Sites of one moment are in no order that a test could know.
            let codes = listed["items"]?.elements.compactMap { $0["municipality"]?["code"]?.text }.sorted()
            #expect(codes == ["82009", "82039"], "\(listed.body)")
            #expect(listed["items"]?.elements.count == 3)
        }
    }

    @Test(arguments: [
        ("2003", "82003", "municipalityListUnknown", "/municipality/version"),
        ("2019-01-01", "82039", "municipalityCodeUnknown", "/municipality/code"),
        ("2024-12-02", "99999", "municipalityCodeUnknown", "/municipality/code"),
    ])
    func `what is no code of its list is refused`(version: String, code: String, refusal: String, place: String) async throws {
        try await CentreDesk.with { desk in
            try await desk.enter(Desk.before.version, Desk.before.body)
            try await desk.enter(Desk.after.version, Desk.after.body)
            let answer = try await desk.store(version, code)
            #expect(answer.code == refusal, "\(answer.body)")
            #expect(answer["issues", 0, "name"]?.text == place)
            #expect(answer["facts", "currentVersion"]?.text == Desk.after.version)
        }
    }

    @Test func `two mergers and a split after them are followed through every list`() async throws {
        try await CentreDesk.with { desk in
            try await desk.travel(to: "2005-06-01T10:00:00Z")
            let lists = [
                ("1", Desk.letters(from: "2000-01-01", ["A", "B", "C", "Z"])),
                ("2", Desk.letters(from: "2010-01-01", ["C", "D", "Z"], became: [("A", ["D"]), ("B", ["D"])])),
                ("3", Desk.letters(from: "2015-01-01", ["E", "Z"], became: [("C", ["E"]), ("D", ["E"])])),
                ("4", Desk.letters(from: "2020-01-01", ["F", "G", "Z"], became: [("E", ["F", "G"])])),
            ]
            for (version, body) in lists { #expect(try await desk.enter(version, of: "DEMO", body).status == .ok, "\(version)") }
            let site = try #require(try await desk.store("1", "A", of: "DEMO")["id"]?.text)
            let still = try #require(try await desk.store("1", "Z", of: "DEMO")["id"]?.text)
            let course = [
                ("2009-12-31", ["A"], "1"), ("2010-01-01", ["D"], "2"), ("2014-12-31", ["D"], "2"), ("2015-01-01", ["E"], "3"),
                ("2020-01-01", ["F", "G"], "4"), ("2026-10-05", ["F", "G"], "4"),
            ]
            for (day, codes, version) in course {
                try await desk.travel(to: "\(day)T10:00:00Z")
                #expect(try await desk.current(site) == codes, "\(day)")
                #expect(try await desk.current(still) == ["Z"], "\(day)")
                let municipality = try await desk.get("/v1/sites/\(site)")["municipality"]
                #expect(municipality?["current"]?["version"]?.text == version, "\(day)")
                #expect(municipality?["validTo"]?.text == (version == "1" ? nil : "2009-12-31"), "\(day)")
            }
            let refused = try await desk.store("1", "B", of: "DEMO")
            #expect(refused["facts", "successors"]?.elements.map { $0["code"]?.text } == ["F", "G"], "\(refused.body)")
        }
    }

    @Test func `a municipality that a part leaves under a code of its own is both of them today`() async throws {
        try await CentreDesk.with { desk in
            try await desk.enter("1", of: "DEMO", Desk.letters(from: "2000-01-01", ["A", "B"]))
            let site = try #require(try await desk.store("1", "A", of: "DEMO")["id"]?.text)
            let split = Desk.letters(from: "2010-01-01", ["A", "B", "C"], became: [("A", ["A", "C"])])
            #expect(try await desk.enter("2", of: "DEMO", split).status == .ok)
            #expect(try await desk.current(site) == ["A", "C"])
            #expect(try await desk.store("1", "A", of: "DEMO").code == "municipalityEnded")
            #expect(try await desk.store("2", "A", of: "DEMO").status == .created)
        }
    }

    @Test func `a site is changed in its name, town, coordinates and municipality, in the version that was read`() async throws {
        try await CentreDesk.with { desk in
            try await desk.enter(Desk.before.version, Desk.before.body)
            let site = try #require(try await desk.store(Desk.before.version, "82005")["id"]?.text)
            try await desk.enter(Desk.after.version, Desk.after.body)
            #expect(try await desk.server.send(.patch, "/v1/sites/\(site)", key: desk.key, json: "{}").status == .preconditionRequired)
            let moved = try await desk.change(site, #"{"town":"Bastogne","latitude":50.0,"longitude":5.7}"#, version: #""v1""#)
            #expect(moved.status == .ok, "\(moved.body)")
            #expect(moved["town"] == "Bastogne")
            #expect(moved["name"] == "Atelier")
            #expect(moved["latitude"] == 50)
            #expect(moved["version"] == 2)
            #expect(moved["municipality", "code"] == "82005")
            #expect(try await desk.change(site, #"{"name":"Hall"}"#, version: #""v1""#).status == .preconditionFailed)

            // What is stored may be sent again, whatever became of it; another that ended may not.
            let stored = #""municipality":{"scheme":"NIS","version":"2019-01-01","code":"82005"}"#
            let same = try await desk.change(site, #"{"name":"Hall",\#(stored)}"#)
            #expect(same["name"] == "Hall", "\(same.body)")
            #expect(same["municipality", "version"]?.text == Desk.before.version)
            let ended = try await desk.change(site, #"{"municipality":{"scheme":"NIS","version":"2019-01-01","code":"82003"}}"#)
            #expect(ended.code == "municipalityEnded")
            let present = try await desk.change(site, #"{"municipality":{"scheme":"NIS","version":"2024-12-02","code":"82039"}}"#)
            #expect(present["municipality", "name"] == "Bastogne", "\(present.body)")
            #expect(present["municipality", "validTo"] == nil)
            #expect(try await desk.change(site, "{\(stored)}").code == "municipalityEnded", "it is stored no more")
        }
    }

    @Test(arguments: [
        #"{"name":" "}"#, #"{"latitude":50}"#, #"{"latitude":91,"longitude":4}"#, #"{"zone":"Europe/Paris"}"#, #"{"municipality":null}"#,
        #"{"municipality":{"scheme":"nis","version":"2019-01-01","code":"82005"}}"#,
        #"{"municipality":{"scheme":"NIS","code":"82005"}}"#, #"{"municipality":{"scheme":"NIS","version":"-","code":"82005"}}"#,
    ])
    func `what a site cannot become is refused, and it stays as it was`(body: String) async throws {
        try await CentreDesk.with { desk in
            let answer = try await desk.change("\(desk.site)", body)
            #expect(answer.status == .badRequest, "\(answer.body)")
            #expect(answer["issues"]?.elements.isEmpty == false)
            #expect(try await desk.get("/v1/sites/\(desk.site)")["version"] == 1)
        }
    }
}
