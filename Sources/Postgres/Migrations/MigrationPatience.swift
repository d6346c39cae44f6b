/// How long a migrator waits for others.
package struct MigrationPatience: Sendable {
    /// How long a statement waits for a lock.
    ///
    /// While a migration waits for a table's lock, everybody who comes after it waits as well.
    package var lockTimeout = Duration.seconds(2)
    /// Attempts at one migration whose locks are not to be had.
    package var attempts = 15
    /// Rest between two attempts, in which the others catch up.
    package var pause = Duration.seconds(1)
    /// How long another migrator may be at work.
    package var forOtherMigrator = Duration.seconds(120)

    let clock = ContinuousClock()

    package init() {}

    var lockTimeoutMilliseconds: Int {
        Int(lockTimeout.components.seconds * 1000 + lockTimeout.components.attoseconds / 1_000_000_000_000_000)
    }
}
