import HTTPEdge
import Kernel

/// What became of a file, or would, as a page shows it.
struct TableReport: Sendable {
    struct Fault: Sendable {
        let line: Int
        let column: String
        let reason: String
    }

    struct Line: Sendable {
        let line: Int
        let outcome: String
        let tone: String
        /// Of a booking: what the organisation calls it, what it is called here, and its page.
        let ownReference: String?
        let reference: String?
        let bookingHref: String?
    }

    /// A booking that is at a time at which its place is no longer open, or would be.
    struct Outside: Sendable {
        let reference: String
        let href: String
    }

    /// Nobody reads more on a page; the table says all.
    private static let mostShown = 500

    let summary: String
    let faults: [Fault]
    let lines: [Line]
    /// How many of both the page leaves out.
    let more: String?
    let isRefused: Bool
    /// How many lines do something.
    let changing: Int
    let refused: Int
    /// How many closures of former calendars open again, or would.
    let reopening: Int
    /// What becomes of the closures that a calendar does not name.
    let unnamed: String?
    let outsideSummary: String?
    let outside: [Outside]

    /// - Parameter isComplete: whether what a calendar of closures does not name is to be open again.
    init(_ report: JSONValue, isComplete: Bool, _ speaker: Speaker) {
        let counts = Dictionary(
            ["created", "updated", "unchanged", "refused"].map { ($0, report[$0]?.integer ?? 0) }, uniquingKeysWith: { first, _ in first })
        let isDry = report["dryRun"]?.isTrue ?? false
        let isApplied = report["applied"]?.isTrue ?? false
        summary = speaker.say(
            isDry ? "page.tables.wouldBe" : isApplied ? "page.tables.entered" : "page.tables.nothingEntered",
            counts.mapValues { .number($0) })
        let told = report["faults"]?.items ?? []
        let all = report["lines"]?.items ?? []
        faults = told.prefix(Self.mostShown).map { fault in
            Fault(
                line: fault["line"]?.integer ?? 0, column: fault["column"]?.text ?? "", reason: fault["detail"]?.text ?? "")
        }
        lines = all.prefix(Self.mostShown).map { Line($0, speaker) }
        let unnamed = report["unnamed"]?.integer ?? 0
        reopening = isComplete ? unnamed : 0
        let fate = !isComplete ? "Stay" : !told.isEmpty ? "MayOpen" : isApplied ? "Open" : "WouldOpen"
        self.unnamed =
            unnamed == 0 ? nil : speaker.say(TextKey(rawValue: "page.tables.unnamed\(fate)"), ["count": .number(unnamed)])
        // A booking has several lines.
        let outside = (report["change"]?["bookingsOutside"]?.items ?? []).compactMap { line in
            line["bookingId"]?.text.map { Outside(reference: line["reference"]?.text ?? "", href: "/bookings/\($0)") }
        }
        let bookings = Dictionary(outside.map { ($0.href, $0) }, uniquingKeysWith: { first, _ in first }).values
            .sorted { $0.reference < $1.reference }
        self.outside = Array(bookings.prefix(Self.mostShown))
        outsideSummary =
            bookings.isEmpty
            ? nil : speaker.say(isApplied ? "page.tables.outside" : "page.tables.wouldBeOutside", ["count": .number(bookings.count)])
        let left =
            max(0, (report["faultCount"]?.integer ?? told.count) - faults.count) + max(0, all.count - lines.count)
            + bookings.count - self.outside.count
        more = left > 0 ? speaker.say("page.tables.more", ["count": .number(left)]) : nil
        isRefused = !isDry && !isApplied
        changing = (counts["created"] ?? 0) + (counts["updated"] ?? 0)
        refused = max(counts["refused"] ?? 0, told.isEmpty ? 0 : 1)
    }
}

extension TableReport.Line {
    fileprivate init(_ line: JSONValue, _ speaker: Speaker) {
        let code = line["outcome"]?.text ?? "unchanged"
        self.line = line["line"]?.integer ?? 0
        outcome = speaker.say(TextKey(rawValue: "page.tables.\(code)"))
        tone =
            switch code {
            case "created", "updated": "good"
            case "refused": "bad"
            default: "fair"
            }
        ownReference = line["booking"]?["ownReference"]?.text
        reference = line["booking"]?["reference"]?.text
        bookingHref = line["booking"]?["bookingId"]?.text.map { "/bookings/\($0)" }
    }
}
