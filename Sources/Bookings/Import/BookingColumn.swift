import HTTPEdge
import Labels

/// The columns of a table of bookings: each line is one booking of one resource.
enum BookingColumn: String, TableColumn {
    /// What the organisation that enters the table calls the booking, once for ever.
    case ownReference
    /// An id, a name or an inventory number; site and centre say which of several of one name.
    case resource, site, centre
    case start, end, seats, exclusive, persons, activity, audiences, accompanying, title, contactName, contactEmail, programme, offer
    case supervision, organisation, holders
    /// What only an export says, and an import passes over.
    case reference, state, resourceName, createdAt

    var isRequired: Bool {
        switch self {
        case .ownReference, .resource, .start, .end, .activity: true
        default: false
        }
    }

    /// The column from which a member of the body of `createBooking` comes.
    init?(pointer: String) {
        let parts = pointer.split(separator: "/")
        let name: Substring? =
            switch parts.first {
            case "lines": parts.count > 2 ? parts[2] : "end"
            case "contact": parts.last == "email" ? "contactEmail" : "contactName"
            default: parts.first
            }
        guard let name else { return nil }
        self.init(rawValue: String(name.hasSuffix("Id") ? name.dropLast(2) : name))
    }

    /// Where a rule that refuses a booking would be met; nil: nowhere in particular.
    init?(of rule: RuleExplanation) {
        switch rule.code {
        case "audienceNotTargeted", "participantsRequired", "agreementNotForAudience", "keptForOthers", "tooManyPersons": self = .audiences
        case "activityNotAllowed": self = .activity
        case "inThePast", "noticeTooShort", "beyondHorizon", "offGrid", "closed", "notInService", "maintenance": self = .start
        case "durationTooShort", "durationTooLong": self = .end
        case "quantityTooLarge", "capacityFull", "parentFull": self = .seats
        case "supervisionNotOffered": self = .supervision
        case "holderUnknown", "holderNotNamed", "attestationMissing", "attestationExpired", "attestationWithdrawn": self = .holders
        case "offerUnknown", "offerOfOtherCentre", "offerNotInForce": self = .offer
        case "quotaExceeded", "membershipRequired": return nil
        default: self = .resource
        }
    }
}
