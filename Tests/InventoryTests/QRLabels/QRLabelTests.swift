import Foundation
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Inventory

@Suite("QR labels")
struct QRLabelTests {
    @Test
    func `a label names the machine and opens its page; a platform's opens the platform`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let machine = try await server.send(.get, "/v1/resources/\(network.units[0])/qr-label.svg", key: network.companyKey)
            #expect(machine.status == .ok)
            #expect(machine.headers[.contentType] == "image/svg+xml")
            #expect(machine.body.contains("/equipment/\(network.units[0])</desc>"), "\(machine.body)")
            #expect(machine.body.contains(">INV-1</text>") && machine.body.contains(">Robot fictif</text>"))
            let platform = try await server.send(.get, "/v1/resources/\(network.platform)/qr-label.svg", key: network.companyKey)
            #expect(platform.body.contains("/platforms/\(network.platform)</desc>"))
            #expect(try await server.send(.get, "/v1/resources/\(network.site)/qr-label.svg", key: network.companyKey).status == .notFound)
            let workstation = try await server.send(
                .post, "/v1/platforms/\(network.platform)/workstations", key: network.managerKey, json: #"{"name": "Poste 1"}"#)
            let id = try #require(workstation["id"]?.text)
            let label = try await server.send(.get, "/v1/resources/\(id)/qr-label.svg", key: network.companyKey)
            #expect(label.body.contains("/platforms/\(network.platform)</desc>") && label.body.contains(">Poste 1</text>"))
        }
    }

    @Test(arguments: [
        ("Poste TIG", ["Poste TIG"]), ("Tour à commande numérique", ["Tour à commande", "numérique"]),
        ("Rétrofluorospectrophotomètre", ["Rétrofluorospectr", "ophotomètre"]), ("", []), ("a b", ["a b"]),
        ("un deux trois quatre cinq six sept huit neuf", ["un deux trois", "quatre cinq six…"]),
    ])
    func `a name is broken where its line ends, and cut where the label does`(name: String, lines: [String]) {
        #expect(QRLabel.broken(name, most: 2) == lines)
        #expect(QRLabel.broken(name, most: 2).allSatisfy { $0.count <= 17 })
    }

    @Test
    func `what a name holds does not become a part of the drawing`() throws {
        let label = try #require(QRLabel(address: "https://x", name: "<script>&\"", number: nil, centre: "C"))
        #expect(!label.svg.contains("<script>"))
        #expect(label.svg.contains("&lt;script&gt;&amp;&quot;"))
        #expect(QRLabel(address: String(repeating: "x", count: 2_000), name: "n", number: nil, centre: "C") == nil)
    }
}
