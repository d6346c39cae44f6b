import Composition
import HTTPEdge
import HTTPTypes
import Kernel
import Logging
import Postgres
import TestSupport
import Testing

@testable import Access

/// Two instances of the service on one database, as far as keys are concerned.
@Suite
struct KeyWatchTests {
    @Test
    func `a revoked key is refused at once where it was revoked, and within a second elsewhere`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let company = try await desk.addCompany()
            let issued = try await desk.issueKey([.booker], for: company)
            let here = server.house.access
            let elsewhere = Self.instance(of: server)
            try await Self.watching([here, elsewhere]) {
                for access in [here, elsewhere] {
                    #expect(try await Self.principal(issued, access) != nil)
                    #expect(Self.remembers(issued, access), "else this test would prove nothing")
                }
                let answer = try await server.send(.delete, "/v1/organisations/\(company)/api-keys/\(issued.key.id)", key: desk.key)
                #expect(answer.status == .noContent)
                #expect(try await Self.principal(issued, here) == nil)
                #expect(try await Self.becomes(within: .seconds(1)) { try await Self.principal(issued, elsewhere) == nil })
            }
        }
    }

    @Test
    func `a role that is added by whatever way is known within a second`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let company = try await desk.addCompany()
            let issued = try await desk.issueKey([.booker], for: company)
            let access = server.house.access
            try await Self.watching([access]) {
                #expect(try await Self.principal(issued, access)?.grants.count == 1)
                _ = try await server.database.owner.queryText(
                    "insert into access.api_key_role (key_id, role) values ($1::uuid, 'organisationAdmin')", [issued.key.id.description])
                #expect(try await Self.becomes(within: .seconds(1)) { try await Self.principal(issued, access)?.grants.count == 2 })
            }
        }
    }

    @Test
    func `a server that does not hear of changes remembers nothing, and hears again later`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let issued = try await desk.issueKey([.booker], for: try await desk.addCompany())
            let access = server.house.access
            try await Self.watching([access]) {
                #expect(try await Self.principal(issued, access) != nil)
                #expect(Self.remembers(issued, access))
                let killed = try await server.database.owner.queryText(
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and datname = $2",
                    [KeyWatch.applicationName, server.database.name])
                #expect(killed == [["t"]])
                #expect(try await Self.becomes(within: .seconds(1)) { !access.knownKeys.isListening })
                #expect(!Self.remembers(issued, access))
                #expect(try await Self.becomes(within: .seconds(10)) { access.knownKeys.isListening })
            }
            #expect(!access.knownKeys.isListening, "it has stopped")
        }
    }

    /// The same service once more, with a memory of its own.
    private static func instance(of server: TestServer) -> Access {
        let secrets = Secrets.forTests
        return Access(
            database: server.database.pool, identifiers: IdentifierSource(clock: SystemWallClock()),
            pepper: KeyPepper(secret: secrets.pepper), signer: CursorSigner(secret: secrets.cursors))
    }

    private static func watching(_ instances: [Access], _ body: () async throws -> Void) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for access in instances { group.addTask { try await access.keyWatch(logger: logger).run() } }
            for access in instances {
                #expect(try await becomes(within: .seconds(10)) { access.knownKeys.isListening })
            }
            try await body()
            group.cancelAll()
        }
    }

    private static func principal(_ issued: IssuedAPIKey, _ access: Access) async throws -> Principal? {
        let credential = try #require(BearerCredential(authorization: "Bearer \(issued.secret.text)"))
        return try await access.authenticator.principal(for: credential, at: SystemWallClock().now())
    }

    private static func remembers(_ issued: IssuedAPIKey, _ access: Access) -> Bool {
        if case .known = access.knownKeys.principal(of: access.pepper.digest(of: issued.secret), at: .now) { true } else { false }
    }

    private static func becomes(within patience: Duration, _ condition: () async throws -> Bool) async throws -> Bool {
        let end = ContinuousClock.now + patience
        while ContinuousClock.now < end {
            if try await condition() { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return try await condition()
    }
}
