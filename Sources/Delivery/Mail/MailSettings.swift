/// How mail leaves the house.
package struct MailSettings: Hashable, Sendable {
    /// The program that takes messages as `sendmail` does, by its path.
    package let program: String
    /// The address in whose name they are sent.
    package let sender: String
    /// How long before its start a booking is reminded of; 0: never.
    package let reminderHours: Int32

    package init(program: String, sender: String, reminderHours: Int32) {
        self.program = program
        self.sender = sender
        self.reminderHours = reminderHours
    }
}

/// What a message is about.
enum MailKind: String, CaseIterable, Sendable {
    case confirmed, requested, approvalAsked, approvalReminder, approved, rejected, expired, offered, timeGone, changed, suspended, restored
    case cancelled, reminder, returnDue, returnLate

    /// Whether it is for those who decide.
    var isForDeciders: Bool { self == .approvalAsked || self == .approvalReminder }

    /// Whether it is about things that somebody has, and not about a booking.
    var isAboutThings: Bool { self == .returnDue || self == .returnLate }

    /// Whether calendars that got the booking are to take it out.
    var takesOut: Bool { self == .cancelled || self == .rejected || self == .suspended || self == .expired }

    /// Whether it brings a time that belongs into a calendar.
    var bringsTime: Bool { !isForDeciders && self != .requested && self != .timeGone }
}
