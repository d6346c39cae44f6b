package import HTTPEdge

/// When and for how long a resource can be booked; in force for new bookings.
package struct UseRules: Hashable, Sendable {
    /// Minutes taken before and after each slot.
    package let setupMinutes: Int32
    package let cleanupMinutes: Int32
    package let minimumMinutes: Int32
    package let maximumMinutes: Int32
    /// Starts and durations are multiples of it.
    package let gridMinutes: Int32
    package let noticeMinutes: Int32
    /// How many days ahead a slot may start.
    package let horizonDays: Int32

    package init(
        setupMinutes: Int32 = 0, cleanupMinutes: Int32 = 0, minimumMinutes: Int32 = 15, maximumMinutes: Int32 = 1_440,
        gridMinutes: Int32 = 15, noticeMinutes: Int32 = 0, horizonDays: Int32 = 366
    ) {
        self.setupMinutes = setupMinutes
        self.cleanupMinutes = cleanupMinutes
        self.minimumMinutes = minimumMinutes
        self.maximumMinutes = maximumMinutes
        self.gridMinutes = gridMinutes
        self.noticeMinutes = noticeMinutes
        self.horizonDays = horizonDays
    }

    package static let standard = UseRules()
}

extension UseRules: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("setupMinutes", setupMinutes)
            json.member("cleanupMinutes", cleanupMinutes)
            json.member("minimumMinutes", minimumMinutes)
            json.member("maximumMinutes", maximumMinutes)
            json.member("gridMinutes", gridMinutes)
            json.member("noticeMinutes", noticeMinutes)
            json.member("horizonDays", horizonDays)
        }
    }
}
