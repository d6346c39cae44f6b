import Foundation
import OpenIDConnect
import Testing

@testable import plateau

struct ConfigurationReadingTests {
    private static let secret = String(repeating: "0f", count: 32)

    private static let wrong: [(name: String, value: String)] = [
        ("http.host", ""), ("http.port", "65536"), ("http.port", "http"), ("http.port", "-1"), ("http.port", ""),
        ("http.drainSeconds", "301"), ("http.drainSeconds", "1.5"), ("database.url", ""), ("database.ownerUrl", ""),
        ("database.readConnections", "0"), ("database.writeConnections", "65"), ("database.transactionConnections", "many"),
        ("database.preparedStatements", "maybe"), ("postgres.stateDirectory", ""), ("postgres.binaries", ""), ("secrets.root", "short"),
        ("secrets.root", String(repeating: "x", count: 64)), ("secrets.root", String(repeating: "a", count: 65)), ("docs.assets", ""),
        ("agreements.warningDays", "367"), ("funding.economicUsePercent", "101"), ("custody.reminderHours", "0"),
        ("custody.travelKilometresPerHour", "201"), ("webhooks.addresses", "some"),
        ("log.level", "loud"), ("log.level", "INFO"), ("http.connections", "0"),
        ("http.connectionsPerAddress", "-1"),
        ("http.trustedProxies", ""), ("http.trustedProxies", "10.0.0.1/8"), ("http.trustedProxies", "10.0.0.0/8 proxy"),
        ("http.trustedProxies", "10.0.0.0/33"), ("http.forwardedHeader", "X-Real-IP"), ("tls.certificate", ""), ("tls.privateKey", ""),
        ("limits.requestsPerKey", "-1"), ("limits.requestsPerAddress", "many"), ("limits.failuresPerAddress", "1.5"),
        ("metrics.host", ""), ("metrics.port", "65536"), ("tracing.endpoint", "localhost:4318"), ("tracing.endpoint", "http://"),
        ("tracing.percent", "101"), ("http.handshakeSeconds", "0"), ("http.headSeconds", "301"), ("http.bodySeconds", "x"),
        ("http.writeSeconds", "0"), ("http.idleSeconds", ""), ("http.bodyBytes", "1"), ("limits.burst", "19"),
        ("openid.issuer", "http://login.example.org"), ("openid.clientId", ""), ("openid.clientSecret", ""),
        ("openid.clientSecretFile", ""), ("openid.scopes", "profile"), ("openid.label", ""), ("openid.subjectClaim", ""),
        ("openid.emailClaim", ""), ("openid.verifiedEmails", "some"),
        ("http.publicUrl", "plateau.example"), ("mail.sendmail", ""), ("mail.sender", "plateau"), ("mail.reminderHours", "337"),
    ]

