import Glibc

/// A program to run, as whom, and where its text goes.
struct Command: Sendable {
    /// The signal a child gets when this process dies: PostgreSQL's fast shutdown, and the end of `initdb`.
    static let parentDeathSignal = "INT"

    var program: String
    var arguments: [String]
    var environment: [String: String]
    /// The account to become; nil stays as this process.
    var account: ServerAccount?

    /// The whole argument list.
    ///
    /// `env` leaves the directory this process was started in, which the server's account may not be allowed into; `setpriv` of
    /// util-linux sets user, group and death signal. Each becomes the next, so the process number stays the same and the program is a
    /// direct child of this process.
    func argumentList(setpriv: String) -> [String] {
        var list = ["/usr/bin/env", "--chdir=/", setpriv]
        if let account {
            list += ["--reuid=\(account.userID)", "--regid=\(account.groupID)", "--init-groups"]
        }
        list += ["--no-new-privs", "--pdeathsig", Self.parentDeathSignal, "--", program]
        return list + arguments
    }

    /// Where Debian and others put `setpriv`.
    static func findSetpriv() throws(ManagedPostgresError) -> String {
        for path in ["/usr/bin/setpriv", "/bin/setpriv", "/usr/local/bin/setpriv"] where StateFiles.isExecutable(path) { return path }
        throw ManagedPostgresError(
            .binariesMissing, "The program 'setpriv' is missing; it belongs to util-linux: apt-get install util-linux")
    }

    /// A clean environment: nothing of this process reaches the server, above all no `PG…` variable.
    static func environment(binaries: String, account: ServerAccount) -> [String: String] {
        [
            "PATH": binaries + ":/usr/bin:/bin", "HOME": account.home, "USER": account.name, "LOGNAME": account.name,
            "LC_ALL": "C.UTF-8", "TZ": "UTC",
        ]
    }
}
