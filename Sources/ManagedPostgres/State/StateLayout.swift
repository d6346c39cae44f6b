/// Where the private server's files are, and who owns them.
///
/// The state directory is, in this order: the configured one; systemd's `STATE_DIRECTORY`; `/var/lib/plateau` for root;
/// `$XDG_STATE_HOME/plateau`; `~/.local/state/plateau`. A configured directory holds its socket too. Otherwise the socket is in
/// systemd's `RUNTIME_DIRECTORY`, in `/run/plateau` for root, in `$XDG_RUNTIME_DIR/plateau`, or inside the state directory.
///
/// Files that the program writes lie in the state directory itself, never in a directory that belongs to the server's account:
/// a program running as root must not follow a link that an ordinary account has planted.
struct StateLayout: Hashable, Sendable {
    /// Bytes of `sockaddr_un.sun_path` without the final NUL, and of the file name PostgreSQL appends.
    static let longestSocketPath = 107
    static let socketName = "/.s.PGSQL.5432"

    let state: String
    let socketDirectory: String
    let account: ServerAccount
    /// True when this process is root and the server runs as somebody else.
    let changesUser: Bool

    var data: String { state + "/data" }
    var log: String { state + "/log" }
    var lock: String { state + "/lock" }
    var startLog: String { state + "/start.log" }
    var settings: String { state + "/postgresql.conf" }
    var localSettings: String { state + "/postgresql.local.conf" }
    var accessRules: String { state + "/pg_hba.conf" }
    var identityMap: String { state + "/pg_ident.conf" }
    var socketLock: String { socketDirectory + Self.socketName + ".lock" }
    var postmasterFile: String { data + "/postmaster.pid" }

    init(_ configuration: ManagedPostgres.Configuration, in surroundings: Surroundings) throws(ManagedPostgresError) {
        account = try surroundings.serverAccount()
        changesUser = surroundings.isRoot
        state = try Self.checked(Self.stateDirectory(configuration, in: surroundings, home: account.home))
        socketDirectory = try Self.checked(
            Self.socketDirectory(configuration, in: surroundings) ?? state + "/socket")
        try checkSocketPath()
    }

    private static func stateDirectory(
        _ configuration: ManagedPostgres.Configuration, in surroundings: Surroundings, home: String
    ) -> String {
        if let configured = configuration.stateDirectory { return configured }
        if let systemd = surroundings.variable("STATE_DIRECTORY") { return systemd }
        if surroundings.isRoot { return "/var/lib/plateau" }
        if let base = surroundings.variable("XDG_STATE_HOME") { return base + "/plateau" }
        return (surroundings.variable("HOME") ?? home) + "/.local/state/plateau"
    }

    private static func socketDirectory(_ configuration: ManagedPostgres.Configuration, in surroundings: Surroundings) -> String? {
        if configuration.stateDirectory != nil { return nil }
        if let systemd = surroundings.variable("RUNTIME_DIRECTORY") { return systemd }
        if surroundings.isRoot { return "/run/plateau" }
        return surroundings.variable("XDG_RUNTIME_DIR").map { $0 + "/plateau" }
    }

    /// PostgreSQL's directory lists and libpq's host lists are separated by commas; quotes and controls would break the settings file.
    private static func checked(_ path: String) throws(ManagedPostgresError) -> String {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let forbidden: Set<Unicode.Scalar> = [",", "'", "\"", "\\", ":"]
        guard trimmed.hasPrefix("/"), !trimmed.unicodeScalars.contains(where: { forbidden.contains($0) || $0.value < 32 }) else {
            throw ManagedPostgresError(
                .pathUnusable,
                "The directory '\(path)' can't be used: an absolute path without commas, colons, quotes or backslashes is needed.")
        }
        return trimmed
    }

    private func checkSocketPath() throws(ManagedPostgresError) {
        let length = socketDirectory.utf8.count + Self.socketName.utf8.count
        guard length <= Self.longestSocketPath else {
            throw ManagedPostgresError(
                .pathUnusable,
                """
                The socket path \(socketDirectory)\(Self.socketName) has \(length) bytes; the system allows \(Self.longestSocketPath). \
                Choose a state directory with a shorter path.
                """)
        }
    }
}