    @Test(arguments: wrong)
    func `a wrong value is refused by name, with what is allowed`(name: String, value: String) async throws {
        let key = try #require(ConfigurationKey.all.first { $0.name == name })
        let fault = await #expect(throws: ConfigurationFault.self) {
            try await ServerConfiguration.read(options: [:], environment: [key.variable: value], file: nil)
        }
        let said = try #require(fault?.faults.first { $0.hasPrefix("\(name): ") })
        #expect(said.contains("allowed: \(key.allowed)"))
        #expect(said.contains(key.variable))
    }

    @Test func `each setting has a wrong value above`() {
        #expect(Set(Self.wrong.map(\.name)) == Set(ConfigurationKey.all.map(\.name)))
    }

    @Test func `a secret is never repeated in a message`() async {
        let fault = await #expect(throws: ConfigurationFault.self) {
            try await ServerConfiguration.read(options: [:], environment: ["PLATEAU_SECRETS_ROOT": "swordfish"], file: nil)
        }
        #expect(fault?.description.contains("swordfish") == false)
    }

    @Test(arguments: [
        (["PLATEAU_TLS_CERTIFICATE": "/a"], "tls.privateKey: is required with tls.certificate"),
        (["PLATEAU_TLS_PRIVATE_KEY": "/a"], "tls.certificate: is required with tls.privateKey"),
        (["PLATEAU_MAIL_SENDMAIL": "/a"], "mail.sender: is required with mail.sendmail"),
        (["PLATEAU_MAIL_SENDER": "a@b.example, c"], "mail.sender: 'a@b.example, c' is not allowed"),
        (["PLATEAU_DATABASE_URL": "host=a"], "secrets.root: is required with database.url"),
    ])
    func `what one setting asks of another is named`(environment: [String: String], said: String) async {
        let fault = await #expect(throws: ConfigurationFault.self) {
            try await ServerConfiguration.read(options: [:], environment: environment, file: nil)
        }
        #expect(fault?.faults.count == 1)
        #expect(fault?.faults.first?.hasPrefix(said) == true)
    }

    @Test func `every fault is named at once`() async {
        let environment = ["PLATEAU_HTTP_PORT": "x", "PLATEAU_LOG_LEVEL": "x", "PLATEAU_DATABASE_URL": "host=a"]
        let fault = await #expect(throws: ConfigurationFault.self) {
            try await ServerConfiguration.read(options: [:], environment: environment, file: nil)
        }
        #expect(fault?.faults.map { $0.prefix { $0 != ":" } } == ["http.port", "log.level", "secrets.root"])
    }

    @Test func `each variable sets its setting`() async throws {
        let environment = [
            "PLATEAU_HTTP_HOST": "::1", "PLATEAU_HTTP_PORT": "1", "PLATEAU_HTTP_DRAIN_SECONDS": "2", "PLATEAU_DATABASE_URL": "host=a",
            "PLATEAU_DATABASE_OWNER_URL": "host=b", "PLATEAU_DATABASE_READ_CONNECTIONS": "3",
            "PLATEAU_DATABASE_WRITE_CONNECTIONS": "5", "PLATEAU_DATABASE_TRANSACTION_CONNECTIONS": "6",
            "PLATEAU_POSTGRES_STATE_DIRECTORY": "/a", "PLATEAU_POSTGRES_BINARIES": "/b", "PLATEAU_SECRETS_ROOT": Self.secret,
            "PLATEAU_DOCS_ASSETS": "/c", "PLATEAU_AGREEMENTS_WARNING_DAYS": "7",
            "PLATEAU_FUNDING_ECONOMIC_USE_PERCENT": "22", "PLATEAU_CUSTODY_REMINDER_HOURS": "23",
            "PLATEAU_CUSTODY_TRAVEL_KILOMETRES_PER_HOUR": "24", "PLATEAU_WEBHOOKS_ADDRESSES": "any",
            "PLATEAU_LOG_LEVEL": "debug",
            "PLATEAU_HTTP_CONNECTIONS": "7",
            "PLATEAU_HTTP_CONNECTIONS_PER_ADDRESS": "8", "PLATEAU_HTTP_TRUSTED_PROXIES": "10.0.0.0/8, ::1",
            "PLATEAU_HTTP_FORWARDED_HEADER": "Forwarded", "PLATEAU_TLS_CERTIFICATE": "/d", "PLATEAU_TLS_PRIVATE_KEY": "/e",
            "PLATEAU_LIMITS_REQUESTS_PER_KEY": "9", "PLATEAU_LIMITS_REQUESTS_PER_ADDRESS": "10",
            "PLATEAU_LIMITS_FAILURES_PER_ADDRESS": "11", "PLATEAU_METRICS_HOST": "::1", "PLATEAU_METRICS_PORT": "12",
            "PLATEAU_TRACING_ENDPOINT": "https://a/v1/traces", "PLATEAU_TRACING_PERCENT": "13",
            "PLATEAU_DATABASE_PREPARED_STATEMENTS": "unnamed", "PLATEAU_HTTP_HANDSHAKE_SECONDS": "14", "PLATEAU_HTTP_HEAD_SECONDS": "15",
            "PLATEAU_HTTP_BODY_SECONDS": "16", "PLATEAU_HTTP_WRITE_SECONDS": "17", "PLATEAU_HTTP_IDLE_SECONDS": "18",
            "PLATEAU_HTTP_BODY_BYTES": "1900", "PLATEAU_LIMITS_BURST": "20", "PLATEAU_HTTP_PUBLIC_URL": "https://b.example",
            "PLATEAU_MAIL_SENDMAIL": "/f", "PLATEAU_MAIL_SENDER": "a@b.example", "PLATEAU_MAIL_REMINDER_HOURS": "21",
            "PLATEAU_OPENID_ISSUER": "https://c.example", "PLATEAU_OPENID_CLIENT_ID": "d", "PLATEAU_OPENID_CLIENT_SECRET": "e",
            "PLATEAU_OPENID_SCOPES": "openid", "PLATEAU_OPENID_LABEL": "f", "PLATEAU_OPENID_SUBJECT_CLAIM": "g",
            "PLATEAU_OPENID_EMAIL_CLAIM": "i", "PLATEAU_OPENID_VERIFIED_EMAILS": "all",
        ]
        // Of a secret and its file only one is allowed.
        let file = ConfigurationKey.openIDClientSecretFile.variable
        #expect(Set(environment.keys).union([file]) == Set(ConfigurationKey.all.map(\.variable)))
        let read = try await ServerConfiguration.read(options: [:], environment: environment, file: nil)
        let expected = ServerConfiguration(
            host: "::1", port: 1, drainSeconds: 2, connections: 7, connectionsPerAddress: 8, handshakeSeconds: 14, headSeconds: 15,
            bodySeconds: 16, writeSeconds: 17, idleSeconds: 18, bodyBytes: 1900, trustedProxies: "10.0.0.0/8, ::1",
            forwardedHeader: "Forwarded", certificate: "/d", privateKey: "/e", requestsPerKey: 9, requestsPerAddress: 10,
            failuresPerAddress: 11, burst: 20, databaseURL: "host=a", ownerURL: "host=b", readConnections: 3, writeConnections: 5,
            transactionConnections: 6, preparedStatements: "unnamed", stateDirectory: "/a", postgresBinaries: "/b", rootSecret: Self.secret,
            openIDIssuer: "https://c.example", openIDClientID: "d", openIDClientSecret: "e", openIDScopes: "openid", openIDLabel: "f",
            openIDSubjectClaim: "g", openIDAddressClaim: "i", openIDVerifiedAddresses: "all",
            documentationAssets: "/c",
            expiryWarningDays: 7, economicLimitPercent: 22, custodyReminderHours: 23, travelKilometresPerHour: 24, webhookAddresses: "any",
            publicURL: "https://b.example", sendmail: "/f", mailSender: "a@b.example",
            reminderHours: 21, logLevel: "debug", metricsHost: "::1", metricsPort: 12,
            tracingEndpoint: "https://a/v1/traces", tracingPercent: 13)
        #expect(read == expected)
    }

    @Test func `a provider is asked with the secret of a file, and comes back to our own address`() async throws {
        try await withFile("swordfish\n") { file in
            let environment = [
                "PLATEAU_OPENID_ISSUER": "https://login.example.org", "PLATEAU_OPENID_CLIENT_ID": "plateau",
                "PLATEAU_OPENID_CLIENT_SECRET_FILE": file, "PLATEAU_HTTP_PUBLIC_URL": "https://plateau.example.org/",
            ]
            let read = try await ServerConfiguration.read(options: [:], environment: environment, file: nil)
            let provider = try #require(try read.provider())
            #expect(provider.clientSecret == "swordfish")
            #expect(provider.redirectAddress == "https://plateau.example.org/sign-in/callback")
            #expect(provider.scopes == ["openid", "profile", "email"] && provider.label == "login.example.org")
        }
        #expect(try await ServerConfiguration.read(options: [:], environment: [:], file: nil).provider() == nil)
    }

    @Test(arguments: [
        ([:], false), (["PLATEAU_HTTP_PUBLIC_URL": "https://plateau.example"], true),
        (["PLATEAU_HTTP_PUBLIC_URL": "http://plateau.example"], false),
        (["PLATEAU_HTTP_TRUSTED_PROXIES": "10.0.0.1"], true),
        (["PLATEAU_HTTP_TRUSTED_PROXIES": "10.0.0.1", "PLATEAU_HTTP_PUBLIC_URL": "http://plateau.example"], false),
        (["PLATEAU_TLS_CERTIFICATE": "/a", "PLATEAU_TLS_PRIVATE_KEY": "/b"], true),
    ])
    func `cookies go by TLS alone where people come by TLS, here or before a proxy`(
        environment: [String: String], isSecure: Bool
    ) async throws {
        let read = try await ServerConfiguration.read(options: [:], environment: environment, file: nil)
        #expect(read.hasSecurePages == isSecure)
    }

    @Test func `an option wins over a variable, a variable over the file`() async throws {
        try await withFile("http:\n  port: 3\n  host: file\nlog:\n  level: error\n") { file in
            let environment = ["PLATEAU_HTTP_PORT": "2", "PLATEAU_HTTP_HOST": "variable"]
            let read = try await ServerConfiguration.read(options: ["http.port": "1"], environment: environment, file: file)
            #expect(read.port == 1)
            #expect(read.host == "variable")
            #expect(read.logLevel == "error")
        }
    }

    @Test(arguments: [
        ("http:\n  prot: 3\n", "http.prot: there is no such setting; allowed: http.host, "),
        ("htttp:\n", "htttp: there is no such setting"), ("http.port: 3\n", ""), ("http: 3\n", "http: there is no such setting"),
        ("http:\n  port: [1, 2]\n", "http.port: is not a single value; allowed: a whole number from 0 to 65535"),
        ("http:\n  port: eighty\n", "http.port: 'eighty' is not allowed; allowed: a whole number from 0 to 65535"),
        ("", "has no settings"), ("- http\n", "has no settings"), ("http: [\n", "is not YAML that can be read"),
    ])
    func `a file that can't be used says why`(text: String, said: String) async throws {
        try await withFile(text) { file in
            guard !said.isEmpty else { return _ = try await ServerConfiguration.read(options: [:], environment: [:], file: file) }
            let fault = await #expect(throws: ConfigurationFault.self) {
                try await ServerConfiguration.read(options: [:], environment: [:], file: file)
            }
            #expect(fault?.description.contains(said) == true, "\(fault?.description ?? "")")
        }
    }

    @Test func `a missing file is named`() async {
        let fault = await #expect(throws: ConfigurationFault.self) {
            try await ServerConfiguration.read(options: [:], environment: [:], file: "/nowhere/plateau.yaml")
        }
        #expect(fault?.description.contains("/nowhere/plateau.yaml") == true)
    }

    private func withFile(_ text: String, _ body: (String) async throws -> Void) async throws {
        let path = "\(NSTemporaryDirectory())/plateau-\(UUID().uuidString).yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }
}
