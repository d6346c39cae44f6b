package import Kernel
import Postgres

/// Why this slice says no.
package enum AccessRefusal: Error, Hashable, Sendable {
    /// There is none, or the caller may not know of it.
    case organisationUnknown
    case keyUnknown
    case personUnknown
    /// The address of mail is that of somebody who is registered.
    case personRegistered
    /// A role of which two persons decide together: only whoever runs the service registers one of them.
    case roleByOperator(Role)
    /// The key that is to make another was revoked a moment ago, or has expired.
    case authorRevoked
    /// Another membership of the organisation covers one of the days.
    case membershipOverlaps
    /// The caller may not give away this role.
    case roleNotGrantable(Role)
    /// The role at this place of the list names a centre that does not exist.
    case centreUnknown(index: Int)
    case expiryPassed

    /// What the database refused; nil when the error has no meaning of its own here.
    init?(_ error: PostgresError) {
        switch error.constraint {
        case "membership_no_overlap": self = .membershipOverlaps
        case "agreement_organisation", "api_key_organisation": self = .organisationUnknown
        default: return nil
        }
    }
}
