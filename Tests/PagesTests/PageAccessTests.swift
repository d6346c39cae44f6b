import Composition
import Foundation
import HTTPEdge
import HTTPTypes
import Kernel
import TestSupport
import Testing
import Yams

/// Who may read which page: the routes against `page-access.yaml`, then every page as every role.
@Suite("Who may read which page")
struct PageAccessTests {
    private static let declared: [String: [String]] = {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "page-access.yaml")
        let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
        return (try? Yams.load(yaml: text)) as? [String: [String]] ?? [:]
    }()

    @Test
    func `every page is declared with its roles, and nothing else is`() async throws {
        try await withTestServer { server in
            let pages = server.house.edge().routes.recorded.all.filter(\.isPage)
            let routes = Dictionary(uniqueKeysWithValues: pages.map { ("\($0.method.rawValue) \($0.path)", Self.roles(of: $0.access)) })
            #expect(Set(routes.keys).symmetricDifference(Self.declared.keys).sorted() == [])
            for (route, roles) in routes { #expect(Self.declared[route]?.sorted() == roles.sorted(), "\(route)") }
        }
    }

    @Test
    func `without a session a page sends to the sign-in page, and a role that is not declared is refused`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let guest = TestBrowser(server)
            let callers: [(roles: [String], browser: TestBrowser)] = [
                (["booker"], TestBrowser(server)), (["centreManager"], TestBrowser(server)), (["labelAuthority"], TestBrowser(server)),
                (["networkManager"], TestBrowser(server)),
            ]
            let keys = [network.companyKey, network.managerKey, network.authorityKey, network.networkKey]
            for (caller, key) in zip(callers, keys) { _ = try await caller.browser.signIn(with: key) }
            for (route, roles) in Self.declared.sorted(by: { $0.key < $1.key }) where roles != ["open"] {
                let path = Self.filled(String(route.split(separator: " ")[1]), network)
                let isForm = route.hasPrefix("POST")
                let unknown = isForm ? try await guest.submit(path, [:]) : try await guest.get(path)
                #expect(unknown.status == .seeOther && unknown.headers[.location]?.hasPrefix("/sign-in") == true, "\(route)")
                guard !isForm else { continue }
                for caller in callers {
                    let answer = try await caller.browser.get(path)
                    let mayRead = roles == ["member"] || !Set(roles).isDisjoint(with: caller.roles)
                    #expect((answer.status == .forbidden) == !mayRead, "\(route) as \(caller.roles): \(answer.status)")
                    #expect(answer.status.code < 500, "\(route) as \(caller.roles): \(answer.status)")
                }
            }
        }
    }

    @Test
    func `an address that does not exist is answered by a page, in words, for who reads pages`() async throws {
        try await withTestServer { server in
            let page = try await TestBrowser(server).get("/nowhere", language: "fr")
            #expect(page.status == .notFound)
            #expect(page.body.contains("Cette page n’existe pas"))
            #expect(page.headers[.contentType] == "text/html; charset=utf-8")
            let policy = try #require(page.headers[.contentSecurityPolicy])
            #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
            let answer = try await TestBrowser(server).get("/v1/nowhere")
            #expect(answer.headers[.contentType] == "application/problem+json")
        }
    }

    @Test
    func `a page that asks much is charged more, and named rightly`() async throws {
        try await withTestServer { server in
            let pages = server.house.edge().routes.recorded.all.filter(\.isPage)
            let dear = Dictionary(pages.filter { $0.cost > 1 }.map { ($0.operation, $0.cost) }, uniquingKeysWith: max)
            #expect(dear == House.pageCosts)
        }
    }

    private static func roles(of access: RecordedRoute.Access) -> [String] {
        switch access {
        case .open: ["open"]
        case .member(let roles): roles.isEmpty ? ["member"] : roles.map(\.rawValue)
        }
    }

    private static func filled(_ path: String, _ network: TestNetwork) -> String {
        path.replacing("{centreId}", with: "\(network.centre)").replacing("{decisionId}", with: "\(network.grant)")
            .replacing("{resourceId}", with: path.hasPrefix("/equipment") ? "\(network.units[0])" : "\(network.platform)")
            // Whatever else stands between braces names nothing.
            .replacing(/\{[A-Za-z]+\}/, with: "01a031f3-2a54-7000-83cb-c20d0f8a7abf")
    }
}
