package import Tracing

extension PostgresPool {
    /// How to reach the server, and how much to ask of it at once.
    package struct Configuration: Sendable {
        /// A URL or `keyword=value` pairs of libpq.
        ///
        /// Several hosts are tried in order; `target_session_attrs=read-write` finds the primary.
        package var connectionString: String
        package var applicationName = "postgres"
        /// Connections shared by all reads.
        package var pipelinedConnections = 4
        /// Connections for reads that others wait for, such as who is calling: no slow read holds them up.
        package var aheadConnections = 1
        /// Most connections opened for the time that slow reads hold up every one of `pipelinedConnections`.
        package var reliefConnections = 4
        /// How long these are kept when they are not needed any more.
        package var reliefLinger: Duration = .seconds(10)
        /// Connections shared by all writes; apart from reads, so that a wait for a lock holds up no read.
        package var groupConnections = 4
        /// Most connections lent to transactions at a time; each is opened when first needed.
        package var exclusiveConnections = 8
        /// How long a request waits for a connection, also while the server is away.
        package var acquireTimeout: Duration = .seconds(2)
        package var connectTimeout: Duration = .seconds(5)
        /// Longest pause between two tries to connect.
        package var longestBackoff: Duration = .seconds(2)
        /// The server cancels a statement that runs longer; nil leaves its default.
        package var statementTimeout: Duration? = .seconds(30)
        /// A server that owes an answer and says nothing for so long is given up, and its connection with it; nil waits for ever.
        ///
        /// Longer than `statementTimeout`, which a server that is well reports. The answers of a group come together: it bounds the whole
        /// group.
        package var silenceTimeout: Duration? = .seconds(35)
        /// Whether statements are prepared once a connection.
        package var preparedStatements = PreparedStatementNaming.named
        /// Most writes under one Sync.
        package var groupLimit = 64
        /// Most quick reads under one Sync.
        package var readGroupLimit = 16
        /// Most Syncs in flight on one shared connection for reads; what comes then waits for the first that is free.
        package var pipelineDepth = 2
        /// How long ``PostgresPool/run()`` waits at its end for what is in flight.
        package var shutdownTimeout: Duration = .seconds(5)
        /// Takes the locks of a group: `$1` keys as `int8[]`, ascending, `$2` whether exclusive, as `bool[]`.
        package var lockPrelude = """
            select case when l.exclusive then pg_advisory_xact_lock(l.key) else pg_advisory_xact_lock_shared(l.key) end
            from unnest($1, $2) as l(key, exclusive)
            """
        /// Further server settings for every session.
        package var sessionSettings: [PostgresSetting] = []
        /// Gets a span for each call made within a trace; nil records none.
        package var tracer: (any Tracer)?

        package init(connectionString: String) { self.connectionString = connectionString }

        var options: ConnectionOptions {
            guard preparedStatements == .named else {
                return ConnectionOptions(connectionString: connectionString, applicationName: applicationName, settings: [])
            }
            var settings = sessionSettings
            if let statementTimeout {
                settings.append(PostgresSetting(name: "statement_timeout", value: "\(statementTimeout.wholeMilliseconds)"))
            }
            // A backend whose client is gone stops its statement instead of finishing it for nobody.
            settings.append(PostgresSetting(name: "client_connection_check_interval", value: "2000"))
            return ConnectionOptions(
                connectionString: connectionString, applicationName: applicationName, settings: settings)
        }

        func lockCall(_ locks: [PostgresLock]) -> PipelineCall? {
            guard !locks.isEmpty else { return nil }
            var parameters = PostgresParameters()
            parameters.append(locks.map(\.key))
            parameters.append(locks.map { $0.mode == .exclusive })
            let text = StatementText(name: "postgres.TakeLocks", text: lockPrelude, parameterTypes: [.int8Array, .boolArray])
            return PipelineCall(text, parameters)
        }
    }

    /// How statements are called on the wire.
    package enum PreparedStatementNaming: Hashable, Sendable {
        /// Each is prepared under its name when a connection first needs it.
        case named
        /// Each call brings its text, for poolers that give every transaction another server connection (PgBouncer before 1.21).
        ///
        /// Such poolers refuse server settings at start-up too: `statementTimeout` and `sessionSettings` are not sent; give them to the
        /// role (`alter role … set statement_timeout = …`).
        case unnamed
    }
}
