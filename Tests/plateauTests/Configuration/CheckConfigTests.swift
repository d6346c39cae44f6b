import Foundation
import Testing

@testable import plateau

struct CheckConfigTests {
    private static let secret = String(repeating: "0f", count: 32)

    private func table(options: [String: String] = [:], environment: [String: String] = [:], file: String? = nil) async throws -> [String] {
        CheckConfig.table(of: try await ResolvedSettings.read(options: options, environment: environment, file: file))
    }

    @Test func `every setting is a line with its value and who gave it`() async throws {
        let path = "\(NSTemporaryDirectory())/plateau-\(UUID().uuidString).yaml"
        try "log:\n  level: error\nhttp:\n  port: 3\n".write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let lines = try await table(
            options: ["http.host": "::1"], environment: ["PLATEAU_HTTP_PORT": "2", "PLATEAU_DATABASE_READ_CONNECTIONS": "9"], file: path)
        let words = lines.map { $0.split(separator: " ").map(String.init) }
        #expect(words.map(\.first) == ConfigurationKey.all.map(\.name))
        func line(_ name: String) -> [String] { words.first { $0.first == name }.map { Array($0.dropFirst()) } ?? [] }
        #expect(line("http.host") == ["::1", "option"])
        #expect(line("http.port") == ["2", "PLATEAU_HTTP_PORT"])
        #expect(line("log.level") == ["error", path])
        #expect(line("database.readConnections") == ["9", "PLATEAU_DATABASE_READ_CONNECTIONS"])
        #expect(line("limits.requestsPerKey") == ["600", "default"])
        #expect(line("metrics.port") == ["(not", "set)"])
    }

    @Test func `no secret is shown, wherever it comes from`() async throws {
        let secrets = ConfigurationKey.all.filter(\.isSecret)
        #expect(secrets.map(\.name) == ["database.url", "database.ownerUrl", "secrets.root", "openid.clientSecret"])
        var environment: [String: String] = [:]
        for key in secrets { environment[key.variable] = "swordfish" }
        let lines = try await table(environment: environment)
        #expect(!lines.joined().contains("swordfish"))
        for key in secrets {
            #expect(lines.contains { $0.hasPrefix(key.name) && $0.contains(" (hidden) ") && $0.hasSuffix(" \(key.variable)") })
        }
    }

    @Test(arguments: [
        (["--config", "FILE"], [:], "http.port: 'eighty' is not allowed; allowed: a whole number from 0 to 65535 (PLATEAU_HTTP_PORT)"),
        (
            [], ["PLATEAU_TLS_CERTIFICATE": "/nowhere", "PLATEAU_TLS_PRIVATE_KEY": "/nowhere"],
            "tls.certificate: there is no file '/nowhere'"
        ),
        (
            [], ["PLATEAU_OPENID_ISSUER": "http://login.example.org"],
            "openid.issuer: 'http://login.example.org' is not allowed; allowed: an address that begins with https://"
        ),
        ([], ["PLATEAU_OPENID_ISSUER": "https://login.example.org"], "openid.clientId: is required with openid.issuer"),
        ([], ["PLATEAU_OPENID_ISSUER": "https://login.example.org"], "http.publicUrl: is required with openid.issuer"),
        ([], ["PLATEAU_OPENID_CLIENT_SECRET": "x"], "openid.issuer: is required with openid.clientSecret"),
        ([], ["PLATEAU_OPENID_SCOPES": "profile"], "openid.scopes: 'profile' is not allowed"),
        (
            [], ["PLATEAU_OPENID_CLIENT_SECRET": "x", "PLATEAU_OPENID_CLIENT_SECRET_FILE": "/x"],
            "openid.clientSecretFile: is not allowed with openid.clientSecret"
        ),
        (
            [],
            [
                "PLATEAU_OPENID_ISSUER": "https://login.example.org", "PLATEAU_OPENID_CLIENT_ID": "plateau",
                "PLATEAU_HTTP_PUBLIC_URL": "https://plateau.example.org", "PLATEAU_OPENID_CLIENT_SECRET_FILE": "/nowhere",
            ], "openid.clientSecretFile: there is no secret that can be read in '/nowhere'"
        ),
        (
            [],
            [
                "PLATEAU_OPENID_ISSUER": "https://login.example.org", "PLATEAU_OPENID_CLIENT_ID": "plateau",
                "PLATEAU_HTTP_PUBLIC_URL": "http://plateau.example.org",
            ], "http.publicUrl: 'http://plateau.example.org' is not allowed with openid.issuer"
        ),
        (["--port", "x"], [:], "http.port: 'x' is not allowed"),
        (["--config", "/nowhere"], [:], "--config: there is no file '/nowhere'"),
    ])
    func `the program ends with 78 and names what is wrong`(options: [String], environment: [String: String], said: String) throws {
        let path = "\(NSTemporaryDirectory())/plateau-\(UUID().uuidString).yaml"
        try "http:\n  port: eighty\n".write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        for command in ["check-config", "serve"] {
            let ended = try Program.run([command] + options.map { $0 == "FILE" ? path : $0 }, environment: environment)
            #expect(ended.status == 78, "\(command)")
            #expect(ended.errors.contains(said), "\(ended.errors)")
        }
    }

    @Test func `the program ends with 0 when nothing is wrong, and says nothing else`() throws {
        let ended = try Program.run(["check-config"], environment: ["PLATEAU_SECRETS_ROOT": Self.secret])
        #expect(ended.status == 0)
        #expect(ended.errors == "")
        #expect(ended.output.split(separator: "\n").count == ConfigurationKey.all.count)
        #expect(!ended.output.contains(Self.secret))
    }
}
