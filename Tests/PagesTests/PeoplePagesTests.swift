import HTTPTypes
import TestSupport
import Testing

@Suite("The page of persons")
struct PeoplePagesTests {
    @Test
    func `a manager of the network registers and removes a person of any organisation`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.networkKey)
            let page = try await browser.get("/people?organisation=\(network.company)")
            #expect(page.status == .ok && page.body.contains("Nobody is registered in this organisation."))
            #expect(page.body.contains("Boulonnerie fictive</option>") && page.body.contains("aria-current=\"page\">Persons</a>"))
            let (token, once) = (page.field("formToken") ?? "", page.field("idempotencyKey") ?? "")
            let made = try await browser.submit(
                "/people",
                [
                    "formToken": token, "idempotencyKey": once, "organisation": "\(network.company)", "name": "Marie <Dupont>",
                    "email": "marie@boulonnerie.example", "role": "booker", "centre": "",
                ])
            #expect(made.status == .seeOther)
            let listed = try await browser.get(try #require(made.headers[.location]))
            #expect(listed.body.contains("The person is registered") && listed.body.contains("Marie &lt;Dupont&gt;"))
            #expect(listed.body.contains("marie@boulonnerie.example") && listed.body.contains("not signed in yet"))

            let refused = try await browser.submit(
                "/people",
                [
                    "formToken": token, "idempotencyKey": "x1", "organisation": "\(network.company)", "name": "Jean", "email": "jean",
                    "role": "centreStaff",
                ])
            #expect(refused.status == .unprocessableContent && refused.body.contains("role=\"alert\""))
            #expect(refused.body.contains("value=\"jean\"") && refused.body.contains("value=\"centreStaff\" selected"))

            let start = try #require(listed.body.firstRange(of: "action=\"/people/"))
            let id = listed.body[start.upperBound...].prefix { $0 != "/" }
            let removed = try await browser.submit(
                "/people/\(id)/removal", ["formToken": token, "organisation": "\(network.company)"])
            #expect(removed.status == .seeOther)
            let after = try await browser.get(try #require(removed.headers[.location]))
            #expect(after.body.contains("can sign in no more") && !after.body.contains("marie@boulonnerie.example"))
        }
    }
}
