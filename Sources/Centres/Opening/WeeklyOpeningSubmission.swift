package import HTTPEdge
package import Kernel

/// The body of `setWeeklyOpening`: the whole week, as it is from a day on.
package struct WeeklyOpeningSubmission: RequestObject {
    package let from: LocalDay
    package let hours: [OpeningHours]

    package init?(reading fields: inout FieldReader) {
        let from = fields.required("from", LocalDay.self)
        if !fields.has("hours") { fields.refuse("hours", code: "missing", Text("reason.missing")) }
        let hours = fields.array("hours", OpeningHours.self, count: 0...70)
        guard let from, let hours else { return nil }
        for index in hours.indices where hours[..<index].contains(where: { $0.overlaps(hours[index]) }) {
            fields.refuse("hours", code: "overlap", Text("reason.openingOverlap"))
            break
        }
        self.from = from
        self.hours = hours
    }
}

/// An opening of a weekday, in local time.
package struct OpeningHours: RequestObject {
    package let weekday: Int
    let opens: LocalTime
    let closes: LocalTime
    /// Minutes after midnight, 1440 for 24:00.
    package var opensMinute: Int32 { opens.minute }
    package var closesMinute: Int32 { closes.minute }

    package init?(reading fields: inout FieldReader) {
        let weekday = fields.required("weekday", in: 1...7)
        let opens = fields.required("opens", MinuteOfDay.self)
        let closes = fields.required("closes", MinuteOfDay.self)
        guard let weekday, let opens = opens?.time, let closes = closes?.time else { return nil }
        if closes <= opens { fields.refuse("closes", Text("reason.openingOrder")) }
        self.weekday = weekday
        self.opens = opens
        self.closes = closes
    }

    func overlaps(_ other: OpeningHours) -> Bool {
        weekday == other.weekday && opens < other.closes && other.opens < closes
    }
}

/// `HH:mm`, up to `24:00`.
package struct MinuteOfDay: RequestValue {
    package let time: LocalTime

    package static func read(text: String) throws(ValueRefusal) -> MinuteOfDay {
        guard text.utf8.count == 5, let time = LocalTime(text) else { throw ValueRefusal("reason.openingTime") }
        return MinuteOfDay(time: time)
    }
}
