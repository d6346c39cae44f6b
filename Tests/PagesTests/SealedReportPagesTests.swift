import Composition
import HTTPEdge
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Sealed reports by pages")
struct SealedReportPagesTests {
    private static let days = "from=2027-03-01&to=2027-03-07"

    @Test
    func `a sealed report is read with its figures, made again with the same hash, and compared with its version before`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let first = try await Self.seal(server, network, minutes: 5)
            try await Self.book(server, network)
            let second = try await Self.seal(server, network, minutes: 10)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let page = try await desk.get("/sealed-reports/\(second)")
            #expect(page.status == .ok && page.headers[.contentType] == "text/html; charset=utf-8", "\(page.body)")
            #expect(page.body.contains("Hall fictif") && page.body.contains("Version 1") && page.body.contains("this one"))
            #expect(page.body.contains("differ from version 1."), "\(page.body)")
            #expect(page.body.contains("Resources › Hall fictif › booked"), "\(page.body)")
            #expect(page.body.contains("5\u{A0}h\u{A0}30\u{A0}min"), "to the minute, of two places: \(page.body)")
            #expect(!page.body.contains("bookedMinutes"), "codes are said in words")
            let again = try await desk.get("/sealed-reports/\(second)/reproduction")
            #expect(again.status == .ok && again.body.contains("Made again: same hash."), "\(again.body)")
            let french = try await desk.get("/sealed-reports/\(second)/reproduction", language: "fr")
            #expect(french.body.contains("Refait : même empreinte."))
            let older = try await desk.get("/sealed-reports/\(first)")
            #expect(older.body.contains("/sealed-reports/\(second)") && !older.body.contains("differ from version"))
            let document = try await desk.get("/sealed-reports/\(first)/document")
            #expect(document.headers[.contentType]?.hasPrefix("application/json") == true && document.body.contains("workstationMinutes"))
            let company = TestBrowser(server)
            _ = try await company.signIn(with: network.companyKey)
            #expect(try await company.get("/sealed-reports/\(first)").status == .forbidden)
        }
    }

    @Test
    func `the dashboard shows figures as they were known at a moment, and never those of the future`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            try await Self.book(server, network)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let path = "/centres/\(network.centre)/utilisation?\(Self.days)"
            let now = try await desk.get(path)
            #expect(now.body.contains("name=\"knownAt\"") && now.body.contains("Against before"))
            let then = try await desk.get("\(path)&knownAt=2026-11-01T08:00")
            #expect(then.status == .ok && then.body.contains("as they were known at that moment"), "\(then.body)")
            #expect(!then.body.contains("Against before") && then.body.contains("value=\"2026-11-01T08:00\""))
            #expect(then.body.contains("knownAt=2026-11-01T08%3A00"), "the table to download is of the same moment")
            let file = path.replacing("/utilisation?", with: "/utilisation.csv?")
            for (moment, english, french) in [
                ("2099-01-01T08:00", "Nobody knows the future", "On ne connaît pas l’avenir"),
                ("soon", "This moment cannot be read", "Ce moment ne se lit pas"),
                ("1969-12-31T08:00", "or is before 1970", "ou vient avant 1970"),
            ] {
                let told = try await desk.get("\(path)&knownAt=\(moment)")
                #expect(told.status == .unprocessableContent && told.body.contains(english), "\(moment)")
                #expect(told.body.contains("Against before"))
                #expect(try await desk.get("\(path)&knownAt=\(moment)", language: "fr").body.contains(french), "\(moment)")
                let table = try await desk.get("\(file)&knownAt=\(moment)")
                #expect(table.status == .unprocessableContent && table.body.contains(english), "\(moment)")
            }
        }
    }

    /// As the clock is so many minutes ahead; what is a minute old is counted.
    private static func seal(_ server: TestServer, _ network: TestNetwork, minutes: Int) async throws -> String {
        try await server.database.setClock(offset: .seconds(60 * minutes))
        let sealed = try await server.send(
            .post, "/v1/centres/\(network.centre)/sealed-reports", key: network.managerKey,
            json: #"{"from": "2027-03-01", "to": "2027-03-07"}"#)
        return try #require(sealed["id"]?.text, "\(sealed.body)")
    }

    private static func book(_ server: TestServer, _ network: TestNetwork) async throws {
        let made = try await server.send(
            .post, "/v1/bookings", key: network.companyKey,
            json: """
                {"activity": "catalogueTraining", "audiences": [{"audience": "worker", "headCount": 2}],
                "lines": [{"resourceId": "\(network.platform)", "start": "2027-03-03T08:00:00Z", "end": "2027-03-03T10:45:00Z",
                "seats": 2}]}
                """)
        #expect(made.status == .created, "\(made.body)")
    }
}
