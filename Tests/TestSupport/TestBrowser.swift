package import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Locking
import NIOCore

/// Asks for pages as a browser does: keeps cookies, sends forms.
///
/// What it asks is no exchange of the contract.
package final class TestBrowser: Sendable {
    private let server: TestServer
    private let jar = Mutex<[String: String]>([:])

    package init(_ server: TestServer) {
        self.server = server
    }

    /// Every cookie that is kept, by name.
    package var cookies: [String: String] { jar.withLock { $0 } }

    package func keep(_ cookies: [String: String]) {
        jar.withLock { $0 = cookies }
    }

    package func get(_ path: String, language: String = "en") async throws -> TestAnswer {
        try await ask(.get, path, headers: [.acceptLanguage: language], body: nil)
    }

    /// Sends a form; of fields with equal names, all.
    package func submit(_ path: String, _ fields: KeyValuePairs<String, String>, headers: HTTPFields = [:]) async throws -> TestAnswer {
        try await submit(path, all: fields.map { ($0.key, $0.value) }, headers: headers)
    }

    /// Sends a form of any number of fields.
    package func submit(_ path: String, all fields: [(String, String)], headers: HTTPFields = [:]) async throws -> TestAnswer {
        let body = fields.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(separator: "&")
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        headers[.acceptLanguage] = "en"
        return try await ask(.post, path, headers: headers, body: ByteBuffer(string: body))
    }

    /// Sends a form with a file, as browsers do (RFC 7578); nil: none was chosen.
    package func upload(
        _ path: String, _ fields: KeyValuePairs<String, String>, file: (name: String, text: String)?
    ) async throws -> TestAnswer {
        let boundary = "----formBoundary7MA4YWxkTrZu0gW"
        var parts = fields.map { "Content-Disposition: form-data; name=\"\($0.key)\"\r\n\r\n\($0.value)" }
        let (name, text) = file.map { ($0.name, $0.text) } ?? ("", "")
        parts.append(
            "Content-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\nContent-Type: application/octet-stream\r\n\r\n\(text)")
        let body = parts.map { "--\(boundary)\r\n\($0)\r\n" }.joined() + "--\(boundary)--\r\n"
        let headers: HTTPFields = [.contentType: "multipart/form-data; boundary=\(boundary)", .acceptLanguage: "en"]
        return try await ask(.post, path, headers: headers, body: ByteBuffer(string: body))
    }

    /// Signs in through the form, as people do.
    package func signIn(with key: String) async throws -> TestAnswer {
        let form = try await get("/sign-in")
        return try await submit("/sign-in", ["formToken": form.field("formToken") ?? "", "key": key])
    }

    private func ask(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields, body: ByteBuffer?
    ) async throws -> TestAnswer {
        var headers = headers
        headers[.accept] = "text/html,application/xhtml+xml"
        let kept = cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")
        if !kept.isEmpty { headers[.cookie] = kept }
        let response = try await server.client.executeRequest(uri: path, method: method, headers: headers, body: body)
        for cookie in response.headers[values: .setCookie] { take(cookie) }
        return TestAnswer(status: response.status, headers: response.headers, body: String(buffer: response.body))
    }

    private func take(_ cookie: String) {
        let pair = cookie.split(separator: ";")[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        jar.withLock { jar in
            jar[String(pair[0])] = cookie.contains("Max-Age=0") ? nil : String(pair[1])
        }
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}

extension TestAnswer {
    /// The value of the first field of that name in a page's forms.
    package func field(_ name: String) -> String? {
        guard let start = body.firstRange(of: "name=\"\(name)\" value=\"") else { return nil }
        return String(body[start.upperBound...].prefix { $0 != "\"" })
    }
}
