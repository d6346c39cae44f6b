import Foundation
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Import and export of platforms")
struct PlatformImportTests {
    private static let header = "name;site;visibility;workstations;parent;sectors;supervision;gridMinutes;personLimit"

    @Test
    func `a hall and its bay come in whatever their order, and a second time change nothing`() async throws {
        try await withNetwork { server, network in
            let table = """
                \(Self.header)
                Baie;Site fictif;shared;3;Grand hall;metal soudage;centreInstructor;30;
                Grand hall;Site fictif;shared;10;;;;;40
                """
            let first = try await Self.enter(server, network, table)
            #expect(first["created"] == 2, "\(first.body)")
            let platforms = try await server.send(.get, "/v1/platforms?centreId=\(network.centre)", key: network.managerKey)
            let bay = try #require(platforms["items"]?.elements.first { $0["name"] == "Baie" })
            let hall = try #require(platforms["items"]?.elements.first { $0["name"] == "Grand hall" })
            #expect(bay["parentId"] == hall["id"])
            #expect(bay["sectors"]?.elements == ["metal", "soudage"])
            #expect(bay["rules"]?["gridMinutes"] == 30)
            #expect(hall["personLimit"] == 40)
            #expect(try await Self.enter(server, network, table)["unchanged"] == 2)
            let changed = try await Self.enter(server, network, table.replacing("shared;3", with: "local;4"))
            #expect(changed["lines"]?.elements.map { $0["outcome"]?.text } == ["updated", "unchanged"])
        }
    }

    @Test
    func `what comes out goes in as it was, prerequisites untouched`() async throws {
        try await withNetwork { server, network in
            let required = try await server.send(
                .patch, "/v1/platforms/\(network.platform)", key: network.managerKey, headers: [.ifMatch: "*"],
                json: """
                    {"prerequisites": [{"holder": "participant", "attestation": "weldingLicence", "note": "TIG"}], "description": "=A; b"}
                    """)
            #expect(required.status == .ok, "\(required.body)")
            let path = "/v1/centres/\(network.centre)/platforms.csv"
            let table = try await server.send(.get, path, key: network.managerKey)
            #expect(try await Self.enter(server, network, table.body)["unchanged"] == 1)
            let renamed = try await Self.enter(server, network, table.body.replacing("Hall fictif", with: "Halle"))
            #expect(renamed["updated"] == 1, "\(renamed.body)")
            let platform = try await server.send(.get, "/v1/platforms/\(network.platform)", key: network.managerKey)
            #expect(platform["name"] == "Halle")
            #expect(platform["prerequisites", 0, "note"] == "TIG")
            #expect(try await server.send(.get, path, key: network.managerKey).body == table.body.replacing("Hall fictif", with: "Halle"))
        }
    }

    @Test(arguments: [
        ("A;Nulle part;shared;3;;;;;", "site", "nameUnknown"), ("A;Site fictif;shared;3;Rien;;;;", "parent", "nameUnknown"),
        ("A;Site fictif;shared;0;;;;;", "workstations", "range"), ("A;Site fictif;shared;;;;;;", "workstations", "missing"),
        ("A;Site fictif;shared;3;;Métal;;;", "sectors", "tag"), ("A;Site fictif;shared;3;;;nobody;;", "supervision", "choice"),
        ("A;Site fictif;shared;30;Hall fictif;;;;", "workstations", "parentSmaller"),
        ("A;Site fictif;shared;3;A;;;;", "parent", "nameUnknown"), ("A;Site fictif;shared;3", "", "cells"),
        ("A;Site fictif;shared;3;;;;1440;\nA;Site fictif;shared;4;;;;;", "name", "keyTwice"),
        ("A;Site fictif;shared;3;B;;;;\nB;Site fictif;shared;3;A;;;;", "parent", "parentInside"),
    ])
    func `a line at fault says where and why, and the others are entered when that is asked`(
        line: String, column: String, code: String
    ) async throws {
        try await withNetwork { server, network in
            let table = "\(Self.header)\n\(line)\nAtelier;Site fictif;local;2;;;;;\n"
            let refused = try await Self.enter(server, network, table)
            #expect(refused.status == .unprocessableContent)
            let faults = refused["report", "faults"]?.elements ?? []
            #expect(faults.contains { ($0["column"]?.text ?? "") == column && $0["code"]?.text == code }, "\(refused.body)")
            #expect(faults.allSatisfy { $0["detail"]?.text?.hasPrefix("reason.") == false })
            let some = try await Self.enter(server, network, table, query: "?mode=acceptedLines")
            #expect(some["lines"]?.elements.last?["outcome"] == "created", "\(some.body)")
        }
    }

