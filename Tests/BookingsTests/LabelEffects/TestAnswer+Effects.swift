import TestSupport

extension TestAnswer {
    /// The bookings to which an approval did this.
    func bookings(where effect: TestJSON) -> Set<String> {
        Set(self["effects"]?.elements.filter { $0["effect"] == effect }.compactMap { $0["bookingId"]?.text } ?? [])
    }
}
