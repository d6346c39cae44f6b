import Access
import FoundationEssentials
package import Kernel
package import Postgres

/// The advisory locks that a booking takes, so that a group of bookings can take theirs together, in one order.
///
/// The database takes them again by itself and adds those of the buffers: a key that is missing here costs a wait, never a seat.
package enum RoomLocks {
    /// `plateau.label_lock`: shared by whoever depends on a centre's label.
    ///
    /// Negative, so that it sorts before every room.
    package static func label(of centreNumber: Int16) -> PostgresLock {
        PostgresLock(key: .min + Int64(centreNumber), mode: .shared)
    }

    /// `plateau.room_lock`: one tree, or a resource that stands in none, on one UTC day.
    package static func room(_ resource: ResourceID, utcDay: Int64) -> PostgresLock {
        PostgresLock(key: (resource.lowBits & 0x3FFF_FFFF_FFFF_FFFF) ^ (utcDay & 0xF_FFFF), mode: .exclusive)
    }

    /// Every lock of some lines and of the centres that they touch.
    ///
    /// - Parameter roots: the tree that each resource stands in; see ``RoomTrees``.
    package static func all(of lines: [ReserveRequest.Line], roots: [ResourceID: ResourceID]) -> [PostgresLock] {
        var locks: [PostgresLock] = []
        for line in lines {
            locks.append(label(of: line.resource.centreColumn))
            for day in utcDay(of: line.period.start)...utcDay(of: line.period.end, isEnd: true) {
                locks.append(room(roots[line.resource] ?? line.resource, utcDay: day))
            }
        }
        return locks
    }

    /// Days since 2000-01-01 in UTC; an end belongs to the day before when it is midnight.
    static func utcDay(of instant: Instant, isEnd: Bool = false) -> Int64 {
        let microsecondsADay: Int64 = 86_400_000_000
        let instant = instant.microsecondsSince1970 - (isEnd ? 1 : 0)
        let day = (Double(instant) / Double(microsecondsADay)).rounded(.down)
        return Int64(day) - 10_957
    }
}

extension Identifier {
    /// The last eight bytes, as the database's `plateau.low_bits` reads them.
    fileprivate var lowBits: Int64 {
        let bytes = rawValue.uuid
        let tail = [bytes.8, bytes.9, bytes.10, bytes.11, bytes.12, bytes.13, bytes.14, bytes.15]
        return tail.reduce(Int64(0)) { bits, byte in bits << 8 | Int64(byte) }
    }
}
