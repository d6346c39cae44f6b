package import Kernel

extension FieldReader {
    /// The object's own `start` and `end`, of at most so many days of 24 hours.
    package mutating func period(days longest: Int) -> Period? {
        let period = Period(reading: &self)
        check(period, "end", days: longest)
        return period
    }

    /// Refuses a period of more days of 24 hours, at a member.
    package mutating func check(_ period: Period?, _ name: String, days longest: Int) {
        if let reason = period?.refusal(days: longest) { refuse(name, reason) }
    }
}

extension QueryReader {
    /// The parameters `start` and `end`, both required, of at most so many days of 24 hours.
    package mutating func period(days longest: Int) -> Period? {
        let start: Instant? = required("start")
        let end: Instant? = required("end")
        guard let start, let end else { return nil }
        guard let period = Period(start: start, end: end) else {
            refuse("end", Text("reason.period"))
            return nil
        }
        if let reason = period.refusal(days: longest) { refuse("end", reason) }
        return period
    }
}

extension Period {
    fileprivate func refusal(days longest: Int) -> Text? {
        duration > .seconds(longest * 86_400) ? Text("reason.windowTooLong", ["days": .number(longest)]) : nil
    }
}
