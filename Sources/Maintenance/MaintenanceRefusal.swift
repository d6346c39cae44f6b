package import Kernel
import Labels
import Postgres

/// Why a command about outages, faults or plans is not carried out.
package enum MaintenanceRefusal: Error, Hashable, Sendable {
    /// Missing, or not the caller's to see.
    case notFound
    case notAllowed(roles: [Role])
    case changedMeanwhile(version: Int32)
    /// Items of a stock are counted, not repaired.
    case countedItems
    case retired
    /// The moment at which it is over has passed.
    case past(member: String)
    case planUnknown
    /// It displaces others than the caller expects.
    case displacedChanged([BookingID])
    /// The outage of a fault ends with the fault.
    case endsWithFault
    /// The outage of equipment that is away ends when it comes back, or arrives.
    case endsWithReturn
    /// It has ended, or was resolved.
    case over
    /// The fault does not keep anybody from using the resource.
    case doesNotStopUse
    /// A day that has not come.
    case doneInFuture
    /// Earlier than it was last done.
    case doneEarlier
    /// A calibration has a certificate, maintenance has none.
    case certificateMismatch
    case expiresBeforeDone
    /// Only a displaced booking is moved.
    case notDisplaced
    case lineUnknown
    /// A line that was not moved has no room.
    case noRoom

    /// What every command of the slice answers; nil for an outcome of its own.
    init?(_ outcome: String, version: Int32?, roles: [Role]) {
        switch (outcome, version) {
        case ("notFound", _): self = .notFound
        case ("forbidden", _): self = .notAllowed(roles: roles)
        case ("versionMismatch", let version?): self = .changedMeanwhile(version: version)
        case ("countedItems", _): self = .countedItems
        case ("retired", _): self = .retired
        case ("planUnknown", _): self = .planUnknown
        case ("endsWithFault", _): self = .endsWithFault
        case ("endsWithReturn", _): self = .endsWithReturn
        case ("over", _): self = .over
        case ("doesNotStopUse", _): self = .doesNotStopUse
        case ("future", _): self = .doneInFuture
        case ("earlier", _): self = .doneEarlier
        case ("certificate", _): self = .certificateMismatch
        case ("notDisplaced", _): self = .notDisplaced
        case ("lineUnknown", _): self = .lineUnknown
        case ("noRoom", _): self = .noRoom
        default: return nil
        }
    }
}
