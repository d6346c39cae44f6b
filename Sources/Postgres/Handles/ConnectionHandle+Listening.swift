import CLibPQ

/// Blocking, for a connection that has a thread to itself.
extension ConnectionHandle {
    /// Waits so long at most for the first notification; takes all that are there.
    mutating func notifications(milliseconds: Int32) throws(PostgresError) -> [PostgresNotification] {
        let waiting = takeNotifications()
        guard waiting.isEmpty else { return waiting }
        guard waitForSocket(socket, toWrite: false, milliseconds: milliseconds) else { return [] }
        guard consumeInput() else { throw localFailure() }
        return takeNotifications()
    }

    private mutating func takeNotifications() -> [PostgresNotification] {
        var taken: [PostgresNotification] = []
        while let said = unsafe PQnotifies(raw) {
            unsafe taken.append(
                PostgresNotification(channel: String(cString: said.pointee.relname), payload: String(cString: said.pointee.extra)))
            unsafe PQfreemem(said)
        }
        return taken
    }
}
