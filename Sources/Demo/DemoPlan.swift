/// Everything that is written, but keys.
struct DemoPlan: Sendable {
    let network: PlannedNetwork
    let calendar: SiteCalendar
    let bookings: [PlannedBooking]

    var tables: [CopyTable] {
        network.tables(calendar: calendar) + BookingTables(bookings, of: network).tables
    }

    /// FNV-1a over every row: two plans are the same when their fingerprints are.
    var fingerprint: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for table in tables {
            for chunk in table.chunks {
                for byte in chunk { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            }
        }
        return hash
    }
}
