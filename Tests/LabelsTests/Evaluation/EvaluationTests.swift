import HTTPTypes
import TestSupport
import Testing

/// Applications with their files, and their evaluation element by element.
@Suite struct EvaluationTests {
    private static let criteria = [
        "partnersInGovernance", "needsOfCompanies", "catalogueAndBespoke", "awarenessActions", "advancedTechnology", "modernEquipment",
        "openToOperators", "variedAudiences", "publicPrivatePartnership", "sharedInvestment",
    ]
    private static let notes =
        "{\"notes\": [\(criteria.map { "{\"criterion\": \"\($0)\", \"note\": 14}" }.joined(separator: ", "))]}"

    @Test func `an application says what it lacks: a file, one that is submitted, a label to renew`() async throws {
        try await withFileDesk { desk in
            let application = try await desk.apply("renewal")
            #expect(try await desk.application(application).missing == ["fileMissing"])
            let file = try await desk.draft()
            let linked = try await desk.link(file, to: application)
            #expect(linked["fileId"]?.text == file, "\(linked.body)")
            #expect(linked.missing.prefix(2) == ["fileStillDraft", "effectiveFromMissing"])
            let whole = try await desk.complete()
            _ = try await desk.submit(whole)
            #expect(try await desk.link(whole, to: application).missing == [])

            let second = try await desk.apply("secondEvaluation")
            let gaps = try await desk.application(second)
            #expect(gaps.missing == ["noProvisionalLabel", "fileMissing"])
            #expect(gaps["missing", 0, "facts", "status"] == "labelled")
            let stranger = try await desk.stranger()
            let me = try await desk.server.send(.get, "/v1/me", key: stranger)
            let path = "/v1/centres/\(try #require(me["roles", 0, "centreId"]?.text))/label-applications"
            for (kind, gaps) in [("renewal", ["noLabelToRenew", "fileMissing"]), ("candidate", ["fileMissing"])] {
                let early = try await desk.server.send(
                    .post, path, key: stranger, json: #"{"kind": "\#(kind)", "submittedOn": "2026-11-02"}"#)
                let id = try #require(early["id"]?.text, "\(early.body)")
                #expect(try await desk.server.send(.get, "\(path)/\(id)", key: stranger).missing == gaps)
            }
        }
    }

    @Test func `an evaluation begins when the application is complete, and ends when every criterion has its note`() async throws {
        try await withFileDesk { desk in
            let (manager, network) = (desk.network.managerKey, desk.network.networkKey)
            let application = try await desk.apply("renewal")
            let early = try await desk.open(application)
            #expect(early.code == "applicationIncomplete", "\(early.body)")
            #expect(early.missing == ["fileMissing"])
            let file = try await desk.complete()
            _ = try await desk.submit(file)
            _ = try await desk.link(file, to: application)

            let opened = try await desk.open(application)
            #expect(opened.status == .created, "\(opened.body)")
            #expect(try await desk.open(application).code == "evaluationOpen")
            #expect(try await desk.application(application)["state"] == "underEvaluation")
            #expect(try await desk.link(file, to: application).code == "applicationClosed")

            let path = "/v1/label-evaluations/\(try #require(opened["id"]?.text))"
            let tag = try #require(opened.headers[.eTag])
            let closure = #"{"opinion": "favourableWithConditions", "comment": "À revoir."}"#
            let open = try await desk.server.send(.post, "\(path)/closure", key: network, json: closure)
            #expect(open.code == "evaluationIncomplete")
            #expect(open["criteria"]?.elements.count == 10)
            let noted = try await desk.server.send(.put, "\(path)/notes", key: network, headers: [.ifMatch: tag], json: Self.notes)
            #expect(noted["notes", 5, "element"] == "resourceCentre", "\(noted.body)")
            let stale = try await desk.server.send(.put, "\(path)/notes", key: network, headers: [.ifMatch: tag], json: Self.notes)
            #expect(stale.status == .preconditionFailed)

            // The centre reads the notes once it is closed.
            #expect(try await desk.evaluations(application, key: manager)["items", 0, "notes"] == .array([]))
            #expect(try await desk.server.send(.post, "\(path)/closure", key: network, json: closure)["state"] == "closed")
            let read = try await desk.evaluations(application, key: manager)
            #expect(read["items", 0, "notes"]?.elements.count == 10)
            #expect(read["items", 0, "opinion"] == "favourableWithConditions")
            #expect(try await desk.application(application)["state"] == "evaluated")
            let late = try await desk.server.send(.put, "\(path)/notes", key: network, headers: [.ifMatch: "*"], json: #"{"notes": []}"#)
            #expect(late.code == "evaluationClosed")
            #expect(try await desk.open(application).status == .created, "a second evaluation")
        }
    }

    @Test(arguments: [
        (#"{"notes": [{"criterion": "charm", "note": 3}]}"#, 422, "criterionUnknown"),
        (#"{"notes": [{"criterion": "modernEquipment", "note": 21}]}"#, 400, "invalidRequest"),
        (#"{"notes": [{"criterion": "modernEquipment", "note": 1}, {"criterion": "modernEquipment", "note": 2}]}"#, 400, "invalidRequest"),
    ])
    func `what is no note is refused`(json: String, status: Int, code: String) async throws {
        try await withFileDesk { desk in
            let path = try await desk.evaluation()
            let answer = try await desk.server.send(
                .put, "\(path)/notes", key: desk.network.authorityKey, headers: [.ifMatch: "*"], json: json)
            #expect(answer.status.code == status)
            #expect(answer.code == code)
        }
    }

    @Test func `only the network evaluates, nobody their own application, and others see nothing of it`() async throws {
        try await withFileDesk { desk in
            let path = try await desk.evaluation()
            let (network, stranger) = (desk.network, try await desk.stranger())
            for key in [network.companyKey, network.managerKey, stranger] {
                #expect(
                    try await desk.server.send(.put, "\(path)/notes", key: key, headers: [.ifMatch: "*"], json: Self.notes).status
                        == .forbidden)
                #expect(
                    try await desk.server.send(.post, "\(path)/closure", key: key, json: #"{"opinion": "favourable"}"#).status == .forbidden
                )
            }
            let applications = "/v1/centres/\(network.centre)/label-applications"
            #expect(try await desk.server.send(.get, applications, key: network.companyKey).status == .forbidden)
            #expect(try await desk.server.send(.get, applications, key: stranger).status == .notFound)
            let auditor = try await desk.networkKey("networkAuditor")
            #expect(try await desk.server.send(.get, applications, key: auditor)["items"]?.elements.count == 1)

            let both = try await desk.server.send(
                .post, "/v1/organisations/\(network.networkOrganisation)/api-keys", key: network.networkKey,
                json: """
                    {"label": "both", "roles": [{"role": "labelAuthority"}, {"role": "centreManager", "centreId": "\(network.centre)"}]}
                    """)
            let key = try #require(both["key"]?.text)
            let own = try await desk.apply("renewal", key: key)
            #expect(try await desk.open(own, key: key).code == "samePerson")
        }
    }

    @Test func `an application is answered by a decision, and over when it is withdrawn`() async throws {
        try await withFileDesk { desk in
            let withdrawn = try await desk.apply("renewal")
            let path = "/v1/centres/\(desk.network.centre)/label-applications"
            _ = try await desk.server.send(.delete, "\(path)/\(withdrawn)", key: desk.network.managerKey)
            #expect(try await desk.application(withdrawn)["state"] == "withdrawn")
            #expect(try await desk.open(withdrawn).code == "applicationClosed")

            let application = try await desk.apply("renewal", on: "2026-06-01")
            let proposal = try await desk.server.send(
                .post, "/v1/centres/\(desk.network.centre)/label-decisions", key: desk.network.authorityKey,
                json: """
                    {"kind": "grant", "authority": "government", "reference": "fictif", "decidedOn": "2026-09-01",
                     "effectiveFrom": "2100-01-01", "effectiveTo": "2102-12-31"}
                    """)
            let decision = try #require(proposal["id"]?.text)
            _ = try await desk.server.send(
                .post, "/v1/label-decisions/\(decision)/approval", key: desk.network.secondAuthorityKey, json: "{}")
            let answered = try await desk.application(application)
            #expect(answered["state"] == "answered")
            #expect(answered["decisionId"]?.text == decision)
        }
    }

    @Test func `the timeline tells who did what when, newest first, of a centre or of one application`() async throws {
        try await withFileDesk { desk in
            let path = try await desk.evaluation()
            _ = try await desk.server.send(
                .put, "\(path)/notes", key: desk.network.networkKey, headers: [.ifMatch: "*"], json: Self.notes)
            _ = try await desk.server.send(.post, "\(path)/closure", key: desk.network.networkKey, json: #"{"opinion": "favourable"}"#)
            let timeline = "/v1/centres/\(desk.network.centre)/label-timeline"
            let whole = try await desk.server.send(.get, timeline, key: desk.network.managerKey)
            #expect(
                whole["items"]?.elements.compactMap { $0["action"]?.text } == [
                    "evaluationClosed", "evaluationOpened", "fileLinked", "applicationSubmitted", "fileSubmitted", "fileDrafted",
                    "decisionRecorded", "decisionProposed", "fileRecorded",
                ], "\(whole.body)")
            #expect(whole["items", 0, "text"] == "Évaluation close : avis favorable.")
            #expect(whole["items", 0, "author", "organisation"] == "Réseau fictif")
            #expect(whole["items", 5, "author", "organisation"] == "Centre fictif")

            let application = try #require(whole["items", 3, "subjectId"]?.text)
            let part = try await desk.server.send(
                .get, "\(timeline)?applicationId=\(application)&pageSize=4", key: desk.network.authorityKey)
            #expect(part["items"]?.elements.count == 4)
            let cursor = try #require(part["next"]?.text)
            let rest = try await desk.server.send(
                .get, "\(timeline)?applicationId=\(application)&pageSize=4&cursor=\(cursor)", key: desk.network.authorityKey)
            #expect(rest["items"]?.elements.compactMap { $0["action"]?.text } == ["fileSubmitted", "fileDrafted"], "\(rest.body)")
            #expect(try await desk.server.send(.get, timeline, key: desk.network.companyKey).status == .forbidden)
            #expect(try await desk.server.send(.get, timeline, key: try await desk.stranger()).status == .notFound)
        }
    }
}

extension FileDesk {
    func apply(_ kind: String, on day: String = "2026-11-02", key: String? = nil) async throws -> String {
        let answer = try await server.send(
            .post, "/v1/centres/\(network.centre)/label-applications", key: key ?? network.managerKey,
            json: #"{"kind": "\#(kind)", "submittedOn": "\#(day)"}"#)
        #expect(answer.status == .created, "\(answer.body)")
        return try #require(answer["id"]?.text)
    }

    func application(_ id: String) async throws -> TestAnswer {
        try await server.send(.get, "/v1/centres/\(network.centre)/label-applications/\(id)", key: network.managerKey)
    }

    func link(_ file: String, to application: String) async throws -> TestAnswer {
        try await server.send(
            .put, "/v1/centres/\(network.centre)/label-applications/\(application)/file", key: network.managerKey,
            json: #"{"fileId": "\#(file)"}"#)
    }

    func open(_ application: String, key: String? = nil) async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/centres/\(network.centre)/label-applications/\(application)/evaluations", key: key ?? network.authorityKey,
            json: "{}")
    }

    func evaluations(_ application: String, key: String) async throws -> TestAnswer {
        try await server.send(.get, "/v1/centres/\(network.centre)/label-applications/\(application)/evaluations", key: key)
    }

    /// An open evaluation: its address.
    func evaluation() async throws -> String {
        let file = try await complete()
        _ = try await submit(file)
        let application = try await apply("renewal")
        _ = try await link(file, to: application)
        let opened = try await open(application)
        return "/v1/label-evaluations/\(try #require(opened["id"]?.text, "\(opened.body)"))"
    }
}
