import HTTPEdge
import Kernel
import Recurrence

/// The bookings that a calendar asks for: one for each event, or each occurrence of a series.
struct BookingCalendar: Sendable {
    /// Of all events together.
    private static let mostRows = 1_000

    private(set) var rows: [BookingRow] = []
    private(set) var faults: [TableFault] = []
    /// The components that are refused as a whole.
    private(set) var refused: Set<Int> = []
    /// What the calendar says of each `UID`, to compare with what was entered of it before.
    private(set) var series: [String: BookingSeries] = [:]
    private let days: DayWindow
    private var budget = OccurrenceBudget()

    /// - Parameters:
    ///   - firstDay: what starts earlier is not looked at; nil: everything is.
    ///   - lastDay: what starts later is not.
    init(_ events: BookingEvents, _ things: NamedThings, from firstDay: LocalDay?, through lastDay: LocalDay?) {
        days = DayWindow(first: firstDay, last: lastDay)
        for (component, fault) in events.faults { refuse(component, fault) }
        var read: [ReadEvent] = []
        var broken: Set<String> = []
        var zones: [Zone: EventZones] = [:]
        for event in events.events {
            for fault in event.faults { refuse(event.component.line, fault) }
            if !event.faults.isEmpty, let uid = event.uid { broken.insert(uid) }
            do throws(EventFault) {
                // Where names stand for nothing, times are read but to say them again.
                guard let usual = event.wording.flatMap({ try? things.resource($0).zone }) ?? ReadEvent.utc else { continue }
                read.append(try ReadEvent(event, in: usual, &zones[usual, default: EventZones(usual: usual)]))
            } catch {
                refuse(event.component.line, error.told)
                if let uid = event.uid { broken.insert(uid) }
            }
        }
        for (uid, parts) in Dictionary(grouping: read, by: \.times.uid).sorted(by: { $0.value[0].line < $1.value[0].line }) {
            if broken.contains(uid) {
                refuse(parts.filter { !refused.contains($0.line) }, "seriesRefused")
            } else {
                add(uid, parts)
            }
        }
    }

    private mutating func refuse(_ component: Int, _ fault: TableFault) {
        faults.append(fault)
        refused.insert(component)
    }

    private mutating func refuse(_ events: [ReadEvent], _ code: String) {
        for event in events { refuse(event.line, event.event.origin.fault(.ownReference, code)) }
    }

    private mutating func add(_ uid: String, _ events: [ReadEvent]) {
        let (whole, parts) = (events.filter { $0.times.replaces == nil }, events.filter { $0.times.replaces != nil })
        // What is cancelled is booked nowhere: its times are by the clock of the others.
        let zone = ((whole + parts).first { !$0.event.isCancelled } ?? events[0]).zone
        let replaced = Set(parts.map { $0.replaced(in: zone) })
        guard whole.count < 2, replaced.count == parts.count else { return refuse(events, "keyTwice") }
        var series = BookingSeries(uid: uid, lines: events.map(\.line), isWhole: !whole.isEmpty, zone: zone, days: days)
        let rowsBefore = rows.count
        if let main = whole.first {
            do throws(EventFault) {
                try add(main, without: replaced, to: &series)
            } catch {
                rows.removeLast(rows.count - rowsBefore)
                refuse(main.line, error.told)
                return refuse(parts, "seriesRefused")
            }
        }
        for part in parts {
            let reference = part.reference
            if series.cancellation != nil { continue }
            if part.event.isCancelled {
                series.cancelled[reference] = part.event.origin
            } else if includes(part.times.start) {
                book(part, at: part.times.start, reference)
            }
            series.references.insert(reference)
        }
        guard rows.count <= Self.mostRows else {
            rows.removeLast(rows.count - rowsBefore)
            for event in events {
                refuse(event.line, event.event.origin.fault(.start, "tooManyBookings", ["most": .number(Self.mostRows)]))
            }
            return
        }
        self.series[uid] = series
    }

    private mutating func add(
        _ main: ReadEvent, without replaced: Set<RecurrenceDate?>, to series: inout BookingSeries
    ) throws(EventFault) {
        guard !main.event.isCancelled else {
            series.cancellation = main.event.origin
            return
        }
        guard let recurrence = main.times.recurrence else {
            series.references.insert(main.times.uid)
            if includes(main.times.start) { book(main, at: main.times.start, main.times.uid) }
            return
        }
        if case .never = recurrence.rule.rule.end, days.last == nil { throw EventFault(recurrence.line, "ruleWithoutEnd") }
        // What begins on the day after the last somewhere may still be on the last here.
        for start in try budget.starts(of: main.times, through: days.last?.adding(days: 1)) where !replaced.contains(start.moment) {
            let reference = main.reference(of: start)
            series.references.insert(reference)
            guard includes(start) else { continue }
            book(main, at: start, reference)
            // Refused as a whole soon; no need to go on.
            if rows.count > Self.mostRows { break }
        }
    }

