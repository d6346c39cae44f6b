/// What is set about equipment that is away.
package struct AwaySettings: Sendable {
    /// So many hours before it is due a return is reminded of; of what is out for less than twice as long, at half of its time.
    package let reminderHours: Int32
    /// How fast equipment travels between sites, along the great circle.
    package let kilometresPerHour: Int32

    package init(reminderHours: Int = 24, kilometresPerHour: Int = 50) {
        self.reminderHours = Int32(clamping: reminderHours)
        self.kilometresPerHour = Int32(clamping: kilometresPerHour)
    }

    package static let standard = AwaySettings()
}
