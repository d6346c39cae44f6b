import Composition
import HTTPEdge
import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Applications for the label by pages")
struct ApplicationPagesTests {
    @Test
    func `a centre applies once and attaches its file, the authority evaluates, and the centre reads what is closed`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            try await Self.submitFile(server, network)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let list = "/centres/\(network.centre)/applications"
            let form = try await desk.get(list)
            #expect(form.body.contains("No application.") && form.body.contains("submitted file, since 1 January 2030"), "\(form.body)")
            let fields: KeyValuePairs = [
                "formToken": form.field("formToken") ?? "", "idempotencyKey": form.field("idempotencyKey") ?? "", "kind": "renewal",
                "submittedOn": form.field("submittedOn") ?? "", "fileId": "",
            ]
            let first = try await desk.submit(list, fields)
            let path = String(try #require(first.headers[.location], "\(first.body)").prefix { $0 != "?" })
            #expect(try await desk.submit(list, fields).headers[.location] == first.headers[.location], "twice")
            let page = try await desk.get(path)
            #expect(page.body.contains("What is missing before the evaluation") && page.body.contains("No file is attached."))
            let file = try #require(page.body.firstMatch(of: /<option value="([0-9a-f-]{36})"/)).output.1
            let linked = try await desk.submit("\(path)/file", ["formToken": page.field("formToken") ?? "", "fileId": String(file)])
            #expect(linked.headers[.location] == "\(path)?news=fileLinked", "\(linked.body)")
            let attached = try await desk.get(path)
            #expect(!attached.body.contains("Begin an evaluation"), "not by its own centre")
            #expect(attached.body.contains("We have partners.") && attached.body.contains("Note.txt"), "\(attached.body)")
            let document = try #require(attached.body.firstMatch(of: /\/recognition-files\/[0-9a-f-]{36}\/evidence\/[0-9a-f-]{36}/)).output
            let saved = try await desk.get(String(document))
            #expect(saved.body == "FICTIF" && saved.headers[.contentDisposition]?.hasPrefix("attachment") == true)

            let authority = TestBrowser(server)
            _ = try await authority.signIn(with: network.authorityKey)
            #expect(try await authority.get("/decisions").body.contains("href=\"\(list)\""))
            let seen = try await authority.get(path)
            #expect(seen.body.contains("Begin an evaluation") && !seen.body.contains("/withdrawal"), "\(seen.body)")
            let begun = try await authority.submit(
                "\(path)/evaluations", ["formToken": seen.field("formToken") ?? "", "idempotencyKey": "begin-1"])
            #expect(begun.headers[.location] == "\(path)?news=evaluationOpened", "\(begun.body)")
            try await Self.evaluate(path, authority)
            let read = try await desk.get(path)
            #expect(read.body.contains("Favourable") && read.body.contains("Renewed park."), "\(read.body)")
            #expect(try await authority.get(path).body.contains("/decisions/new"))
        }
    }

    @Test
    func `an application is taken back by its centre, and another centre's staff sees none`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let list = "/centres/\(network.centre)/applications"
            let token = try await desk.get(list).field("formToken") ?? ""
            let bad = try await desk.submit(
                list, ["formToken": token, "idempotencyKey": "a-1", "kind": "renewal", "submittedOn": "tomorrow"])
            #expect(bad.status == .badRequest && bad.body.contains("role=\"alert\""), "\(bad.status)")
            let made = try await desk.submit(
                list, ["formToken": token, "idempotencyKey": "a-2", "kind": "renewal", "submittedOn": "2026-11-20"])
            let path = String(try #require(made.headers[.location], "\(made.body)").prefix { $0 != "?" })
            let withdrawal: KeyValuePairs = ["formToken": token]
            #expect(try await desk.submit("\(path)/withdrawal", withdrawal).headers[.location] == "\(path)?news=applicationWithdrawn")
            #expect(try await desk.submit("\(path)/withdrawal", withdrawal).headers[.location] == path, "twice")
            #expect(try await desk.get(path).body.contains("Withdrawn"))
            let company = TestBrowser(server)
            _ = try await company.signIn(with: network.companyKey)
            #expect(try await company.get(path).status == .forbidden)
        }
    }

    @Test
    func `taking back an application that one may only read is told beside it`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let list = "/centres/\(network.centre)/applications"
            let token = try await desk.get(list).field("formToken") ?? ""
            let made = try await desk.submit(
                list, ["formToken": token, "idempotencyKey": "a-1", "kind": "renewal", "submittedOn": "2026-11-20"])
            let path = String(try #require(made.headers[.location], "\(made.body)").prefix { $0 != "?" })
            let neighbour = try await server.send(
                .post, "/v1/centres", key: network.networkKey,
                json: """
                    {"name": "Centre voisin (fictif)", "carrier": "asbl", "enterpriseNumber": "1999000348",
                     "namedFrom": "2020-01-01"}
                    """)
            let other = try #require(neighbour["id"]?.text, "\(neighbour.body)")
            let key = try await server.send(
                .post, "/v1/organisations/\(network.centreOrganisation)/api-keys", key: network.networkKey,
                json: """
                    {"label": "both", "roles": [{"role": "centreStaff", "centreId": "\(network.centre)"},
                     {"role": "centreManager", "centreId": "\(other)"}]}
                    """)
            let reader = TestBrowser(server)
            _ = try await reader.signIn(with: try #require(key["key"]?.text, "\(key.body)"))
            let page = try await reader.get(path)
            let refused = try await reader.submit("\(path)/withdrawal", ["formToken": page.field("formToken") ?? ""])
            #expect(refused.status == .forbidden && refused.body.contains("role=\"alert\""), "\(refused.body)")
            #expect(refused.body.contains("What happened"), "\(refused.body)")
        }
    }

    /// A recognition file that lacks nothing.
    private static func submitFile(_ server: TestServer, _ network: TestNetwork) async throws {
        let key = network.managerKey
        let draft = try await server.send(.post, "/v1/centres/\(network.centre)/recognition-file-drafts", key: key, json: "{}")
        let file = "/v1/recognition-files/\(try #require(draft["id"]?.text, "\(draft.body)"))"
        let elements = ["economicRoots", "trainingOffer", "resourceCentre", "mixedInvestment"]
        let answers = elements.map { "\"\($0)\": \"We have partners.\"" }.joined(separator: ", ")
        let written = try await server.send(
            .put, file, key: key, headers: [.ifMatch: "*"],
            json: """
                {"effectiveFrom": "2030-01-01", "effectiveTo": "2032-12-31", "sectors": ["metal"],
                 "sectorCodes": [{"scheme": "NACE-BEL", "version": "2025", "code": "71.2"}], "audiences": ["jobSeeker"],
                 "missions": ["informationAwareness", "technologyWatch", "training", "needsAnalysis"], "answers": {\(answers)}}
                """)
        #expect(written.status == .ok, "\(written.body)")
        for element in elements {
            let added = try await server.send(
                document: Array("FICTIF".utf8), of: "text/plain", to: "\(file)/evidence?element=\(element)&name=Note.txt", key: key)
            #expect(added.status == .created, "\(added.body)")
        }
        let submitted = try await server.send(.post, "\(file)/submission", key: key, json: "{}")
        #expect(submitted.status == .ok, "\(submitted.body)")
    }

    @Test
    func `what is wrong with a note is said in both languages`() {
        let french = Speaker(.french, catalogue: House.catalogue)
        let english = Speaker(.english, catalogue: House.catalogue)
        #expect(french.say("page.evaluation.noNote", ["criterion": .text("parc")]) == "« parc » a un commentaire mais pas de note.")
        #expect(english.say("page.evaluation.noNote", ["criterion": .text("park")]) == "“park” has a comment but no note.")
        #expect(
            french.say("page.evaluation.unreadableNote", ["criterion": .text("parc")])
                == "La note de « parc » n’est pas un nombre entier.")
    }

    /// Notes every criterion of the open evaluation, then closes it; what is refused is told beside it with all that was typed.
    private static func evaluate(_ path: String, _ authority: TestBrowser) async throws {
        let open = try await authority.get(path)
        let found = try #require(open.body.firstMatch(of: /action="([^"]*\/evaluations\/[0-9a-f-]{36})\/notes"/), "\(open.body)")
        let action = String(found.output.1)
        #expect(open.body.contains("formaction=\"\(action)/closure\"") && open.body.contains("Keep the notes and close"))
        let criteria = open.body.matches(of: /name="note\.([A-Za-z]+)"/).map { String($0.output.1) }
        #expect(criteria.count > 3)
        let token = ("formToken", open.field("formToken") ?? "")
        let early = try await authority.submit(
            "\(action)/closure",
            all: [
                token, tag(of: open), ("idempotencyKey", "close-0"), ("opinion", "unfavourable"), ("note.\(criteria[0])", "12"),
                ("comment", "Too early."),
            ])
        #expect(early.status == .conflict && early.body.contains("role=\"alert\""), "\(early.status)")
        #expect(early.body.contains("Too early.</textarea>") && early.body.contains("value=\"unfavourable\" selected"))
        #expect(early.body.contains("name=\"note.\(criteria[0])\" value=\"12\""), "\(early.body)")
        let comment = ("comment.\(criteria[0])", "Typed for long.")
        for (fields, fault) in [
            ([comment], "has a comment but no note"), ([comment, ("note.\(criteria[0])", "soon")], "is no whole number"),
        ] {
            let refused = try await authority.submit("\(action)/notes", all: [token, tag(of: early)] + fields)
            #expect(refused.status == .unprocessableContent && refused.body.contains(fault), "\(refused.body)")
            #expect(refused.body.contains("value=\"Typed for long.\""), "\(refused.body)")
        }
        let late = try await authority.submit("\(action)/notes", all: [token, tag(of: open), ("note.\(criteria[1])", "13")])
        #expect(late.status == .preconditionFailed && late.body.contains("name=\"note.\(criteria[1])\" value=\"13\""), "\(late.body)")
        #expect(late.body.contains("name=\"note.\(criteria[0])\" value=\"12\""), "what is kept stands where nothing was typed")
        var notes = criteria.map { ("note.\($0)", "15") }
        notes.append(("comment.\(criteria[0])", "Renewed park."))
        let application = path.split(separator: "/").last.map(String.init) ?? ""
        let elsewhere = action.replacing(application, with: "01a031f3-2a54-7000-83cb-c20d0f8a7abf")
        #expect(try await authority.submit("\(elsewhere)/notes", all: [token, tag(of: late)] + notes).status == .notFound)
        let noted = try await authority.submit("\(action)/notes", all: [token, tag(of: late)] + notes)
        #expect(noted.headers[.location] == "\(path)?news=evaluationNoted", "\(noted.body)")
        let kept = try await authority.get(path)
        let closure = [
            token, tag(of: kept), ("idempotencyKey", "close-1"), ("opinion", "favourable"), ("comment", "Good."),
        ]
        for _ in 1...2 {
            let closed = try await authority.submit("\(action)/closure", all: closure + notes)
            #expect(closed.headers[.location] == "\(path)?news=evaluationClosed", "\(closed.body)")
        }
    }

    private static func tag(of page: TestAnswer) -> (String, String) {
        ("eTag", page.field("eTag")?.replacing("&quot;", with: "\"") ?? "")
    }
}
