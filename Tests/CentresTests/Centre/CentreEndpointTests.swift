import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite
struct CentreEndpointTests {
    @Test
    func `a new centre has a number, a name, its organisation and its holidays`() async throws {
        try await CentreDesk.with { desk in
            let centre = try await desk.get("/v1/centres/\(desk.centre)")
            #expect(centre.status == .ok)
            #expect(centre["number"] == 1)
            #expect(desk.centre.centreNumber == 1)
            #expect(centre["name"] == "Centre fictif")
            #expect(centre["names", 0, "from"]?.text == CentreDesk.today)
            #expect(centre["title"] == nil)
            #expect(centre.headers[.eTag] != nil)
            let organisation = try #require(centre["organisationId"]?.text)
            let booker = try await desk.get("/v1/organisations/\(organisation)")
            #expect(booker["kind"] == "centre")
            #expect(booker["centreId"]?.text == desk.centre.description)
            let closed = try await desk.get("/v1/centres/\(desk.centre)/closed-days?from=2026-01-01&to=2026-12-31")
            #expect(closed["items"]?.elements.count == 10)
            #expect(closed["items", 0, "reason"] == "holiday.newYear")
        }
    }

    @Test
    func `centres are listed by number, the network first, with names`() async throws {
        try await CentreDesk.with { desk in
            let second = try await desk.server.send(
                .post, "/v1/centres", key: desk.key,
                json: #"{"name":"Second","carrier":"forem","enterpriseNumber":"1999000249","namedFrom":"2020-01-01"}"#)
            #expect(second.status == .created)
            #expect(second["number"] == 2)
            let list = try await desk.get("/v1/centres")
            #expect(list["items"]?.elements.map { $0["number"]?.number } == [0, 1, 2])
            #expect(list["items", 0, "kind"] == "network")
            #expect(list["items", 2, "names", 0, "from"] == "2020-01-01")
            #expect(second["organisationId"] == list["items", 2, "organisationId"])
        }
    }

    @Test
    func `centres made at once get numbers of their own`() async throws {
        try await CentreDesk.with { desk in
            let numbers = try await withThrowingTaskGroup(of: Double?.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        let answer = try await desk.server.send(
                            .post, "/v1/centres", key: desk.key,
                            json: #"{"name":"Centre \#(number)","carrier":"asbl","enterpriseNumber":"1999000249"}"#)
                        return answer["number"]?.number
                    }
                }
                return try await group.reduce(into: Set<Double>()) { if let number = $1 { $0.insert(number) } }
            }
            #expect(numbers == [2, 3, 4, 5, 6, 7])
        }
    }

    @Test
    func `a renamed centre keeps its earlier name for the earlier days`() async throws {
        try await CentreDesk.with { desk in
            let path = "/v1/centres/\(desk.centre)"
            func rename(_ body: String, _ version: String?) async throws -> TestAnswer {
                let headers: HTTPFields = version.map { [CentreDesk.ifMatch: $0] } ?? [:]
                return try await desk.server.send(.patch, path, key: desk.key, headers: headers, json: body)
            }
            let tag = try #require(try await desk.get(path).headers[.eTag])
            #expect(try await rename(#"{"name":"Neuf"}"#, nil).status == .preconditionRequired)
            let history = try await rename(#"{"name":"Neuf","from":"0001-01-01"}"#, tag)
            #expect(history.status == .badRequest)
            #expect(history["issues", 0, "name"] == "/from")
            let renamed = try await rename(#"{"name":"Neuf","from":"2026-11-01"}"#, tag)
            #expect(renamed.status == .ok)
            #expect(renamed["name"] == "Centre fictif")
            #expect(renamed["names", 0, "to"] == "2026-10-31")
            #expect(renamed["names", 1, "name"] == "Neuf")
            #expect(try await rename(#"{"name":"Autre"}"#, tag).status == .preconditionFailed)
        }
    }

    @Test
    func `the title is shown while the label is in force`() async throws {
        try await CentreDesk.with { desk in
            for (status, title) in [("labelled", true), ("provisional", true), ("suspended", false), ("expired", false)] {
                _ = try await desk.server.database.owner.queryText("set role plateau_functions", [])
                _ = try await desk.server.database.owner.queryText("delete from labels.label_period", [])
                _ = try await desk.server.database.owner.queryText(
                    "insert into labels.label_period (centre_id, during, status) values (1, '[2026-10-05,2026-10-06)', $1)", [status])
                _ = try await desk.server.database.owner.queryText("reset role", [])
                let centre = try await desk.get("/v1/centres/\(desk.centre)")
                #expect(centre["title"] == (title ? "Centre de compétence" : nil), "\(status)")
            }
        }
    }

    @Test(arguments: [
        #"{"carrier":"asbl","enterpriseNumber":"1999000249"}"#, #"{"name":" ","carrier":"asbl","enterpriseNumber":"1999000249"}"#,
        #"{"name":"C","carrier":"roi","enterpriseNumber":"1999000249"}"#,
        #"{"name":"C","carrier":"asbl","enterpriseNumber":"1999000249","zone":"Europe/Nowhere"}"#,
        #"{"name":"C","carrier":"asbl","enterpriseNumber":"1999000249","namedFrom":"2030-01-01"}"#,
    ])
    func `a centre without name, carrier, zone or a name for today is refused`(body: String) async throws {
        try await CentreDesk.with { desk in
            let answer = try await desk.server.send(.post, "/v1/centres", key: desk.key, json: body)
            #expect(answer.status == .badRequest)
            #expect(answer["issues"]?.elements.isEmpty == false)
        }
    }

    @Test
    func `what does not exist is 404`() async throws {
        try await CentreDesk.with { desk in
            let missing = "0192c000-0000-7000-8000-000000000000"
            for path in ["centres/\(missing)", "centres/\(missing)/sites", "sites/\(missing)", "centres/nothing"] {
                let answer = try await desk.get("/v1/\(path)")
                #expect(answer.status == .notFound, "\(path)")
            }
        }
    }
}
