/// What NOTIFY said.
package struct PostgresNotification: Hashable, Sendable {
    package let channel: String
    package let payload: String
}

extension PostgresSession {
    /// Hears from now on what NOTIFY says on a channel in transactions that commit.
    package func listen(to channel: String) throws(PostgresError) {
        let quoted = channel.replacing("\"", with: "\"\"")
        try execute(script: "listen \"\(quoted)\"")
    }

    /// What was said since the last call, waiting for it if need be; nothing when `patience` is over.
    ///
    /// - Throws: `connectionLost`.
    package func notifications(within patience: Duration) throws(PostgresError) -> [PostgresNotification] {
        try withHandle { (handle) throws(PostgresError) in
            try handle.notifications(milliseconds: patience.wholeMilliseconds)
        }
    }
}
