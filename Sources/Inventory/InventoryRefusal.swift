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
    case renewalBeforePurchase

    /// What a violated constraint of the database stands for.
    init?(constraint: String?) {
        switch constraint {
        case "asset_inventory_number_once": self = .inventoryNumberTaken
        case "asset_serial_once": self = .serialTaken
        case "asset_platform": self = .platformUnknown
        case "asset_fixed_to_a_platform_or_mobile": self = .platformMissing
        case "asset_renewal_after_purchase": self = .renewalBeforePurchase
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
