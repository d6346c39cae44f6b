import Testing

@testable import Postgres

@Suite struct ConnectionOptionsTests {
    private func effective(_ given: String, settings: [PostgresSetting] = []) throws -> [String: String] {
        let options = ConnectionOptions(connectionString: given, applicationName: "test", settings: settings)
        // As libpq reads them: a later keyword wins, and the connection string stands where `dbname` does.
        return try options.keywords.reduce(into: [:]) { values, pair in
            guard pair.0 == "dbname" else { return values[pair.0] = pair.1 }
            try values.merge(ConnectionOptions.parse(pair.1)) { $1 }
        }
    }

    @Test(arguments: [
        ("host=a", "30", "15000", "10"), ("host=a keepalives_idle=7 tcp_user_timeout=0", "7", "0", "10"),
        ("postgresql://a/b?keepalives_interval=3", "30", "15000", "3"),
    ])
    func `keepalives are on unless the connection string says otherwise`(
        given: String, idle: String, user: String, interval: String
    ) throws {
        let keywords = try effective(given)
        #expect(keywords["keepalives_idle"] == idle)
        #expect(keywords["tcp_user_timeout"] == user)
        #expect(keywords["keepalives_interval"] == interval)
    }

    @Test func `server settings of the connection string stay, ours come behind`() throws {
        let keywords = try effective(
            "host=a options='-c work_mem=9MB'", settings: [PostgresSetting(name: "search_path", value: "a b\\c")])
        #expect(keywords["options"] == #"-c work_mem=9MB -c search_path=a\ b\\c"#)
    }

    @Test func `a pooler is sent no settings`() throws {
        var configuration = PostgresPool.Configuration(connectionString: "host=a")
        configuration.preparedStatements = .unnamed
        #expect(configuration.options.settings.isEmpty)
        configuration.sessionSettings = [PostgresSetting(name: "work_mem", value: "9MB")]
        let error = #expect(throws: PostgresError.self) { try PostgresPool(configuration: configuration, logger: quiet) }
        #expect(error?.code == .misuse)
    }

    @Test func `hosts and their ports are turned together`() throws {
        let options = ConnectionOptions(connectionString: "host=a,b,c port=1,2,3", applicationName: "test", settings: [])
        let turned = options.startingAtHost(4).keywords.reduce(into: [:]) { $0[$1.0] = $1.1 }
        #expect(turned["host"] == "b,c,a")
        #expect(turned["port"] == "2,3,1")
    }
}
