package import Kernel
import Platforms
import Postgres

/// Why a command about equipment is not carried out; the checks are the tables' own.
package enum InventoryRefusal: Error, Hashable, Sendable {
    case notFound
    /// Another asset of the centre has this inventory number.
    case inventoryNumberTaken
    /// Another asset of the centre is of this model and has this serial.
    case serialTaken
    /// The platform is not one of the centre.
    case platformUnknown
    /// What is fixed is fixed to a platform.
    case platformMissing
    /// What is fixed to a platform stands at its site.
    case platformElsewhere
    case renewalBeforePurchase
    case changedMeanwhile(version: Int32)
    /// From that state it does not go to the other.
    case stateNotAllowed(from: String, to: String)
    /// Somebody has it at a time at which it could not be used there any more.
    case booked(at: Instant, zone: String)
    /// What is loaned in goes back one day.
    case loanEndMissing
    /// Only what is loaned in goes back.
    case loanEndOfOwn
    /// Only what is ordered, faulty or in repair is expected.
    case expectedWhileHere
    /// A reason for a mark that it does not have.
    case reasonWithoutMark

    /// A document of a model, at what has none.
    case modelMissing
    /// The resource, or the model at the centre, has as many documents as it may.
    case tooManyDocuments

    /// No asset of the centre has that number or id.
    case assetUnknown
    /// The count is over.
    case stocktakeClosed
    /// A stock of another site or centre than is counted.
    case stockUnknown
    /// A correction of what nobody counted, or of what is as it should be.
    case nothingToCorrect(index: Int, code: String)

    /// Within the durability period of funds; a reason to override carries it out.
    case durable(FundingBond)
    /// A funding line whose durability period runs, and that its centre would end or shorten.
    case boundByFunds(FundingBond)
    /// Lines would pay more than the asset cost.
    case shareExceeded(leftHundredths: Int32, on: LocalDay)
    case fundingLineEnded
    /// None of the centre with that partner.
    case agreementUnknown
    case organisationUnknown

    /// More items are booked at some moment to come than would be left.
    case stockInUse(taken: Int32, at: Instant, zone: String, by: [StockTaking])
    /// More items are with somebody than would be left.
    case itemsOut(count: Int32)
    /// Use makes only consumables fewer.
    case notConsumable
    /// Less than nothing would be left, or more than a stock holds.
    case amountOutOfRange(amount: Int32)
    case modelUnknown
    /// A member of a kit, by its number, that is no resource of the centre, no model, or more than one of one unit.
    case kitMemberUnknown(number: Int32)
    case kitMemberTwice

    /// What a violated constraint of the database stands for.
    init?(constraint: String?) {
        switch constraint {
        case "asset_inventory_number_once": self = .inventoryNumberTaken
        case "asset_serial_once": self = .serialTaken
        case "asset_platform": self = .platformUnknown
        case "asset_fixed_to_a_platform_or_mobile": self = .platformMissing
        case "asset_fixed_where_its_platform_is": self = .platformElsewhere
        case "asset_renewal_after_purchase": self = .renewalBeforePurchase
        case "asset_loaned_in_has_end": self = .loanEndMissing
        case "asset_loaned_is_not_in_service": self = .loanEndOfOwn
        case "asset_expected_while_away": self = .expectedWhileHere
        case "asset_reason_of_advanced": self = .reasonWithoutMark
        case "funding_line_organisation": self = .organisationUnknown
        case "stock_model": self = .modelUnknown
        case "kit_member_once", "kit_member_model_once": self = .kitMemberTwice
        default: return nil
        }
    }
}

extension PostgresError {
    /// The refusal that the violated constraint stands for, else that of the resource it is, else this error.
    var inventoryRefusal: any Error {
        guard let refusal = InventoryRefusal(constraint: constraint) else { return platformRefusal }
        return refusal
    }
}
