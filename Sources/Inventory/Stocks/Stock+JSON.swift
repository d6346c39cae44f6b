package import HTTPEdge
package import Kernel
import Platforms

extension SQL.ListStocks.Row {
    var eTag: ETag { ETag(version: Int64(version)) }

    /// Writes the members of the contract's `Stock`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("centreId", centreId)
        json.member("siteId", siteId)
        json.member("zone", zone)
        json.member("name", name)
        json.member("amount", amount)
        json.member("out", outCount)
        json.member("inHouse", amount - outCount)
        json.member("modelId", modelId)
        json.member("model", model)
        json.member("isConsumable", isConsumable)
        json.member("minimum", minimum)
        json.member("isLow", minimum.map { amount < $0 } ?? false)
        json.member("visibility", Visibility(isShared: isShared))
        json.member(
            "rules",
            UseRules(
                setupMinutes: setupMinutes, cleanupMinutes: cleanupMinutes, minimumMinutes: minimumMinutes,
                maximumMinutes: maximumMinutes, gridMinutes: gridMinutes, noticeMinutes: noticeMinutes, horizonDays: horizonDays))
        json.member("version", version)
    }
}

extension SQL.ListStockChanges.Row {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("number", number)
            json.member("cause", cause)
            json.member("change", change)
            json.member("amount", amount)
            json.member("note", note)
            json.member("at", at)
            json.member("keyId", keyId)
        }
    }
}

/// A line of a booking that takes more of a stock than would be left of it.
package struct StockTaking: Hashable, Sendable {
    let booking: BookingID
    let reference: String
    let start: Instant
    let end: Instant
    let amount: Int32
}

extension StockTaking: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("bookingId", booking)
            json.member("reference", reference)
            json.member("start", start)
            json.member("end", end)
            json.member("amount", amount)
        }
    }
}

extension StockTaking {
    /// From the parallel lists of a row.
    package static func list(
        _ bookings: [BookingID]?, _ references: [String]?, _ starts: [Instant]?, _ ends: [Instant]?, _ amounts: [Int32]?
    ) -> [StockTaking] {
        guard let bookings, let references, let starts, let ends, let amounts else { return [] }
        return bookings.indices.map { index in
            StockTaking(
                booking: bookings[index], reference: references[index], start: starts[index], end: ends[index], amount: amounts[index])
        }
    }
}

extension SQL.ChangeAmount.Row {
    var takings: [StockTaking] { StockTaking.list(bookings, bookingReferences, starts, ends, amounts) }
}

extension SQL.CloseStocktake.Row {
    var takings: [StockTaking] { StockTaking.list(bookings, bookingReferences, starts, ends, amounts) }
}
