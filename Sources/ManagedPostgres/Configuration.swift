extension ManagedPostgres {
    /// Where the private server keeps its files, which programs it runs and who may connect.
    package struct Configuration: Sendable {
        /// Directory of everything the server keeps; nil chooses one by the rules of ``StateLayout``.
        package var stateDirectory: String?
        /// Directory with `postgres` and `initdb`; nil looks for an installed one.
        package var binaries: String?
        /// Superuser made with the cluster; it owns the database.
        package var owner = "plateau_owner"
        /// Further roles that local processes of the same user may connect as; migrations create them.
        package var roles = ["plateau_app", "plateau_readonly"]
        /// Database made with the cluster.
        package var database = "plateau"
        /// `max_connections` of the server.
        package var maximumConnections = 60
        /// How long ``ManagedPostgres/waitUntilReady()`` waits, recovery after a crash included.
        package var startTimeout: Duration = .seconds(30)
        /// How long a fast shutdown may take before an immediate one follows.
        package var stopGrace: Duration = .seconds(20)
        /// How long to wait for a server left behind by a killed process.
        package var orphanGrace: Duration = .seconds(10)

        package init(stateDirectory: String? = nil, binaries: String? = nil) {
            self.stateDirectory = stateDirectory
            self.binaries = binaries
        }
    }
}