    private func includes(_ start: EventTime) -> Bool {
        guard case .clock(let local, _) = start else { return false }
        return days.contains(local.day)
    }

    private mutating func book(_ event: ReadEvent, at start: EventTime, _ reference: String) {
        guard let wording = event.event.wording, case .clock(let local, let zone) = start, case .seconds(let seconds) = event.times.length
        else { return }
        func moment(_ local: LocalDateTime) -> TableMoment {
            event.isFloating ? .local(local.day, local.time) : .instant(local.instant(in: zone))
        }
        rows.append(
            BookingRow(
                wording, reference, of: event.times.uid, from: moment(local), to: moment(local.adding(seconds: seconds))))
    }
}

/// The days that are looked at; nil: on that side all are.
private struct DayWindow: Sendable {
    let first: LocalDay?
    let last: LocalDay?

    func contains(_ day: LocalDay) -> Bool {
        first.map { $0 <= day } ?? true && last.map { day <= $0 } ?? true
    }
}

/// What a calendar says of one `UID`.
struct BookingSeries: Sendable {
    let uid: String
    /// On which its components begin.
    let lines: [Int]
    /// Whether the event itself stands there, and not single occurrences of it alone.
    let isWhole: Bool
    let zone: Zone
    fileprivate let days: DayWindow
    /// Of all its occurrences, whether or not they are looked at.
    fileprivate(set) var references: Set<String> = []
    /// Occurrences that are cancelled.
    fileprivate(set) var cancelled: [String: BookingOrigin] = [:]
    /// Where it says that all of it is cancelled.
    fileprivate(set) var cancellation: BookingOrigin?

    fileprivate init(uid: String, lines: [Int], isWhole: Bool, zone: Zone, days: DayWindow) {
        self.uid = uid
        self.lines = lines
        self.isWhole = isWhole
        self.zone = zone
        self.days = days
    }

    /// Whether what starts then is looked at.
    func includes(_ start: Instant) -> Bool {
        days.contains(zone.day(of: start))
    }
}

/// An event with its times, by the clock of where it is booked unless it says another.
private struct ReadEvent {
    let event: BookingEvent
    static let utc = Zone("UTC")

    let times: ImportedEvent
    /// Of where it is booked.
    let zone: Zone
    let isFloating: Bool

    var line: Int { event.component.line }

    init(_ event: BookingEvent, in zone: Zone, _ zones: inout EventZones) throws(EventFault) {
        self.event = event
        self.zone = zone
        times = try ImportedEvent(event.component, &zones)
        isFloating = event.isFloating("DTSTART")
        if case .day = times.start, !event.isCancelled, let start = event.component.property("DTSTART")?.line {
            throw EventFault(start, "eventWithoutTime")
        }
    }

    /// Of the occurrence that it replaces.
    var reference: String {
        guard let replaces = times.replaces else { return times.uid }
        return Self.reference(times.uid, replaces, isFloating: event.isFloating("RECURRENCE-ID"))
    }

    /// When the occurrence that it replaces would begin, by the clock of its series where it names no zone.
    func replaced(in zone: Zone) -> RecurrenceDate? {
        guard case .clock(let local, _) = times.replaces, event.isFloating("RECURRENCE-ID") else { return times.replaces?.moment }
        return EventTime.clock(local, zone).moment
    }

    func reference(of start: EventTime) -> String { Self.reference(times.uid, start, isFloating: isFloating) }

    /// The `UID` and the `RECURRENCE-ID`: in UTC, but by the clock on the wall for a time that is of no zone.
    private static func reference(_ uid: String, _ start: EventTime, isFloating: Bool) -> String {
        switch start {
        case .day(let day): "\(uid)/\(day.digits)"
        case .clock(let local, _) where isFloating: "\(uid)/\(local.digits)"
        case .clock(let local, let zone):
            if let utc { "\(uid)/\(LocalDateTime(local.instant(in: zone), in: utc).digits)Z" } else { uid }
        }
    }
}

extension LocalDay {
    /// `20270601`.
    fileprivate var digits: String { description.filter { $0 != "-" } }
}

extension LocalDateTime {
    /// `20270601T090000`.
    fileprivate var digits: String {
        let seconds = time.secondsSinceMidnight
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(day.digits)T\(two(seconds / 3_600))\(two(seconds / 60 % 60))\(two(seconds % 60))"
    }
}
