/// Who may connect: local processes of the server's account, of root and of this process, as the roles named, and nobody else.
struct AccessRules: Sendable {
    let systemUsers: [String]
    let roles: [String]

    /// `pg_hba.conf`: the kernel says who is at the other end of the socket; the map says what they may be called.
    var rules: String {
        """
        # Written at each start by plateau.
        local all all peer map=plateau
        local replication all peer map=plateau

        """
    }

    /// `pg_ident.conf`: one line for each user and role.
    var identityMap: String {
        let lines = systemUsers.flatMap { user in roles.map { "plateau \(Self.quoted(user)) \(Self.quoted($0))" } }
        return "# Written at each start by plateau.\n" + lines.joined(separator: "\n") + "\n"
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
