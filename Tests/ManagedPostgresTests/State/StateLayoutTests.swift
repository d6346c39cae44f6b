import Testing

@testable import ManagedPostgres

@Suite struct StateLayoutTests {
    static let postgres = ServerAccount(name: "postgres", userID: 101, groupID: 104, home: "/var/lib/postgresql")
    static let plateau = ServerAccount(name: "plateau", userID: 990, groupID: 990, home: "/var/lib/plateau")
    static let anna = ServerAccount(name: "anna", userID: 1000, groupID: 1000, home: "/home/anna")

    static func surroundings(
        _ userID: UInt32, _ environment: [String: String] = [:], accounts: [ServerAccount] = [postgres, anna]
    ) -> Surroundings {
        Surroundings(
            userID: userID, environment: environment, accountNamed: { name in accounts.first { $0.name == name } },
            accountNumbered: { number in accounts.first { $0.userID == number } })
    }

    struct Place: Sendable, CustomTestStringConvertible {
        var userID: UInt32
        var configured: String?
        var environment: [String: String] = [:]
        let state: String
        let socket: String

        var testDescription: String { "user \(userID), \(configured ?? "default"), \(environment)" }
    }

    static let places = [
        Place(userID: 0, state: "/var/lib/plateau", socket: "/run/plateau"),
        Place(userID: 0, configured: "/srv/p/", state: "/srv/p", socket: "/srv/p/socket"),
        Place(
            userID: 0, environment: ["XDG_STATE_HOME": "/root/s", "XDG_RUNTIME_DIR": "/run/user/0"], state: "/var/lib/plateau",
            socket: "/run/plateau"),
        Place(userID: 1000, state: "/home/anna/.local/state/plateau", socket: "/home/anna/.local/state/plateau/socket"),
        Place(
            userID: 1000, environment: ["HOME": "/h", "XDG_RUNTIME_DIR": "/run/user/1000"], state: "/h/.local/state/plateau",
            socket: "/run/user/1000/plateau"),
        Place(
            userID: 1000, environment: ["XDG_STATE_HOME": "/s", "XDG_RUNTIME_DIR": ""], state: "/s/plateau", socket: "/s/plateau/socket"),
        Place(
            userID: 1000, environment: ["STATE_DIRECTORY": "/var/lib/plateau", "RUNTIME_DIRECTORY": "/run/plateau"],
            state: "/var/lib/plateau", socket: "/run/plateau"),
        Place(
            userID: 1000, configured: "/mine", environment: ["XDG_RUNTIME_DIR": "/run/user/1000"], state: "/mine",
            socket: "/mine/socket"),
    ]

    @Test(arguments: places)
    func `every kind of user has a place for state and socket`(_ place: Place) throws {
        let layout = try StateLayout(
            ManagedPostgres.Configuration(stateDirectory: place.configured), in: Self.surroundings(place.userID, place.environment))
        #expect(layout.state == place.state)
        #expect(layout.socketDirectory == place.socket)
    }

    @Test func `root hands the server to plateau, or else to postgres`() throws {
        let both = Self.surroundings(0, accounts: [Self.postgres, Self.plateau])
        #expect(try StateLayout(.init(), in: both).account == Self.plateau)
        #expect(try StateLayout(.init(), in: Self.surroundings(0)).account == Self.postgres)
        #expect(try StateLayout(.init(), in: Self.surroundings(0)).changesUser)
        #expect(try !StateLayout(.init(), in: Self.surroundings(1000)).changesUser)
    }

    @Test func `root without an account to hand over to is told how to make one`() throws {
        let error = try #require(throws: ManagedPostgresError.self) {
            try StateLayout(.init(), in: Self.surroundings(0, accounts: [Self.anna]))
        }
        #expect(error.code == .accountMissing)
        #expect(error.message.contains("useradd --system"))
    }

    @Test func `a user unknown to the system is refused`() throws {
        let error = try #require(throws: ManagedPostgresError.self) { try StateLayout(.init(), in: Self.surroundings(4711)) }
        #expect(error.code == .accountMissing)
    }

    @Test func `the longest socket path has 107 bytes`() throws {
        let room = StateLayout.longestSocketPath - StateLayout.socketName.utf8.count - "/socket".utf8.count
        let fits = "/" + String(repeating: "d", count: room - 1)
        _ = try StateLayout(.init(stateDirectory: fits), in: Self.surroundings(0))
        let error = try #require(throws: ManagedPostgresError.self) {
            try StateLayout(.init(stateDirectory: fits + "d"), in: Self.surroundings(0))
        }
        #expect(error.code == .pathUnusable)
        #expect(error.message.contains("108 bytes"))
    }

    @Test(arguments: ["relative/path", "/a,b", "/a'b", "/a\"b", "/a\\b", "/a\nb", "/a:b", ""])
    func `a path that settings can't carry is refused`(_ path: String) throws {
        let error = try #require(throws: ManagedPostgresError.self) {
            try StateLayout(.init(stateDirectory: path), in: Self.surroundings(0))
        }
        #expect(error.code == .pathUnusable)
    }
}
