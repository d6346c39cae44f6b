package import Kernel

/// A public holiday: its day, and the key of its name.
package struct Holiday: Hashable, Sendable {
    package let day: LocalDay
    /// `holiday.newYear` and so on: a text of the catalogue.
    package let key: String
}

/// The ten legal holidays of Belgium (royal decree of 18 April 1974, article 1).
///
/// What replaces one that falls on a Sunday is agreed employer by employer: a centre adds those days itself.
package enum BelgianHolidays {
    /// The years that can be asked for.
    package static let years = 1975...2999

    private enum Rule {
        case on(month: Int, day: Int)
        case afterEaster(days: Int)
    }

    private static let rules: [(key: String, rule: Rule)] = [
        ("holiday.newYear", .on(month: 1, day: 1)),
        ("holiday.easterMonday", .afterEaster(days: 1)),
        ("holiday.labourDay", .on(month: 5, day: 1)),
        ("holiday.ascension", .afterEaster(days: 39)),
        ("holiday.whitMonday", .afterEaster(days: 50)),
        ("holiday.nationalDay", .on(month: 7, day: 21)),
        ("holiday.assumption", .on(month: 8, day: 15)),
        ("holiday.allSaints", .on(month: 11, day: 1)),
        ("holiday.armistice", .on(month: 11, day: 11)),
        ("holiday.christmas", .on(month: 12, day: 25)),
    ]

    /// The holidays of a year in the order of their days.
    ///
    /// Two can share a day (1 May and Ascension in 2008).
    package static func all(in year: Int) -> [Holiday] {
        rules.compactMap { key, rule in
            let day =
                switch rule {
                case .on(let month, let day): LocalDay(year: year, month: month, day: day)
                case .afterEaster(let days): Easter.sunday(of: year)?.adding(days: days)
                }
            return day.map { Holiday(day: $0, key: key) }
        }.sorted { ($0.day, $0.key) < ($1.day, $1.key) }
    }

    /// The holidays of a range of days, both ends included.
    package static func all(in days: ClosedRange<LocalDay>) -> [Holiday] {
        (days.lowerBound.year...days.upperBound.year).flatMap { all(in: $0) }.filter { days.contains($0.day) }
    }
}
