import HTTPTypes
import TestSupport
import Testing

@Suite("The page of a centre")
struct CentrePagesTests {
    @Test
    func `beside the town of a site stands its municipality of today, where that has another name`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            func enter(_ version: String, _ body: String) async throws {
                let answer = try await server.send(.put, "/v1/municipality-lists/DEMO/\(version)", key: network.networkKey, json: body)
                #expect(answer.status == .ok, "\(answer.body)")
            }
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            #expect(try await desk.get("/centres/\(network.centre)").body.contains("Mons (fixed)"))
            try await enter(
                "1", #"{"validFrom":"2019-01-01","codePattern":"9","municipalities":[{"code":"1","name":"Mons"}]}"#)
            let stored = try await server.send(
                .patch, "/v1/sites/\(network.site)", key: network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"municipality":{"scheme":"DEMO","version":"1","code":"1"}}"#)
            #expect(stored.status == .ok, "\(stored.body)")
            #expect(try await desk.get("/centres/\(network.centre)").body.contains("Mons (fixed)"))
            try await enter(
                "2",
                """
                {"validFrom":"2020-01-01","codePattern":"9","successors":[{"code":"1","successors":["2","3"]}],
                 "municipalities":[{"code":"2","name":"Haine","names":{"en":"Haine-on-Sea"}},{"code":"3","name":"Trouille"}]}
                """)
            let page = try await desk.get("/centres/\(network.centre)")
            #expect(page.body.contains("Mons, municipality: Haine-on-Sea / Trouille (fixed)"), "\(page.body)")
            let french = try await desk.get("/centres/\(network.centre)", language: "fr")
            #expect(french.body.contains("Mons, commune : Haine / Trouille (fixe)"), "\(french.body)")
        }
    }
}
