import Kernel
package import Recurrence

/// An event of a calendar (`VEVENT`) that is imported: from when, how long, how often.
package struct ImportedEvent: Sendable {
    /// How long it lasts by the clock of its start, whatever the clocks do meanwhile, as calendars show it.
    package enum Length: Hashable, Sendable {
        case days(Int)
        case seconds(Int64)
    }

    static let longestUID = 255
    static let longestSummary = 200
    /// Nothing lasts longer in one piece.
    private static let mostDays = 366

    /// On which it begins.
    package let line: Int
    package let uid: String
    package let start: EventTime
    package let length: Length
    /// With the line that says so.
    package let recurrence: (rule: Recurrence, line: CalendarLine)?
    /// The start of the occurrence that it stands for (RECURRENCE-ID); nil: it is the series itself, or single.
    package let replaces: EventTime?
    package let isCancelled: Bool
    /// What it is called, without what cannot be printed, cut behind 200 characters; empty where it says nothing.
    package let summary: String

    /// - Throws: the first thing that is wrong with it.
    package init(_ component: CalendarComponent, _ zones: inout EventZones) throws(EventFault) {
        line = component.line
        if let broken = component.brokenLines.first { throw EventFault(line: broken, property: nil, "contentLine") }
        uid = try Self.uid(of: component)
        let first = try Self.required("DTSTART", of: component)
        start = try EventTime(first, &zones)
        length = try Self.length(of: component, from: first, start, &zones)
        recurrence = try Self.recurrence(of: component)
        if let original = try Self.single("RECURRENCE-ID", of: component) {
            guard original.parameters["RANGE"] == nil else { throw EventFault(original, "rangeUnsupported") }
            replaces = try EventTime(original, &zones)
        } else {
            replaces = nil
        }
        isCancelled = try Self.single("STATUS", of: component)?.value.uppercased() == "CANCELLED"
        let summary = (try Self.single("SUMMARY", of: component)?.plainText ?? "").unicodeScalars
        let kept = summary.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(Self.longestSummary)
        self.summary = kept.allSatisfy(\.properties.isWhitespace) ? "" : String(String.UnicodeScalarView(kept))
    }

    /// Which event it is, or of which series.
    package static func uid(of component: CalendarComponent) throws(EventFault) -> String {
        let line = try required("UID", of: component)
        let uid = line.plainText
        guard (1...longestUID).contains(uid.unicodeScalars.count), uid.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
            throw EventFault(line, "uid", ["limit": .number(longestUID)])
        }
        return uid
    }

    package static func single(_ name: String, of component: CalendarComponent) throws(EventFault) -> CalendarLine? {
        let found = component.properties.filter { $0.name == name }
        guard found.count < 2 else { throw EventFault(found[1], "twice") }
        return found.first
    }

    private static func required(_ name: String, of component: CalendarComponent) throws(EventFault) -> CalendarLine {
        guard let line = try single(name, of: component) else { throw EventFault(line: component.line, property: name, "missing") }
        return line
    }

    private static func length(
        of component: CalendarComponent, from first: CalendarLine, _ start: EventTime, _ zones: inout EventZones
    ) throws(EventFault) -> Length {
        let end = try single("DTEND", of: component)
        let duration = try single("DURATION", of: component)
        if let end {
            if let duration { throw EventFault(duration, "endAndDuration") }
            return try checked(length(from: start, to: end, &zones), at: end)
        }
        if let duration {
            guard let length = CalendarDuration(duration.value) else { throw EventFault(duration, "calendarDuration") }
            switch start {
            case .day:
                guard length.seconds == 0 else { throw EventFault(duration, "wholeDays") }
                return try checked(.days(length.days), at: duration)
            case .clock: return try checked(.seconds(Int64(length.days) * 86_400 + Int64(length.seconds)), at: duration)
            }
        }
        // A day without an end is that day; a time without one is an instant, which takes no time.
        guard case .day = start else { throw EventFault(line: first.number, property: "DTEND", "missing") }
        return .days(1)
    }

    private static func length(
        from start: EventTime, to end: CalendarLine, _ zones: inout EventZones
    ) throws(EventFault) -> Length {
        switch (start, try EventTime(end, &zones)) {
        case (.day(let first), .day(let behind)): return .days(behind.days(since: first))
        case (.clock(let from, let own), let until):
            guard case .clock(let to, _) = until.shown(in: own) else { throw EventFault(end, "dayAndTime") }
            return .seconds(to.seconds - from.seconds)
        default: throw EventFault(end, "dayAndTime")
        }
    }

    private static func checked(_ length: Length, at line: CalendarLine) throws(EventFault) -> Length {
        let (isSome, isBounded) =
            switch length {
            case .days(let days): (days > 0, days <= mostDays)
            case .seconds(let seconds): (seconds > 0, seconds <= Int64(mostDays) * 86_400)
            }
        guard isSome else { throw EventFault(line, "endNotAfterStart") }
        guard isBounded else { throw EventFault(line, "eventTooLong", ["limit": .number(mostDays)]) }
        return length
    }

    private static let once = "RRULE:FREQ=DAILY;COUNT=1"

    /// A rule, and dates left out or added; dates alone are added to the first occurrence.
    private static func recurrence(of component: CalendarComponent) throws(EventFault) -> (rule: Recurrence, line: CalendarLine)? {
        let lines = component.properties.filter { ["RRULE", "RDATE", "EXDATE", "EXRULE"].contains($0.name) }
        let rule = try single("RRULE", of: component)
        guard let first = rule ?? lines.first else { return nil }
        do throws(RuleFault) {
            return (try Recurrence(((rule == nil ? [once] : []) + lines.map(\.plainLine)).joined(separator: "\n")), first)
        } catch {
            throw fault(error, among: lines, first)
        }
    }

    /// At the line that is wrong by itself, or at the first one.
    private static func fault(_ fault: RuleFault, among lines: [CalendarLine], _ first: CalendarLine) -> EventFault {
        if fault.reason == .tooLong { return EventFault(first, fault) }
        for line in lines {
            do throws(RuleFault) {
                _ = try Recurrence(line.name == "RRULE" ? line.plainLine : "\(once)\n\(line.plainLine)")
            } catch {
                return EventFault(line, error)
            }
        }
        return EventFault(first, fault)
    }
}
