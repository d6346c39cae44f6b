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
    /// The platform that it should be a part of is none of the centre, or is retired.
    case parentUnknown
    /// The platform that it should be a part of is at another site.
    case parentElsewhere
    /// It would have more workstations than the platform that it is a part of.
    case parentSmaller(workstations: Int32?)
    /// It would be a part of itself.
    case parentInside
    /// It, or a part of it, keeps hours of its own, which a new place would change.
    case parentHours
    /// A part of it has more workstations.
    case baysLarger(workstations: Int32)
    /// Something of it is booked, so that its place in the tree stays.
    case platformInUse(at: Instant, zone: String)
    /// It is booked, or so many of its model that one less would not do.
    case workstationInUse(at: Instant?, zone: String?)
    case workstationRetired

    /// What a violated constraint of the database stands for.
    package init?(constraint: String?) {
        switch constraint {
        case "resource_site": self = .siteUnknown
        case "resource_duration_range": self = .durationsCrossed
        case "resource_grid_fits_duration": self = .noDurationOnGrid
        case "resource_parent", "resource_depth": self = .parentUnknown
        case "resource_parent_elsewhere": self = .parentElsewhere
        case "resource_parent_smaller": self = .parentSmaller(workstations: nil)
        case "resource_parent_inside": self = .parentInside
        case "resource_parent_hours": self = .parentHours
        case "workstation_group_in_use": self = .workstationInUse(at: nil, zone: nil)
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
