/// A write on its way.
struct PendingWrite: Sendable {
    let request: PostgresRequest
    /// Known beforehand; nil runs alone and takes its own.
    let locks: [PostgresLock]?
    /// Tries that ended in a conflict so far, each alone.
    var conflicts = 0
}
