import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Funding by pages")
struct FundingPagesTests {
    @Test func `those who run a machine read who paid it and how much of its use is economic; others do not`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let now = SystemWallClock().now()
            let year = LocalDay(daysSince1970: Int32(now.microsecondsSince1970 / 86_400_000_000)).year
            let machine = "/equipment/\(network.units[0])"
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let bare = try await desk.get(machine)
            #expect(bare.body.contains("No funding line."), "\(bare.body)")
            let made = try await server.send(
                .post, "/v1/equipment/\(network.units[0])/funding-lines", key: network.managerKey,
                json: """
                    {"body": "Fonds & fictif", "nature": "public", "sharePercent": 40, "programme": "FEDER", "from": "2026-01-01",
                     "durableUntil": "2099-12-31"}
                    """)
            #expect(made.status == .created, "\(made.body)")
            let shown = try await desk.get(machine)
            for text in ["Fonds &amp; fictif", "public money", "FEDER", "31 December 2099", "Nothing is booked this year."] {
                #expect(shown.body.contains(text), "\(text): \(shown.body)")
            }
            let figures = try await desk.get("/centres/\(network.centre)/utilisation?from=\(year)-01-01&to=\(year)-12-31")
            #expect(figures.body.contains("\(year): 1 funded machine, of which 0 above"), "\(figures.body)")
            #expect(figures.body.contains("No agreement gives hours."))
            let guest = TestBrowser(server)
            _ = try await guest.signIn(with: network.companyKey)
            let seen = try await guest.get(machine)
            #expect(seen.status == .ok && !seen.body.contains("FEDER"), "\(seen.body)")
        }
    }
}
