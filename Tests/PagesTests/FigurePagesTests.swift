import Composition
import HTTPEdge
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Figures by pages")
struct FigurePagesTests {
    private static let days = "from=2027-03-01&to=2027-03-07"

    @Test
    func `a part that was used through its hall is no idle resource, and the hours of the week say when`() async throws {
        try await withTestServer { server in
            let network = try await Self.withBookedHall(server)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let page = try await desk.get("/centres/\(network.centre)/utilisation?\(Self.days)")
            #expect(page.status == .ok, "\(page.body)")
            #expect(page.body.contains("2 resources stood idle: Robot fictif and Robot fictif."), "\(page.body)")
            #expect(page.body.contains("with Hall fictif") && page.body.contains("counted with the whole"))
            #expect(page.body.contains("Taken most: Wednesday at 9:00 (86%)."))
            #expect(page.body.contains("class=\"heat3\"") && page.body.contains("No request was turned away"))
            #expect(page.body.contains("Occupancy is 2%"), "3 of 168 hours")
            let french = try await desk.get("/centres/\(network.centre)/utilisation?\(Self.days)", language: "fr")
            #expect(french.body.contains("Le plus pris : mercredi à 9 h (86\u{A0}%)."))
            let table = try await desk.get("/centres/\(network.centre)/utilisation.csv?\(Self.days)")
            #expect(table.headers[.contentType]?.hasPrefix("text/csv") == true && table.body.contains("Hall fictif"))
        }
    }

    @Test
    func `occupancy by month is told in a sentence too, and its table stands outside what closes`() async throws {
        try await withTestServer { server in
            let network = try await Self.withBookedHall(server)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let page = try await desk.get("/centres/\(network.centre)/utilisation?from=2027-02-01&to=2027-04-30")
            #expect(page.body.contains("From 0% (2/2027) to 0% (4/2027); at most"), "\(page.body)")
            // Paper shows nothing of what is in a closed `details`.
            #expect(page.body.contains("</summary></details><div class=\"table\""))
            #expect(!page.body.contains(/<details[^>]*>(?:(?!<\/details>)[\s\S])*<table/))
        }
    }

    @Test
    func `the network sees its centres side by side, and a centre's staff sees no other's figures`() async throws {
        try await withTestServer { server in
            let network = try await Self.withBookedHall(server)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.networkKey)
            let page = try await desk.get("/utilisation?\(Self.days)")
            #expect(
                page.body.contains("1 centre, 1 bookings") && page.body.contains("/centres/\(network.centre)/utilisation?from=2027-03-01"))
            let company = TestBrowser(server)
            _ = try await company.signIn(with: network.companyKey)
            #expect(try await company.get("/centres/\(network.centre)/utilisation.csv?\(Self.days)").status == .forbidden)
            #expect(try await company.get("/utilisation").status == .forbidden)
        }
    }

    @Test
    func `who came stands beside who was expected, with late arrivals and downtime`() async throws {
        try await withTestServer { server in
            let network = try await Self.withBookedHall(server)
            let booked = try await server.send(
                .post, "/v1/bookings", key: network.companyKey,
                json: """
                    {"activity": "bespokeTraining", "audiences": [{"audience": "worker", "headCount": 6}],
                    "lines": [{"resourceId": "\(network.platform)", "seats": 6,
                    "start": "2027-03-04T08:00:00Z", "end": "2027-03-04T10:00:00Z"}]}
                    """)
            let id = try #require(booked["id"]?.text, "\(booked.body)")
            for (moment, command, body) in [
                ("2027-03-04 08:12+00", "check-in", "{}"),
                ("2027-03-04 09:12+00", "check-out", #"{"attendance": {"audiences": [{"audience": "worker", "headCount": 5}]}}"#),
            ] {
                let seconds = try await server.database.owner.queryText(
                    "select ceil(extract(epoch from $1::timestamptz - clock_timestamp()))::text", [moment])
                try await server.database.setClock(offset: .seconds(try #require(seconds[0][0].flatMap { Int($0) })))
                let done = try await server.send(
                    .post, "/v1/bookings/\(id)/\(command)", key: network.companyKey, headers: [.ifMatch: "*"], json: body)
                #expect(done.status == .ok, "\(done.body)")
            }
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let page = try await desk.get("/centres/\(network.centre)/utilisation?\(Self.days)")
            #expect(page.body.contains("Trainee-hours attended") && page.body.contains("Participations attended"), "\(page.body)")
            #expect(page.body.contains("<td>12</td><td>5</td><td>6</td><td>5</td>"), "\(page.body)")
            #expect(page.body.contains("1 of 1, by 12 min on average") && page.body.contains("Workstation-hours lost to faults"))
            let french = try await desk.get("/centres/\(network.centre)/utilisation?\(Self.days)", language: "fr")
            #expect(french.body.contains("Heures-stagiaires suivies") && french.body.contains("1 sur 1, de 12 min en moyenne"))
        }
    }

    /// The hall has a bay, and is taken as a whole on a Wednesday morning.
    private static func withBookedHall(_ server: TestServer) async throws -> TestNetwork {
        let network = try await TestNetwork.make(in: server.database)
        let bay = try await server.send(
            .post, "/v1/centres/\(network.centre)/platforms", key: network.managerKey,
            json: """
                {"siteId": "\(network.site)", "parentId": "\(network.platform)", "name": "Baie fictive", "visibility": "shared",
                "workstations": 4, "rules": {"minimumMinutes": 15, "gridMinutes": 15}}
                """)
        #expect(bay.status == .created, "\(bay.body)")
        let booked = try await server.send(
            .post, "/v1/bookings", key: network.companyKey,
            json: """
                {"activity": "demonstration", "lines": [{"resourceId": "\(network.platform)", "exclusive": true,
                "start": "2027-03-03T08:00:00Z", "end": "2027-03-03T11:00:00Z"}]}
                """)
        #expect(booked.status == .created, "\(booked.body)")
        return network
    }
}
