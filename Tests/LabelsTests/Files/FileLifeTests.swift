import HTTPTypes
import Postgres
import TestSupport
import Testing

/// The life of a recognition file: drafted, submitted, returned, recognised, superseded.
@Suite struct FileLifeTests {
    @Test func `a draft says what it lacks, each with a code and a sentence, until it lacks nothing`() async throws {
        try await withFileDesk { desk in
            let file = try await desk.draft()
            let empty = try await desk.get(file)
            #expect(
                empty.missing == ["effectiveFromMissing", "sectorsMissing", "sectorCodesMissing", "audiencesMissing", "missionsMissing"]
                    + FileDesk.elements.flatMap { ["answerMissing \($0)", "evidenceMissing \($0)"] })
            #expect(empty["missing", 4, "facts", "missing"]?.elements.count == 4)
            #expect(empty["missing", 5, "text"] == "Aucune réponse à l'élément « ancrage dans la vie économique ».")

            let refused = try await desk.submit(file)
            #expect(refused.status == .conflict)
            #expect(refused.code == "fileIncomplete")
            #expect(refused.missing == empty.missing)

            let changed = try await desk.change(file)
            #expect(changed.missing == FileDesk.elements.map { "evidenceMissing \($0)" }, "\(changed.body)")
            #expect(changed["sectorCodes", 0, "code"] == "25.62")
            #expect(try await desk.get(desk.complete()).missing == [])
        }
    }

    @Test func `a file goes from draft to submitted, is returned with a comment, and is recognised by the network`() async throws {
        try await withFileDesk { desk in
            let file = try await desk.complete()
            #expect(try await desk.recognise(file).code == "fileNotSubmitted")
            #expect(try await desk.submit(file)["state"] == "submitted")
            #expect(try await desk.change(file).code == "fileSubmitted")
            #expect(try await desk.submit(file).code == "fileSubmitted")

            let returned = try await desk.act("return", file, key: desk.network.networkKey, #"{"comment": "Que disent les entreprises ?"}"#)
            #expect(returned["state"] == "draft", "\(returned.body)")
            #expect(try await desk.get(file)["returnComment"] == "Que disent les entreprises ?")
            #expect(try await desk.change(file).status == .ok)
            #expect(try await desk.submit(file).status == .ok)

            let recognised = try await desk.recognise(file)
            #expect(recognised.status == .ok, "\(recognised.body)")
            #expect(recognised["number"] == 2)
            #expect(recognised["state"] == "recognised")
            #expect(recognised["effectiveFrom"] == "2027-01-01")
            let events = try await desk.server.database.owner.queryText(
                "select type from jobs.event where subject_id = $1::uuid order by id", [file])
            let types = events.map { $0[0] }
            #expect(types == ["submitted", "returned", "submitted", "recognised"].map { "recognitionFile.\($0)" })
        }
    }

    @Test func `the gate asks the recognised file from its first day, and not the draft`() async throws {
        try await withFileDesk { desk in
            let file = try await desk.complete()
            func missing(on day: String) async throws -> [TestJSON] {
                let answer = try await desk.server.send(
                    .post, "/v1/access-decisions", key: desk.network.companyKey,
                    json: """
                        {"resourceId": "\(desk.network.platform)", "start": "\(day)T09:00:00Z", "end": "\(day)T12:00:00Z",
                         "audiences": [{"audience": "student", "headCount": 2}]}
                        """)
                let rule = answer["rules"]?.elements.first { $0["rule"] == "audience" }
                return rule?["facts"]?["missing"]?.elements ?? []
            }
            _ = try await desk.submit(file)
            #expect(try await missing(on: "2027-03-01") == [])
            _ = try await desk.recognise(file)
            #expect(try await missing(on: "2027-03-01") == ["student"])
            #expect(try await missing(on: "2026-12-31") == [])
        }
    }

    @Test func `a file in force cannot be edited, only superseded, and the database itself refuses`() async throws {
        try await withFileDesk { desk in
            let file = try await desk.complete()
            _ = try await desk.submit(file)
            _ = try await desk.recognise(file)
            #expect(try await desk.change(file).code == "fileInForce")
            #expect(try await desk.act("return", file, key: desk.network.networkKey, #"{"comment": "c"}"#).code == "fileInForce")
            #expect(try await desk.attach(to: file).code == "fileInForce")
            for command in ["update labels.recognition_file set audiences = '{worker}'", "delete from labels.recognition_file"] {
                let error = await #expect(throws: PostgresError.self) {
                    try await desk.server.database.owner.execute(script: command)
                }
                #expect(error?.sqlState?.rawValue == "23001", "\(command)")
            }
            let next = try await desk.server.send(
                .post, desk.drafts, key: desk.network.managerKey, json: #"{"basedOn": "\#(file)"}"#)
            #expect(next["answers", "trainingOffer"] == "Un catalogue.", "\(next.body)")
            #expect(next.missing.contains("evidenceMissing trainingOffer"))
        }
    }

    @Test func `only the centre drafts and submits, only the network recognises, nobody what they submitted themselves`() async throws {
        try await withFileDesk { desk in
            let (stranger, network) = (try await desk.stranger(), desk.network)
            for key in [network.companyKey, network.networkKey, network.authorityKey, stranger] {
                #expect(try await desk.server.send(.post, desk.drafts, key: key, json: "{}").status == .forbidden)
            }
            let file = try await desk.complete()
            let unknown = String(file.dropLast(12)) + "000000000000"
            for one in [file, unknown] {
                #expect(try await desk.get(one, key: stranger).status == .notFound)
                #expect(try await desk.get(one, key: network.companyKey).status == .notFound)
                #expect(try await desk.change(one, key: stranger).status == .notFound)
                #expect(try await desk.act("submission", one, key: stranger).status == .notFound)
            }
            _ = try await desk.submit(file)
            for key in [network.companyKey, network.managerKey, stranger] {
                #expect(try await desk.recognise(file, key: key).status == .forbidden)
            }
            // One person with both roles.
            let both = try await desk.server.send(
                .post, "/v1/organisations/\(network.networkOrganisation)/api-keys", key: network.networkKey,
                json: """
                    {"label": "both", "roles": [{"role": "labelAuthority"}, {"role": "centreManager", "centreId": "\(network.centre)"}]}
                    """)
            let key = try #require(both["key"]?.text, "\(both.body)")
            _ = try await desk.act("return", file, key: key, #"{"comment": "c"}"#)
            _ = try await desk.act("submission", file, key: key)
            #expect(try await desk.recognise(file, key: key).code == "samePerson")
        }
    }

    @Test func `a recognised file is public without its answers, an auditor reads all of it and changes nothing`() async throws {
        try await withFileDesk { desk in
            let file = try await desk.complete()
            let auditor = try await desk.networkKey("networkAuditor")
            #expect(try await desk.get(file, key: auditor)["answers", "trainingOffer"] == "Un catalogue.")
            #expect(try await desk.change(file, key: auditor).status == .forbidden)
            _ = try await desk.submit(file)
            #expect(try await desk.recognise(file, key: auditor).status == .forbidden)
            _ = try await desk.recognise(file)
            let open = try await desk.get(file, key: desk.network.companyKey)
            #expect(open["number"] == 2)
            #expect(open["answers"] == nil)
            #expect(open["version"] == nil)
            #expect(open["missions"]?.elements.count == 4)
        }
    }

    @Test func `a change needs the version that it was read from`() async throws {
        try await withFileDesk { desk in
            let file = try await desk.draft()
            let tag = try #require(try await desk.get(file).headers[.eTag])
            let changed = try await desk.change(file, tag: tag)
            #expect(changed.status == .ok)
            #expect(try await desk.change(file, tag: tag).status == .preconditionFailed)
            let fresh = try #require(changed.headers[.eTag])
            let held = try await desk.server.send(
                .get, "/v1/recognition-files/\(file)", key: desk.network.managerKey, headers: [.ifNoneMatch: fresh])
            #expect(held.status == .notModified)
        }
    }

    @Test func `drafts are listed with how much they lack, for the centre and the network alone`() async throws {
        try await withFileDesk { desk in
            let (first, second) = (try await desk.draft(), try await desk.complete())
            _ = try await desk.submit(second)
            let list = try await desk.server.send(.get, desk.drafts, key: desk.network.networkKey)
            #expect(list["items"]?.elements.map { $0["id"]?.text } == [second, first], "\(list.body)")
            #expect(list["items"]?.elements.map { $0["missing"] } == [0, 13])
            let submitted = try await desk.server.send(.get, "\(desk.drafts)?state=submitted", key: desk.network.managerKey)
            #expect(submitted["items"]?.elements.map { $0["id"]?.text } == [second])
            #expect(try await desk.server.send(.get, desk.drafts, key: desk.network.companyKey).status == .forbidden)
            #expect(try await desk.server.send(.get, desk.drafts, key: try await desk.stranger()).status == .notFound)
        }
    }
}
