import CLibPQ

/// How to reach and greet the server, as libpq's keywords.
struct ConnectionOptions: Sendable {
    /// A URL or `keyword=value` pairs; several hosts are tried in order.
    var connectionString: String
    var applicationName: String
    /// Server settings for the whole session, sent at start-up.
    var settings: [PostgresSetting]
    /// Keywords that take the place of the connection string's.
    private var overrides: [(String, String)] = []

    init(connectionString: String, applicationName: String, settings: [PostgresSetting]) {
        self.connectionString = connectionString
        self.applicationName = applicationName
        self.settings = settings
    }

    /// The same hosts, tried from the one at `offset` on: libpq itself goes on to the next only when one refuses, not when it is silent.
    func startingAtHost(_ offset: Int) -> ConnectionOptions {
        guard offset > 0, let given = try? Self.parse(connectionString) else { return self }
        var options = self
        options.overrides = ["host", "hostaddr", "port"].compactMap { keyword in
            let list = given[keyword]?.split(separator: ",", omittingEmptySubsequences: false) ?? []
            guard list.count > 1 else { return nil }
            let first = offset % list.count
            return (keyword, (list[first...] + list[..<first]).joined(separator: ","))
        }
        return options
    }

    /// Keywords in libpq's order of precedence: what the connection string says overrides the first, the last override it.
    var keywords: [(String, String)] {
        [
            ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "15000"),
            ("dbname", connectionString),
            ("application_name", applicationName), ("client_encoding", "UTF8"), ("options", commandLine),
        ] + overrides
    }

    /// Our settings behind those of the connection string.
    private var commandLine: String {
        let own = settings.map { "-c \($0.name)=\(Self.escaped($0.value))" }
        let given = (try? Self.parse(connectionString))?["options"]
        return ([given].compactMap(\.self) + own).joined(separator: " ")
    }

    /// The server splits options at spaces and takes a backslash as escape.
    private static func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, character in
            if character == " " || character == "\\" { text.append("\\") }
            text.append(character)
        }
    }

    /// The keywords a connection string sets.
    static func parse(_ connectionString: String) throws(PostgresError) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = unsafe PQconninfoParse(connectionString, &message) else {
            // libpq quotes the string, which may hold a password.
            unsafe PQfreemem(message)
            throw PostgresError(.misuse, "the connection string cannot be read")
        }
        defer { unsafe PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val { unsafe values[String(cString: keyword)] = unsafe String(cString: value) }
            unsafe option += 1
        }
        return values
    }
}
