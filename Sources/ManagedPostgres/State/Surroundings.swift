import Foundation
import Glibc

/// What this process finds around it; a value, so that tests can choose it.
struct Surroundings: Sendable {
    var userID: uid_t
    var environment: [String: String]
    var accountNamed: @Sendable (String) -> ServerAccount?
    var accountNumbered: @Sendable (uid_t) -> ServerAccount?

    static var current: Surroundings {
        Surroundings(
            userID: geteuid(), environment: ProcessInfo.processInfo.environment, accountNamed: ServerAccount.named,
            accountNumbered: ServerAccount.numbered)
    }

    var isRoot: Bool { userID == 0 }

    /// The value of an environment variable that is set and not empty.
    func variable(_ name: String) -> String? {
        guard let value = environment[name], !value.isEmpty else { return nil }
        return value
    }

    /// The account that server processes run as.
    ///
    /// PostgreSQL refuses to run as root, so root hands it to `plateau`, or else to `postgres`.
    func serverAccount() throws(ManagedPostgresError) -> ServerAccount {
        if !isRoot {
            if let account = accountNumbered(userID) { return account }
            throw ManagedPostgresError(
                .accountMissing,
                "User number \(userID) has no entry in the user database, which PostgreSQL needs. Run as a user that has one.")
        }
        for name in ["plateau", "postgres"] {
            if let account = accountNamed(name), account.userID != 0 { return account }
        }
        throw ManagedPostgresError(
            .accountMissing,
            """
            PostgreSQL does not run as root and there is neither a user 'plateau' nor a user 'postgres' to run it. \
            Create one: useradd --system --home-dir /var/lib/plateau --shell /usr/sbin/nologin plateau
            """)
    }
}
