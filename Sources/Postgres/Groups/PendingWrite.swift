/// A write on its way.
struct PendingWrite: Sendable {
    let request: PostgresRequest
    /// Known beforehand; nil runs alone and takes its own.
    let locks: [PostgresLock]?
    /// Tries that ended in a conflict so far, each alone.
    var conflicts = 0
    /// When to give up waiting for a connection; a further try has as much patience as the first.
    var deadline: ContinuousClock.Instant

    init(request: PostgresRequest, locks: [PostgresLock]?) {
        self.request = request
        self.locks = locks
        deadline = request.deadline
    }
}
