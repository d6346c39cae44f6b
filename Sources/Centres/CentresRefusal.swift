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
    case carrierInHistory(since: LocalDay)
    case notAllowed
    /// No such version of a list of municipalities.
    case municipalityListMissing
    /// No centre of that identifier, or the network itself.
    case successorUnknown
    case succeededInThePast
    /// Another centre stands in its place already.
    case alreadySucceeded
    /// It would come to stand in its own place.
    case succeedsItself
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

    /// What `centres.succeed` answers instead of recording.
    init(succession outcome: String, current: Int32) {
        self =
            switch outcome {
            case "forbidden": .notAllowed
            case "versionMismatch": .versionPassed(current: current)
            case "inThePast": .succeededInThePast
            case "alreadySucceeded": .alreadySucceeded
            case "succeedsItself": .succeedsItself
            default: .successorUnknown
            }
    }
}
