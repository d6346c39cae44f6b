import Kernel

/// When the sites of the network are open, day by day.
struct SiteCalendar: Sendable {
    struct ClosedDay: Sendable {
        let day: LocalDay
        /// A text key.
        let reason: String
    }

    /// First and last day of the calendar.
    let days: ClosedRange<LocalDay>
    /// The same for every centre.
    let closedDays: [ClosedDay]
    /// Days on which a site is closed by exception, with the reason.
    let exceptions: [[(day: LocalDay, reason: String)]]
    /// Open periods of each site by day; a closed day is absent.
    let openHours: [[LocalDay: [Period]]]

    func isOpen(site: Int, on day: LocalDay, during period: Period) -> Bool {
        openHours[site][day]?.contains { $0.contains(period) } ?? false
    }
}
