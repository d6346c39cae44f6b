package import Kernel
import Postgres

/// Why this slice says no.
package enum CentresRefusal: Error, Hashable, Sendable {
    case centreUnknown
    case siteUnknown
    /// The row has another version than the caller's.
    case versionPassed(current: Int32)
    /// The database does not know this time zone.
    case zoneUnknown
    /// A name from a day to come would leave the new centre without one until then.
    case namedInTheFuture
    /// Names borne before the present one stay as they were.
    case renamedInHistory(since: LocalDay)
    /// Past days keep the opening that they had.
    case openingInThePast(today: LocalDay)
    /// A day that has passed is not closed afterwards.
    case closedInThePast(index: Int, today: LocalDay)
    /// What will be known then is not known yet.
    case knownAtInFuture

    /// What the database refused; nil when the error has no meaning of its own here.
    init?(_ error: PostgresError) {
        // invalid_parameter_value: what PostgreSQL says of an unknown time zone.
        guard error.sqlState?.rawValue == "22023" else { return nil }
        self = .zoneUnknown
    }
}
