package import Kernel
package import Postgres
import Locking

/// Which tree each resource stands in, as far as this process has learnt it.
///
/// The database locks the root of a tree. A group of bookings takes its locks together and beforehand, so it needs to know the roots;
/// one that is out of date costs a wait, never a seat, because the database looks itself.
package final class RoomTrees: Sendable {
    private static let most = 200_000
    private let database: PostgresPool
    private let roots = Mutex<[ResourceID: ResourceID]>([:])

    package init(database: PostgresPool) {
        self.database = database
    }

    /// The roots of some resources; those that nobody knows are their own.
    package func roots(of resources: some Sequence<ResourceID>) async throws(PostgresError) -> [ResourceID: ResourceID] {
        var found: [ResourceID: ResourceID] = [:]
        for resource in resources where found[resource] == nil {
            let known = roots.withLock { $0[resource] }
            if let known { found[resource] = known } else { found[resource] = try await learn(resource) }
        }
        return found
    }

    private func learn(_ resource: ResourceID) async throws(PostgresError) -> ResourceID {
        guard let root = try await database.first(SQL.RootOfResource(resource: resource))?.root else { return resource }
        roots.withLock { roots in
            if roots.count >= Self.most { roots = [:] }
            roots[resource] = root
        }
        return root
    }
}