    @Test
    func `fewer workstations than are booked are refused with how many are`() async throws {
        try await withNetwork { server, network in
            _ = try await server.send(
                .post, "/v1/bookings", key: network.companyKey,
                json: """
                    {"activity": "demonstration", "lines": [{"resourceId": "\(network.platform)", "seats": 5,
                     "start": "2027-05-04T09:00:00Z", "end": "2027-05-04T10:00:00Z"}]}
                    """)
            let answer = try await Self.enter(server, network, "\(Self.header)\nHall fictif;Site fictif;shared;2;;;;;\n")
            #expect(answer["report", "faults", 0, "code"] == "capacityInUse", "\(answer.body)")
            #expect(
                try await Self.enter(server, network, "\(Self.header)\nX;Site fictif;shared;2;;;;;\n", key: network.companyKey).status
                    == .forbidden)
            let direct = try await server.database.owner.queryText(
                "select i.outcome from platforms.import_platforms(1::int2, $1, '{}', '[]') i", [network.keys["company"].map { "\($0)" }])
            #expect(direct.map { $0[0] } == ["forbidden"])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `platforms that each stand in the one on the line below come in, and are found in no time beside many machines`()
        async throws
    {
        try await withNetwork { server, network in
            let isFull = ProcessInfo.processInfo.environment["PLATEAU_TESTS"] == "full"
            let count = isFull ? 300 : 50
            _ = try await server.database.owner.queryText(
                """
                with made as (
                    select ('01a2f0de-11a0-7000-84' || substr(md5(n::text), 1, 2) || '-' || substr(md5(n::text), 3, 12))::uuid as id, n
                    from generate_series(1, $2::int) n
                ), resource as (
                    insert into platforms.resource (centre_id, id, kind, name, site_id, is_shared, capacity, created_at)
                    select 1, m.id, 'equipment', 'Machine ' || m.n, $1, true, 1, now() from made m returning id
                )
                select count(*)::text from resource
                """, ["\(network.site)", isFull ? "10000" : "100"])
            let chain = (0..<count).map { "P\($0);Site fictif;shared;5;\($0 % 5 == 4 || $0 == count - 1 ? "" : "P\($0 + 1)");;;;" }
            let table = "\(Self.header)\n\(chain.joined(separator: "\n"))\n"
            let clock = ContinuousClock()
            var start = clock.now
            let entered = try await Self.enter(server, network, table)
            let first = clock.now - start
            #expect(entered["created"]?.number == Double(count), "\(entered.body.prefix(600))")
            start = clock.now
            let changed = try await Self.enter(server, network, table.replacing("shared;5", with: "local;5"))
            let second = clock.now - start
            #expect(changed["updated"]?.number == Double(count), "\(changed.body.prefix(600))")
            start = clock.now
            let same = try await Self.enter(server, network, table.replacing("shared;5", with: "local;5"))
            let third = clock.now - start
            #expect(same["unchanged"]?.number == Double(count))
            print("table of \(count) platforms: entered \(first), changed \(second), again \(third)")
            if isFull { #expect(third < .seconds(2)) }
        }
    }

    @Test
    func `a platform named by its id on one line and by its name on another is refused once`() async throws {
        try await withNetwork { server, network in
            let header = "platform;name;site;visibility;workstations;parent"
            let table = "\(header)\n\(network.platform);Halle;Site fictif;shared;12;\n\(network.platform);Salle;Site fictif;x;12;\n"
            let twice = try await Self.enter(server, network, table, query: "?mode=acceptedLines")
            #expect(twice["refused"] == 2 && twice["updated"] == 0, "\(twice.body)")
            // By its id, whatever the order of the lines.
            let larger = "\(header)\n;Baie;Site fictif;shared;20;\(network.platform)\n\(network.platform);Halle;Site fictif;shared;30;\n"
            let answer = try await Self.enter(server, network, larger)
            #expect(answer["created"] == 1 && answer["updated"] == 1, "\(answer.body)")
        }
    }

    private static func enter(
        _ server: TestServer, _ network: TestNetwork, _ table: String, query: String = "", key: String? = nil
    ) async throws -> TestAnswer {
        try await server.send(
            document: Array(table.utf8), of: "text/csv", to: "/v1/centres/\(network.centre)/platform-imports\(query)",
            key: key ?? network.managerKey)
    }

    private func withNetwork(_ body: @escaping @Sendable (TestServer, TestNetwork) async throws -> Void) async throws {
        try await withTestServer { server in try await body(server, TestNetwork.make(in: server.database)) }
    }
}
