import HTTPEdge
import Kernel
import Recurrence

/// An event of a calendar (`VEVENT`), read as a closure: from when, how long, how often.
struct ClosureEvent: Sendable {
    /// How long it lasts by the clock of its start, whatever the clocks do meanwhile, as calendars show it.
    enum Length: Hashable, Sendable {
        case days(Int)
        case seconds(Int64)
    }

    static let longestUID = 255
    static let longestReason = 200
    /// Nobody closes for longer in one piece.
    private static let mostDays = 366

    /// On which it begins.
    let line: Int
    let uid: String
    let start: ClosureTime
    let length: Length
    /// With the line that says so.
    let recurrence: (rule: Recurrence, line: CalendarLine)?
    /// The start of the occurrence that it stands for (RECURRENCE-ID); nil: it is the series itself, or single.
    let replaces: ClosureTime?
    let isCancelled: Bool
    /// What it is called, or why it closes.
    let reason: String

    /// - Throws: the first thing that is wrong with it.
    init(_ component: CalendarComponent, _ zones: inout ClosureZones) throws(ClosureFault) {
        line = component.line
        if let broken = component.brokenLines.first { throw ClosureFault(line: broken, property: nil, "contentLine") }
        uid = try Self.uid(of: component)
        let first = try Self.required("DTSTART", of: component)
        start = try ClosureTime(first, &zones)
        length = try Self.length(of: component, from: first, start, &zones)
        recurrence = try Self.recurrence(of: component)
        if let original = try Self.single("RECURRENCE-ID", of: component) {
            guard original.parameters["RANGE"] == nil else { throw ClosureFault(original, "rangeUnsupported") }
            replaces = try ClosureTime(original, &zones)
        } else {
            replaces = nil
        }
        isCancelled = try Self.single("STATUS", of: component)?.value.uppercased() == "CANCELLED"
        let summary = (try Self.single("SUMMARY", of: component)?.plainText ?? "").unicodeScalars
        let kept = summary.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(Self.longestReason)
        reason = kept.allSatisfy(\.properties.isWhitespace) ? ClosingReason.closure.rawValue : String(String.UnicodeScalarView(kept))
    }

    /// Which closure it is of.
    static func uid(of component: CalendarComponent) throws(ClosureFault) -> String {
        let line = try required("UID", of: component)
        let uid = line.plainText
        guard (1...longestUID).contains(uid.unicodeScalars.count), uid.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
            throw ClosureFault(line, "uid", ["limit": .number(longestUID)])
        }
        return uid
    }

    private static func single(_ name: String, of component: CalendarComponent) throws(ClosureFault) -> CalendarLine? {
        let found = component.properties.filter { $0.name == name }
        guard found.count < 2 else { throw ClosureFault(found[1], "twice") }
        return found.first
    }

    private static func required(_ name: String, of component: CalendarComponent) throws(ClosureFault) -> CalendarLine {
        guard let line = try single(name, of: component) else { throw ClosureFault(line: component.line, property: name, "missing") }
        return line
    }

    private static func length(
        of component: CalendarComponent, from first: CalendarLine, _ start: ClosureTime, _ zones: inout ClosureZones
    ) throws(ClosureFault) -> Length {
        let end = try single("DTEND", of: component)
        let duration = try single("DURATION", of: component)
        if let end {
            if let duration { throw ClosureFault(duration, "endAndDuration") }
            return try checked(length(from: start, to: end, &zones), at: end)
        }
        if let duration {
            guard let length = CalendarDuration(duration.value) else { throw ClosureFault(duration, "calendarDuration") }
            switch start {
            case .day:
                guard length.seconds == 0 else { throw ClosureFault(duration, "wholeDays") }
                return try checked(.days(length.days), at: duration)
            case .clock: return try checked(.seconds(Int64(length.days) * 86_400 + Int64(length.seconds)), at: duration)
            }
        }
        // A day without an end is that day; a time without one is an instant, which closes nothing.
        guard case .day = start else { throw ClosureFault(line: first.number, property: "DTEND", "missing") }
        return .days(1)
    }

    private static func length(
        from start: ClosureTime, to end: CalendarLine, _ zones: inout ClosureZones
    ) throws(ClosureFault) -> Length {
        switch (start, try ClosureTime(end, &zones)) {
        case (.day(let first), .day(let behind)): return .days(behind.days(since: first))
        case (.clock(let from, let own), let until):
            guard case .clock(let to, _) = until.shown(in: own) else { throw ClosureFault(end, "dayAndTime") }
            return .seconds(to.seconds - from.seconds)
        default: throw ClosureFault(end, "dayAndTime")
        }
    }

    private static func checked(_ length: Length, at line: CalendarLine) throws(ClosureFault) -> Length {
        let (isSome, isBounded) =
            switch length {
            case .days(let days): (days > 0, days <= mostDays)
            case .seconds(let seconds): (seconds > 0, seconds <= Int64(mostDays) * 86_400)
            }
        guard isSome else { throw ClosureFault(line, "endNotAfterStart") }
        guard isBounded else { throw ClosureFault(line, "closureTooLong", ["limit": .number(mostDays)]) }
        return length
    }

    private static let once = "RRULE:FREQ=DAILY;COUNT=1"

    /// A rule, and dates left out or added; dates alone are added to the first occurrence.
    private static func recurrence(of component: CalendarComponent) throws(ClosureFault) -> (rule: Recurrence, line: CalendarLine)? {
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
    private static func fault(_ fault: RuleFault, among lines: [CalendarLine], _ first: CalendarLine) -> ClosureFault {
        if fault.reason == .tooLong { return ClosureFault(first, fault) }
        for line in lines {
            do throws(RuleFault) {
                _ = try Recurrence(line.name == "RRULE" ? line.plainLine : "\(once)\n\(line.plainLine)")
            } catch {
                return ClosureFault(line, error)
            }
        }
        return ClosureFault(first, fault)
    }
}
