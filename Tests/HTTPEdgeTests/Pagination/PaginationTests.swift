import Kernel
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import HTTPEdge

@Suite struct PaginationTests {
    private struct Body: Decodable {
        struct Item: Decodable {
            let number: Int
        }
        let items: [Item]
        let pageSize: Int
        let next: String?
    }

    @Test(arguments: [(nil, 25), (1, 1), (20, 20), (60, 60), (200, 200)] as [(Int?, Int)])
    func `walking the pages gives every row once, in order`(asked: Int?, size: Int) async throws {
        try await Workshop().application().test(.router) { client in
            var numbers: [Int] = []
            var uri: String? = "/v1/centres?name=a" + (asked.map { "&pageSize=\($0)" } ?? "")
            while let current = uri {
                let response = try await client.execute(uri: current, method: .get)
                let body: Body = try response.decoded()
                #expect(body.pageSize == size)
                #expect(body.items.count <= size)
                numbers += body.items.map(\.number)
                uri = body.next.map { "/v1/centres?name=a&cursor=\($0)" }
            }
            #expect(numbers == Array(1...60))
        }
    }

    @Test(arguments: ["0", "201", "-1", "x", ""])
    func `a page size outside 1 to 200 is refused`(size: String) async throws {
        try await Workshop().application().test(.router) { client in
            let response = try await client.execute(uri: "/v1/centres?pageSize=\(size)", method: .get)
            #expect(response.status == .badRequest)
            #expect(try response.problem.places == ["query pageSize"])
        }
    }

    @Test func `a cursor holds only for its list, its filters and its page size`() async throws {
        try await Workshop().application().test(.router) { client in
            let first: Body = try await client.execute(uri: "/v1/centres?name=a&pageSize=10", method: .get).decoded()
            let cursor = try #require(first.next)
            for (query, expected) in [
                ("name=a&cursor=\(cursor)", HTTPResponse.Status.ok), ("name=a&pageSize=10&cursor=\(cursor)", .ok),
                ("name=a&pageSize=11&cursor=\(cursor)", .badRequest), ("name=b&cursor=\(cursor)", .badRequest),
                ("cursor=\(cursor)", .badRequest), ("name=a&cursor=", .badRequest), ("name=a&cursor=\(cursor)A", .badRequest),
            ] {
                let response = try await client.execute(uri: "/v1/centres?\(query)", method: .get)
                #expect(response.status == expected, "\(query)")
                if expected == .badRequest { #expect(try response.problem.type == "urn:problem-type:plateau:cursorInvalid") }
            }
        }
    }

    @Test(arguments: [UInt64(1), UInt64.random(in: .min ... .max)])
    func `no changed cursor is taken`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let scope = CursorScope(operation: "listCentres", filters: ["name": "a"])
        let cursor = Cursor(pageSize: 25, keys: ["2026-03-02T08:30:00Z", "é", ""])
        let sealed = Workshop.signer.seal(cursor, scope: scope)
        #expect(Workshop.signer.open(sealed, scope: scope) == cursor)
        #expect(CursorSigner(secret: Array(repeating: 8, count: 32)).open(sealed, scope: scope) == nil)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ é")
        for _ in 1...3000 {
            var text = Array(sealed)
            for _ in 1...Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<text.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: text[place] = alphabet.randomElement(using: &random) ?? "A"
                case 1: text.remove(at: place)
                default: text.insert(alphabet.randomElement(using: &random) ?? "A", at: place)
                }
            }
            guard String(text) != sealed else { continue }
            #expect(Workshop.signer.open(String(text), scope: scope) == nil, "seed \(seed)")
        }
    }

    @Test func `an operation and its filters can't pose as others`() {
        let one = CursorScope(operation: "a", filters: ["b": "c,d"])
        let other = CursorScope(operation: "a", filters: ["b": "c", "d": ""])
        #expect(one.bytes != other.bytes)
        let inOrder = CursorScope(operation: "x", filters: ["a": "1", "b": "2"])
        #expect(inOrder.bytes == CursorScope(operation: "x", filters: ["b": "2", "a": "1"]).bytes)
    }
}
