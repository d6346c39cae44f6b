import HTTPEdge
import HTTPTypes
@testable import Labels
import Postgres
import TestSupport
import Testing

@Suite("The public register")
struct RegisterEndpointTests {
    @Test func `anybody reads the labelled centres of a day, with the decision behind each`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database, labelEnd: "2027-06-30")
            let answer = try await server.send(.get, "/v1/labelled-centres?on=2027-06-30")
            #expect(answer.status == .ok, "\(answer.body)")
            #expect(answer["on"] == "2027-06-30")
            #expect(answer["items", 0, "centreId"]?.text == "\(network.centre)")
            #expect(answer["items", 0, "title"] == "Centre de compétence")
            #expect(answer["items", 0, "from"] == "2020-01-01")
            #expect(answer["items", 0, "to"] == "2027-06-30")
            #expect(answer["items", 0, "reference"] == "fictif")
            #expect(answer["items", 0, "sectors"] == .array(["metal"]))
            #expect(answer["items"]?.elements.count == 1, "the network holds no label")
            #expect(try await server.send(.get, "/v1/labelled-centres?on=2027-07-01")["items"] == .array([]))
            #expect(try await server.send(.get, "/v1/labelled-centres?on=2019-12-31")["items"] == .array([]))
        }
    }

    @Test func `a suspended centre is not in it meanwhile, and what was known before is told as it was known`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let before = try await server.database.owner.queryText("select to_char(clock_timestamp(), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
            let proposal = try await server.send(
                .post, "/v1/centres/\(network.centre)/label-decisions", key: network.authorityKey,
                json: """
                    {"kind": "suspend", "authority": "minister", "reference": "fictif", "decidedOn": "2026-11-01",
                     "effectiveFrom": "2027-03-01", "effectiveTo": "2027-03-31"}
                    """)
            let id = try #require(proposal["id"]?.text)
            let approved = try await server.send(
                .post, "/v1/label-decisions/\(id)/approval", key: network.secondAuthorityKey, json: "{}")
            #expect(approved.status == .ok)
            for (day, count) in [("2027-02-28", 1), ("2027-03-15", 0), ("2027-04-01", 1)] {
                #expect(try await server.send(.get, "/v1/labelled-centres?on=\(day)")["items"]?.elements.count == count)
            }
            let moment = try #require(before.first?.first ?? nil)
            let known = try await server.send(.get, "/v1/labelled-centres?on=2027-03-15&knownAt=\(moment)")
            #expect(known["items"]?.elements.count == 1, "\(known.body)")
            #expect(known["knownAt"] != nil)
            let future = try await server.send(.get, "/v1/labelled-centres?knownAt=2999-01-01T00:00:00Z")
            #expect(future["type"] == "urn:problem-type:plateau:knownAtInFuture")
        }
    }

    @Test(arguments: ["/v1/labelled-centres", "/v1/labelled-centres.csv"])
    func `whoever has it is told so, and every cache may keep it for a while`(path: String) async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let first = try await server.send(.get, path)
            let tag = try #require(first.headers[.eTag])
            #expect(first.headers[.cacheControl] == "public, max-age=300")
            let again = try await server.send(.get, path, headers: [.ifNoneMatch: tag])
            #expect(again.status == .notModified)
            #expect(again.body.isEmpty)
            #expect(again.headers[.eTag] == tag)
            #expect(again.headers[.cacheControl] == "public, max-age=300")
            let renamed = try await server.send(
                .patch, "/v1/centres/\(network.centre)", key: network.managerKey, headers: [.ifMatch: "*"], json: #"{"name": "Autre nom"}"#)
            #expect(renamed.status == .ok, "\(renamed.body)")
            let changed = try await server.send(.get, path, headers: [.ifNoneMatch: tag])
            #expect(changed.status == .ok)
            #expect(changed.body.contains("Autre nom"))
        }
    }

    @Test func `as CSV it opens in a French spreadsheet`() async throws {
        try await withTestServer { server in
            _ = try await TestNetwork.make(in: server.database, labelEnd: "2027-06-30")
            let answer = try await server.send(.get, "/v1/labelled-centres.csv?on=2027-01-01")
            #expect(answer.headers[.contentType] == "text/csv; charset=utf-8; header=present")
            #expect(answer.headers[.contentDisposition] == #"attachment; filename="centres-labellises-2027-01-01.csv""#)
            #expect(answer.body.unicodeScalars.first == "\u{FEFF}", "else Excel takes it for Windows-1252")
            let lines = answer.body.split(separator: "\r\n")
            #expect(lines.count == 2)
            #expect(lines[0].hasPrefix("\u{FEFF}numero;nom;titre;porteur;statut;du;au;fin_du_terme;autorite;"))
            let row = "1;Centre fictif;Centre de compétence;asbl;labelled;2020-01-01;2027-06-30;2027-06-30;government;fictif;"
            #expect(lines[1].hasPrefix(row), "\(answer.body)")
            #expect(lines.allSatisfy { $0.count(where: { $0 == ";" }) == 15 })
        }
    }

    @Test(arguments: [
        ("plain", "plain"), ("a;b", "\"a;b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"),
        ("-2;3", "\"'-2;3\""), ("two\r\nlines", "\"two\r\nlines\""), ("", ""), ("été", "été"),
    ])
    func `a cell is quoted where needed and never a formula`(text: String, cell: String) {
        #expect(SpreadsheetText.cell(text) == cell)
    }
}
