import Kernel

/// The days that a rule chooses, period by period: days, weeks, months or years, every `interval`th of them.
///
/// A part that is absent is taken from the first day, as section 3.3.10 says: a yearly rule without any keeps month and day.
struct RulePeriods {
    private let rule: RecurrenceRule
    private let start: LocalDay
    private let months: Set<Int>
    private let monthDays: Set<Int>
    private let weekdays: Set<RecurrenceRule.WeekdayChoice>
    /// Of the period to come.
    private var index = 0
    /// The month that a daily or weekly rule goes through, with the days that it chooses of it.
    private var lookedAt: (month: CalendarMonth, bits: UInt32)?

    init(_ rule: RecurrenceRule, from start: LocalDay) {
        self.rule = rule
        self.start = start
        let choosesDays = !rule.monthDays.isEmpty || !rule.weekdays.isEmpty
        let isOfMonths = rule.frequency == .monthly || rule.frequency == .yearly
        months = rule.frequency == .yearly && !choosesDays && rule.months.isEmpty ? [start.month] : rule.months
        monthDays = isOfMonths && !choosesDays ? [start.day] : rule.monthDays
        weekdays =
            rule.frequency == .weekly && rule.weekdays.isEmpty
            ? Set(RecurrenceRule.Weekday(rawValue: start.weekday).map { [.init(ordinal: nil, weekday: $0)] } ?? [])
            : rule.weekdays
    }

    /// The first day of the period to come; nil when the calendar ends.
    var nextDay: LocalDay? {
        switch rule.frequency {
        case .daily: start.adding(days: index * rule.interval)
        case .weekly: firstWeek.adding(days: 7 * index * rule.interval)
        case .monthly: CalendarMonth(number: CalendarMonth.number(of: start) + index * rule.interval)?.first
        case .yearly: LocalDay(year: start.year + index * rule.interval, month: 1, day: 1)
        }
    }

    /// The days of the period to come, in order, after BYSETPOS; they may lie before the first day.
    mutating func next() -> [LocalDay] {
        guard let first = nextDay else { return [] }
        index += 1
        let days: [LocalDay]
        switch rule.frequency {
        case .daily:
            days = isChosen(first) ? [first] : []
            skipEmptyMonth(of: first)
        case .weekly: days = (0..<7).map(first.adding(days:)).filter { isChosen($0) }
        case .monthly: days = daysOfMonth(CalendarMonth.number(of: first))
        case .yearly: days = daysOfYear(first)
        }
        return rule.positions.isEmpty ? days : at(rule.positions, of: days)
    }

    private var firstWeek: LocalDay {
        start.adding(days: -((start.weekday - rule.weekStart.rawValue + 7) % 7))
    }

    /// Whether a day of a daily or weekly rule is one of its days.
    private mutating func isChosen(_ day: LocalDay) -> Bool {
        if lookedAt.map({ day < $0.month.first || day >= $0.month.end }) ?? true {
            lookedAt = CalendarMonth(number: CalendarMonth.number(of: day)).map { ($0, bits(of: $0)) }
        }
        return lookedAt.map { $0.bits & $0.month.bit($0.month.dayNumber(of: day)) != 0 } ?? false
    }

    /// Goes on behind a month of which a daily rule chooses nothing.
    private mutating func skipEmptyMonth(of day: LocalDay) {
        guard let lookedAt, lookedAt.bits == 0 else { return }
        index = max(index, (lookedAt.month.end.days(since: start) + rule.interval - 1) / rule.interval)
    }

    private func daysOfYear(_ first: LocalDay) -> [LocalDay] {
        // Without BYMONTH an ordinal counts weekdays of the year, with it those of the month.
        let ofYear = rule.months.isEmpty ? weekdays.compactMap { nthOfYear($0, from: first) } : nil
        let january = CalendarMonth.number(of: first)
        return (0..<12).flatMap { daysOfMonth(january + $0, ordinalsOfYear: ofYear) }
    }

    private func daysOfMonth(_ number: Int, ordinalsOfYear: [LocalDay]? = nil) -> [LocalDay] {
        guard let month = CalendarMonth(number: number) else { return [] }
        return month.days(of: bits(of: month, ordinalsOfYear: ordinalsOfYear))
    }

    /// The days of a month that every part chooses.
    /// - Parameter ordinalsOfYear: the days that ordinals mean; nil when they count weekdays of the month.
    private func bits(of month: CalendarMonth, ordinalsOfYear: [LocalDay]? = nil) -> UInt32 {
        guard months.isEmpty || months.contains(month.month) else { return 0 }
        var bits = monthDays.isEmpty ? month.all : month.bits(of: monthDays)
        if !weekdays.isEmpty {
            let choices = ordinalsOfYear == nil ? weekdays : weekdays.filter { $0.ordinal == nil }
            bits &= choices.reduce(month.bits(of: ordinalsOfYear ?? [])) { $0 | month.bits(of: $1) }
        }
        return bits
    }

    private func nthOfYear(_ choice: RecurrenceRule.WeekdayChoice, from first: LocalDay) -> LocalDay? {
        guard let ordinal = choice.ordinal, let next = LocalDay(year: first.year + 1, month: 1, day: 1) else { return nil }
        let earliest = first.adding(days: (choice.weekday.rawValue - first.weekday + 7) % 7)
        let latest = earliest.adding(days: (next.days(since: earliest) - 1) / 7 * 7)
        let day = ordinal > 0 ? earliest.adding(days: 7 * (ordinal - 1)) : latest.adding(days: 7 * (ordinal + 1))
        return day >= first && day < next ? day : nil
    }

    private func at(_ positions: Set<Int>, of days: [LocalDay]) -> [LocalDay] {
        days.indices.filter { positions.contains($0 + 1) || positions.contains($0 - days.count) }.map { days[$0] }
    }
}
