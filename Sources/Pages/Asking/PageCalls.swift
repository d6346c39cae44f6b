import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel

/// Asks the API on behalf of who reads the page.
struct PageCalls: Sendable {
    /// Of 200 items each: twice the largest inventory that a table brings along.
    private static let mostPages = 200

    let calls: InnerCalls
    let principal: Principal?
    let context: GuestContext

    /// - Throws: ``Refusal`` for a problem.
    func get(_ path: String, _ query: KeyValuePairs<String, String?> = [:]) async throws -> JSONValue {
        let asked = query.compactMap { name, value in value.map { (name: name, value: $0) } }
        return .object(try await answer(InnerCall(.get, path, query: asked)).body)
    }

    /// Asks for a change under a key that lets it happen once.
    /// - Throws: ``Refusal`` for a problem.
    func post(
        _ path: String, _ body: [String: JSONValue], key: String? = nil, ifMatch: String? = nil,
        query: [(name: String, value: String)] = []
    ) async throws -> JSONValue {
        let call = InnerCall(.post, path, query: query, body: body, idempotencyKey: key, ifMatch: ifMatch)
        return .object(try await answer(call).body)
    }

    func delete(_ path: String) async throws {
        _ = try await answer(InnerCall(.delete, path))
    }

    /// Every item of a list, page after page: what stopped before the end would look like the whole.
    /// - Throws: ``ListTooLong`` past what a page can show.
    func all(_ path: String, _ query: KeyValuePairs<String, String?> = [:]) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var cursor: String?
        let asked = query.compactMap { name, value in value.map { (name: name, value: $0) } }
        for _ in 0..<Self.mostPages {
            var more = asked + [(name: "pageSize", value: "200")]
            if let cursor { more.append((name: "cursor", value: cursor)) }
            let page = JSONValue.object(try await answer(InnerCall(.get, path, query: more)).body)
            items += page["items"]?.items ?? []
            cursor = page["next"]?.text
            if cursor == nil { return items }
        }
        throw ListTooLong(path: path)
    }

    /// A document that is no JSON, as it goes out.
    /// - Throws: ``Problem`` 404 for any refusal.
    func document(_ path: String, _ query: KeyValuePairs<String, String?>) async throws -> Response {
        let call = InnerCall(.get, path, query: query.compactMap { name, value in value.map { (name: name, value: $0) } })
        let response = try await calls.response(to: call, as: principal, in: context)
        guard response.status == .ok else { throw Problem.notFound }
        return response
    }

    /// The answer with its headers.
    func answer(_ call: InnerCall) async throws -> InnerAnswer {
        let answer = try await calls.answer(to: call, as: principal, in: context)
        guard !answer.isProblem else { throw Refusal(answer) }
        return answer
    }
}

/// A list that no page can show whole; a page that may meet one asks for it page by page.
struct ListTooLong: Error {
    let path: String
}
