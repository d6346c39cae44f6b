import Kernel

extension SiteCalendar {
    /// Two years back and eighteen months ahead of today, in whole years for the holidays.
    static func compile(_ network: PlannedNetwork, today: LocalDay) -> SiteCalendar {
        let days = today.adding(days: -7 * (Season.weeksBack + 1))...today.adding(days: 549)
        let closed = (days.lowerBound.year...days.upperBound.year).flatMap { year in
            BelgianHolidays.of(year)
        }
        let closedSet = Set(closed.map(\.day))
        let hours = network.sites.map { site -> [LocalDay: [Period]] in
            var found: [LocalDay: [Period]] = [:]
            var day = days.lowerBound
            while day <= days.upperBound {
                if !closedSet.contains(day) {
                    let periods = site.opening.hours.filter { $0.weekday == day.weekday }.compactMap {
                        Period(start: network.zone.instant(of: day, minute: $0.opens), end: network.zone.instant(of: day, minute: $0.closes))
                    }
                    if !periods.isEmpty { found[day] = periods }
                }
                day = day.adding(days: 1)
            }
            return found
        }
        return SiteCalendar(days: days, closedDays: closed, openHours: hours)
    }
}

/// STAND-IN until Centres has its own.
enum BelgianHolidays {
    static func of(_ year: Int) -> [SiteCalendar.ClosedDay] {
        let a = year % 19, b = year / 100, c = year % 100
        let d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3
        let h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4
        let l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451
        let month = (h + l - 7 * m + 114) / 31, day = (h + l - 7 * m + 114) % 31 + 1
        let easter = StoryDay.day(year, month, day)
        let fixed = [(1, 1, "newYear"), (5, 1, "labourDay"), (7, 21, "nationalDay"), (8, 15, "assumption"), (11, 1, "allSaints"), (11, 11, "armistice"), (12, 25, "christmas")]
        return fixed.map { SiteCalendar.ClosedDay(day: StoryDay.day(year, $0.0, $0.1), reason: "holiday.\($0.2)") }
            + [(1, "easterMonday"), (39, "ascension"), (50, "whitMonday")].map { SiteCalendar.ClosedDay(day: easter.adding(days: $0.0), reason: "holiday.\($0.1)") }
    }
}
