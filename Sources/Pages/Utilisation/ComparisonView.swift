import HTTPEdge
import Kernel

/// A period against the one before it and against the network's median.
struct ComparisonView: Sendable {
    struct Row: Sendable {
        let name: String
        let now: String
        let before: String
        let change: String
        let median: String
    }

    let sentence: String
    let before: String
    let rows: [Row]
    /// In the period; one of several resources counts once.
    let bookings: Int

    init(_ answer: JSONValue, _ speaker: Speaker) {
        let comparison = answer["comparison"]
        self.init(comparison?["period"], comparison?["before"], medians: comparison?["medians"], speaker)
    }

    /// All centres together.
    init(ofNetwork answer: JSONValue, _ speaker: Speaker) {
        let network = answer["network"]
        self.init(network?["totals"], network?["before"], medians: network?["medians"], speaker)
    }

    private init(_ now: JSONValue?, _ former: JSONValue?, medians: JSONValue?, _ speaker: Speaker) {
        before =
            former?["from"]?.day.flatMap { from in
                former?["to"]?.day.map { speaker.say("page.asDay", ["day": .span(.day(from), .day($0))]) }
            } ?? ""
        func shares(_ name: String) -> Row {
            let (value, earlier) = (now?[name]?.number, former?[name]?.number)
            return Row(
                name: speaker.say(TextKey(rawValue: "page.utilisation.share.\(name)")), now: value.map(speaker.percent) ?? "–",
                before: earlier.map(speaker.percent) ?? "–", change: speaker.points(from: earlier, to: value),
                median: medians?[name]?.number.map(speaker.percent) ?? "–")
        }
        let (count, earlier) = (now?["bookings"]?.integer ?? 0, former?["bookings"]?.integer ?? 0)
        bookings = count
        rows =
            ["occupancy", "use", "availability"].map(shares) + [
                Row(
                    name: speaker.say("page.utilisation.bookings"), now: speaker.figure(Double(count)),
                    before: speaker.figure(Double(earlier)), change: speaker.signed(count - earlier), median: "–")
            ]
        sentence = speaker.say(
            "page.utilisation.compared",
            ["now": .text(rows[0].now), "before": .text(rows[0].before), "change": .text(rows[0].change), "median": .text(rows[0].median)])
    }
}

extension Speaker {
    /// `+5`, `−3`, `0`.
    func signed(_ value: Int) -> String {
        value > 0 ? "+\(figure(Double(value)))" : value < 0 ? "−\(figure(Double(-value)))" : "0"
    }

    /// How many points a share of 0 to 1 went up or down, where the unit is said elsewhere.
    func signedPoints(from earlier: Double?, to later: Double?) -> String {
        guard let earlier, let later else { return "–" }
        return signed(Int((later * 100).rounded()) - Int((earlier * 100).rounded()))
    }

    /// How many points a share of 0 to 1 went up or down.
    func points(from earlier: Double?, to later: Double?) -> String {
        guard let earlier, let later else { return "–" }
        let points = Int((later * 100).rounded()) - Int((earlier * 100).rounded())
        return say("page.utilisation.points", ["signed": .text(signed(points)), "points": .number(abs(points))])
    }
}

/// Occupancy by month, as columns.
struct TrendView: Sendable {
    private static let tallest = 130.0
    private static let breadth = 740

    struct Month: Sendable {
        let name: String
        let percent: String
        let booked: String
        let bookable: String
        /// In units of the chart's box.
        let x: Int
        let centre: Int
        let y: Int
        let width: Int
        let height: Int
        let percentY: Int
    }

    /// The first and the last month, the highest and the lowest.
    let sentence: String
    let months: [Month]

    /// Nil for less than two months: there is no trend.
    init?(_ report: JSONValue, _ speaker: Speaker) {
        let found = report["months"]?.items ?? []
        guard found.count > 1 else { return nil }
        let step = Self.breadth / found.count
        months = found.enumerated().map { index, month in
            let share = month["occupancy"]?.number
            let height = max(1, Int((share ?? 0) * Self.tallest))
            let width = min(step - 12, 60)
            let centre = index * step + step / 2
            return Month(
                name: month["from"]?.day.map { "\($0.month)/\($0.year)" } ?? "", percent: share.map(speaker.percent) ?? "–",
                booked: month.hours("bookedMinutes", speaker), bookable: month.hours("bookableMinutes", speaker), x: centre - width / 2,
                centre: centre, y: 155 - height, width: width, height: height, percentY: 149 - height)
        }
        let bookable = zip(months, found).compactMap { month, given in given["occupancy"]?.number.map { (month: month, share: $0) } }
        sentence = Self.sentence(of: bookable, speaker)
    }

    /// - Parameter months: those in which something could be booked, with their shares.
    private static func sentence(of months: [(month: Month, share: Double)], _ speaker: Speaker) -> String {
        guard let first = months.first, let last = months.last, let most = months.max(by: { $0.share < $1.share }),
            let least = months.min(by: { $0.share < $1.share })
        else { return speaker.say("page.utilisation.noTrend") }
        return speaker.say(
            "page.utilisation.trendSentence",
            [
                "first": .text(first.month.percent), "firstMonth": .text(first.month.name), "last": .text(last.month.percent),
                "lastMonth": .text(last.month.name), "most": .text(most.month.percent), "mostMonth": .text(most.month.name),
                "least": .text(least.month.percent), "leastMonth": .text(least.month.name),
            ])
    }
}
