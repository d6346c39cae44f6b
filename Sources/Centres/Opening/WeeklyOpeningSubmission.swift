import HTTPEdge
import Kernel

/// The body of `setWeeklyOpening`: the whole week, as it is from a day on.
struct WeeklyOpeningSubmission: RequestObject {
    let from: LocalDay
    let hours: [OpeningHours]

    init?(reading fields: inout FieldReader) {
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
struct OpeningHours: RequestObject {
    let weekday: Int
    let opens: LocalTime
    let closes: LocalTime

    init?(reading fields: inout FieldReader) {
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
struct MinuteOfDay: RequestValue {
    let time: LocalTime

    static func read(text: String) throws(ValueRefusal) -> MinuteOfDay {
        guard text.utf8.count == 5, let time = LocalTime(text) else { throw ValueRefusal("reason.openingTime") }
        return MinuteOfDay(time: time)
    }
}
