package import Kernel
package import Postgres

/// Why a command about a resource is not carried out; the checks are the table's own.
package enum PlatformRefusal: Error, Hashable, Sendable {
    case notFound
    /// A change that changes nothing.
    case nothingGiven
    /// The site is not one of the centre.
    case siteUnknown
    /// The longest duration is shorter than the shortest.
    case durationsCrossed
    /// No duration that is allowed is a multiple of the grid.
    case noDurationOnGrid
    /// More workstations are booked at some moment to come than would be left.
    case capacityInUse(taken: Int32, at: Instant, zone: String)
    case changedMeanwhile(version: Int32)

    /// What a violated constraint of the database stands for.
    package init?(constraint: String?) {
        switch constraint {
        case "resource_site": self = .siteUnknown
        case "resource_duration_range": self = .durationsCrossed
        case "resource_grid_fits_duration": self = .noDurationOnGrid
        default: return nil
        }
    }
}

extension PostgresError {
    /// The refusal that the violated constraint stands for, else this error.
    package var platformRefusal: any Error {
        guard let refusal = PlatformRefusal(constraint: constraint) else { return self }
        return refusal
    }
}
