import Composition
import FoundationEssentials
import HTTPEdge
import HTTPTypes
import TestSupport
import Testing
import Yams

@Suite("Routes and contract")
struct ContractTests {
    @Test
    func `every route is in the contract and every operation of the contract is a route`() async throws {
        try await withTestServer { server in
            let answer = try await server.send(.get, "/openapi.yaml")
            #expect(answer.status == .ok)
            let contract = try Self.operations(of: answer.body, "operationId") { $0 as? String ?? "" }
            let routes = Dictionary(
                uniqueKeysWithValues: server.house.edge().routes.recorded.all.filter { !$0.isPage }.map {
                    ("\($0.method.rawValue) \($0.path)", $0.operation)
                })
            #expect(Set(routes.keys).subtracting(contract.keys).sorted() == [], "routes that the contract lacks")
            #expect(Set(contract.keys).subtracting(routes.keys).sorted() == [], "operations that no route answers")
            for (route, operation) in routes { #expect(contract[route] == operation, "\(route)") }
        }
    }

    @Test
    func `what a request costs is in the contract, and nothing else is`() async throws {
        try await withTestServer { server in
            let answer = try await server.send(.get, "/openapi.yaml")
            let told = try Self.operations(of: answer.body, "x-cost") { $0 as? Int ?? 1 }
            for route in server.house.edge().routes.recorded.all where !route.isPage {
                #expect(told["\(route.method.rawValue) \(route.path)"] == route.cost, "\(route.operation)")
            }
            #expect(told.values.count { $0 > 1 } == House.requestCosts.count)
        }
    }

    @Test
    func `every sentence has both languages and the same placeholders`() {
        #expect(House.catalogue.faults == [])
    }

    @Test
    func `the documentation page lists every operation`() async throws {
        try await withTestServer { server in
            let page = try await server.send(.get, "/docs")
            #expect(page.status == .ok)
            #expect(page.body.contains("createBooking"))
        }
    }

    /// Method and path to what a member of the operation says.
    private static func operations<Value>(of yaml: String, _ name: String, as read: (Any?) -> Value) throws -> [String: Value] {
        let document = try #require(try Yams.load(yaml: yaml) as? [String: Any])
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        var operations: [String: Value] = [:]
        for (path, item) in paths {
            for method in ["get", "post", "put", "patch", "delete"] {
                guard let operation = item[method] as? [String: Any] else { continue }
                operations["\(method.uppercased()) \(path)"] = read(operation[name])
            }
        }
        return operations
    }
}
