import Access
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite
struct OrganisationEndpointTests {
    /// Numbers of the enterprise register that pass its check: one starting with 1, one whose check digits are 97, one punctuated.
    @Test(arguments: ["1999000150", "1999005197", "1.999.000.348", "BE1999000249"])
    func `an enterprise number is taken in every usual form and kept as ten digits`(number: String) async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let answer = try await server.send(
                .post, "/v1/organisations", key: desk.key,
                json: #"{"kind":"company","name":"Fictive","enterpriseNumber":"\#(number)","establishmentNumber":"8999000103"}"#)
            #expect(answer.status == .created)
            #expect(answer["enterpriseNumber"]?.text == String(number.filter(\.isNumber)))
            #expect(answer["establishmentNumber"] == "8999000103")
            #expect(answer["isFictional"] == false)
            let location = try #require(answer.headers[.location])
            let read = try await server.send(.get, location, key: desk.key)
            #expect(read["name"] == "Fictive")
            #expect(read["memberships"]?.elements.isEmpty == true)
        }
    }

    @Test(arguments: [
        ("enterpriseNumber", #""1999000151""#), ("enterpriseNumber", #""2999000150""#), ("enterpriseNumber", #""199900015""#),
        ("enterpriseNumber", "1999000150"), ("establishmentNumber", #""1999000150""#), ("establishmentNumber", #""8999000104""#),
    ])
    func `a number whose check digits are wrong is named in the issues`(field: String, value: String) async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let number = field == "enterpriseNumber" ? value : #""1999000150","establishmentNumber":\#(value)"#
            let answer = try await server.send(
                .post, "/v1/organisations", key: desk.key, json: #"{"kind":"company","name":"F","enterpriseNumber":\#(number)}"#)
            #expect(answer.status == .badRequest)
            #expect(answer["issues"]?.elements.count == 1)
            #expect(answer["issues", 0, "name"]?.text == "/\(field)")
        }
    }

    @Test
    func `the database refuses a wrong enterprise number by itself`() async throws {
        try await withTestDatabase { database in
            let rows = try await database.owner.queryText(
                """
                select n, access.is_enterprise_number(n)
                from unnest(array['1999000150', '1999000249', '1999000348', '1999005197', '0999000151', '2999000150', '']) n
                """, [])
            #expect(rows.map { $0[1] } == ["t", "t", "t", "t", "f", "f", "f"])
        }
    }

    @Test
    func `case 17: one company has two establishment units, each an organisation of its own beside the enterprise`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            var ids: Set<String> = []
            for unit in [nil, "8999000103", "8999000202"] {
                let more = unit.map { #","establishmentNumber":"\#($0)""# } ?? ""
                let answer = try await server.send(
                    .post, "/v1/organisations", key: desk.key,
                    json: #"{"kind":"company","name":"Fictive","enterpriseNumber":"1999000150"\#(more)}"#)
                #expect(answer.status == .created, "\(answer.body)")
                let id = try #require(answer["id"]?.text)
                ids.insert(id)
                let read = try await server.send(.get, "/v1/organisations/\(id)", key: desk.key)
                #expect(read["enterpriseNumber"] == "1999000150" && read["establishmentNumber"]?.text == unit, "\(read.body)")
            }
            #expect(ids.count == 3)
        }
    }

    @Test
    func `a member sees its own organisation, and any other as missing`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let company = try await desk.addCompany()
            let rival = try await desk.addCompany("Rivale fictive")
            let key = try await desk.issueKey([.member], for: company).secret.text
            #expect(try await server.send(.get, "/v1/organisations/\(company)", key: key).status == .ok)
            #expect(try await server.send(.get, "/v1/organisations/\(rival)", key: key).status == .notFound)
            let list = try await server.send(.get, "/v1/organisations", key: key)
            #expect(list["items"]?.elements.compactMap { $0["id"]?.text } == [company.description])
            #expect(try await server.send(.post, "/v1/organisations", key: key, json: "{}").status == .forbidden)
        }
    }

    @Test
    func `pages of organisations follow each other without gap or repeat`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            for number in 0..<5 { _ = try await desk.addCompany("Fictive \(number)") }
            var names: [String] = []
            var path: String? = "/v1/organisations?kind=company&pageSize=2"
            while let current = path {
                let page = try await server.send(.get, current, key: desk.key)
                names += page["items"]?.elements.compactMap { $0["name"]?.text } ?? []
                path = page["next"]?.text.map { "/v1/organisations?kind=company&cursor=\($0)" }
            }
            #expect(names.sorted() == (0..<5).map { "Fictive \($0)" })
        }
    }
}
