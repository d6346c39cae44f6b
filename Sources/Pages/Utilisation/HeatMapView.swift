import HTTPEdge
import Kernel

/// Booked over open time by weekday and hour: cells of a drawing, rows of a table, and a sentence.
struct HeatMapView: Sendable {
    private static let left = 110
    private static let breadth = 740
    private static let rowHeight = 30

    struct Hour: Sendable {
        let name: String
        let x: Int
    }

    struct Cell: Sendable {
        let x: Int
        let textX: Int
        /// `heat0` to `heat3`, or `shut` where it was neither open nor booked.
        let tone: String
        /// A whole percent, without its sign.
        let figure: String
        let spoken: String
    }

    struct Row: Sendable {
        let name: String
        let y: Int
        let textY: Int
        let cells: [Cell]
    }

    let sentence: String
    let width: Int
    let height: Int
    let hours: [Hour]
    let weekdays: [Row]

    /// Nil where nothing was open or booked.
    init?(_ answer: JSONValue, _ speaker: Speaker) {
        let cells = (answer["heatMap"]?["cells"]?.items ?? []).compactMap(HeatCell.init)
        guard let first = cells.map(\.hour).min(), let last = cells.map(\.hour).max() else { return nil }
        let width = (Self.breadth - Self.left) / (last - first + 1)
        let known = Dictionary(cells.map { ($0.weekday * 24 + $0.hour, $0) }, uniquingKeysWith: { one, _ in one })
        self.width = width - 2
        height = 8 * Self.rowHeight
        hours = (first...last).map { Hour(name: "\($0)", x: Self.left + ($0 - first) * width + width / 2) }
        weekdays = (1...7).map { weekday in
            Row(
                name: speaker.say(TextKey(rawValue: "page.weekday.\(weekday)")).capitalisedFirst, y: weekday * Self.rowHeight,
                textY: weekday * Self.rowHeight + 19,
                cells: (first...last).map { hour in
                    let x = Self.left + (hour - first) * width
                    return Cell(known[weekday * 24 + hour], x: x, textX: x + width / 2 - 1, speaker)
                })
        }
        sentence = Self.sentence(of: cells, speaker)
    }

    private static func sentence(of cells: [HeatCell], _ speaker: Speaker) -> String {
        let open = cells.filter { $0.share != nil }
        guard let most = open.max(by: { ($0.share ?? 0) < ($1.share ?? 0) }),
            let least = open.min(by: { ($0.share ?? 0) < ($1.share ?? 0) })
        else { return speaker.say("page.heat.outside") }
        func when(_ cell: HeatCell) -> TextArgument {
            .text(
                speaker.say(
                    "page.heat.when",
                    ["weekday": .text(speaker.say(TextKey(rawValue: "page.weekday.\(cell.weekday)"))), "hour": .text("\(cell.hour)")]))
        }
        return speaker.say(
            "page.heat.sentence",
            [
                "most": when(most), "mostShare": .text(speaker.percent(most.share ?? 0)), "least": when(least),
                "leastShare": .text(speaker.percent(least.share ?? 0)),
            ])
    }
}

/// An hour of a weekday, as the API counts it.
private struct HeatCell {
    let weekday: Int
    let hour: Int
    /// Nil where it was not open, though booked.
    let share: Double?

    init?(_ cell: JSONValue) {
        guard let weekday = cell["weekday"]?.integer, let hour = cell["hour"]?.integer, (1...7).contains(weekday) else { return nil }
        self.weekday = weekday
        self.hour = hour
        share = cell["share"]?.number
    }
}

extension HeatMapView.Cell {
    fileprivate init(_ cell: HeatCell?, x: Int, textX: Int, _ speaker: Speaker) {
        self.x = x
        self.textX = textX
        if let share = cell?.share {
            tone = "heat\(min(3, Int(share * 4)))"
            figure = "\(Int((share * 100).rounded()))"
            spoken = speaker.percent(share)
        } else {
            tone = cell == nil ? "shut" : "heat0"
            figure = cell == nil ? "" : "+"
            spoken = speaker.say(cell == nil ? "page.week.closed" : "page.heat.outsideCell")
        }
    }
}
