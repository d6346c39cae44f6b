import Testing

@testable import ManagedPostgres

@Suite struct ServerBinariesTests {
    struct Search: Sendable {
        var configured: String?
        var environment: [String: String] = [:]
        var debian: [Int] = []
        var dataMajor: Int?
        var fromConfig: String?
        let expected: [String]
    }

    static let searches = [
        Search(debian: [14, 17, 15], expected: ["15", "17", "14"].map { "/usr/lib/postgresql/\($0)/bin" }),
        Search(debian: [16, 18], expected: ["18", "16"].map { "/usr/lib/postgresql/\($0)/bin" }),
        Search(debian: [15, 17], dataMajor: 17, expected: ["17", "15"].map { "/usr/lib/postgresql/\($0)/bin" }),
        Search(debian: [13], fromConfig: "/opt/pg/bin", expected: ["/usr/lib/postgresql/13/bin", "/opt/pg/bin"]),
        Search(configured: "/a", environment: ["PLATEAU_POSTGRES_BINARIES": "/b"], debian: [15], expected: ["/a"]),
        Search(environment: ["PLATEAU_POSTGRES_BINARIES": "/b"], debian: [15], expected: ["/b"]),
        Search(expected: []),
    ]

    @Test(arguments: searches)
    func `the best candidate comes first`(_ search: Search) {
        let found = ServerBinaries.candidates(
            configured: search.configured, environment: search.environment, debianVersions: search.debian,
            dataMajor: search.dataMajor, fromConfig: search.fromConfig)
        #expect(found == search.expected)
    }

    @Test(arguments: [
        ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", 15, "15.18"), ("postgres (PostgreSQL) 18beta1\n", 18, "18beta1"),
        ("postgres (PostgreSQL) 9.6.24", 9, "9.6.24"),
    ])
    func `a version is read from the program's answer`(_ answer: String, _ major: Int, _ text: String) {
        let version = ServerVersion(answer: answer)
        #expect(version?.major == major)
        #expect(version?.description == text)
    }

    @Test func `an answer of another program is no version`() {
        #expect(ServerVersion(answer: "mysqld 8.0") == nil)
        #expect(ServerVersion(answer: "postgres (PostgreSQL) devel") == nil)
    }

    @Test func `missing programs are named with the package that has them`() async throws {
        let error = await #expect(throws: ManagedPostgresError.self) {
            try await ServerBinaries.find(.init(binaries: "/nowhere"), in: .current, dataMajor: nil)
        }
        #expect(error?.code == .binariesMissing)
        #expect(error?.message.contains("apt-get install postgresql-15") == true)
        #expect(error?.message.contains("/nowhere") == true)
    }

    @Test func `data of another version is refused by name`() async throws {
        let error = await #expect(throws: ManagedPostgresError.self) {
            try await ServerBinaries.find(.init(), in: .current, dataMajor: 14)
        }
        #expect(error?.code == .dataOfAnotherVersion)
        #expect(error?.message.contains("postgresql-14") == true)
    }
}
