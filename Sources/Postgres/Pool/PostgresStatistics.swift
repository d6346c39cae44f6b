/// What a pool is doing now, and has done since it began.
package struct PostgresStatistics: Hashable, Sendable {
    // MARK: Now
    /// Shared connections that can take requests.
    package internal(set) var connectionsReady = 0
    package internal(set) var requestsInFlight = 0
    /// Requests that wait for a shared connection.
    package internal(set) var readsWaiting = 0
    package internal(set) var writesWaiting = 0
    package internal(set) var leasesOut = 0
    package internal(set) var leasesWaiting = 0

    // MARK: Since the beginning
    package internal(set) var requestsDone = 0
    /// Syncs of reads, each of one or several.
    package internal(set) var readSyncsDone = 0
    /// Reads asked again alone, because a neighbour under their Sync failed.
    package internal(set) var readsRedone = 0
    package internal(set) var groupsDone = 0
    package internal(set) var writesInGroups = 0
    package internal(set) var largestGroup = 0
    /// Writes done again alone, because a neighbour of their group failed or after a conflict.
    package internal(set) var writesRedone = 0
    package internal(set) var connectionsLost = 0
    /// Connections made, also those at the beginning.
    package internal(set) var connectionsMade = 0
    package internal(set) var connectionsRefused = 0
    package internal(set) var timeouts = 0
    /// Connections opened because every one for reads was held up.
    package internal(set) var reliefsOpened = 0
}
