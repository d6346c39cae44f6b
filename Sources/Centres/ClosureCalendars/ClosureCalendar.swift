import HTTPEdge
import Kernel
import Recurrence

/// The closures of a calendar: what each event closes on some days, and what is wrong with those that close nothing.
struct ClosureCalendar: Sendable {
    /// What the components of one UID say together.
    struct Series: Sendable {
        let uid: String
        /// On which its components begin.
        let lines: [Int]
        let reason: String
        let closings: [Closing]
    }

    /// Of all series together.
    private static let mostClosings = 20_000

    private(set) var series: [Series] = []
    /// What is wrong, at its own line, and the component that it is wrong with.
    private(set) var faults: [(component: Int, fault: TableFault)] = []
    /// The UIDs that stand there, those that are refused among them.
    private(set) var named: Set<String> = []
    /// Whether every component tells its UID; else one that is not named may stand there all the same.
    private(set) var namesAll = true
    private let zone: Zone
    private let days: ClosedRange<LocalDay>
    private var budget = OccurrenceBudget()
    private var closingsLeft = Self.mostClosings

    /// - Parameters:
    ///   - zone: of the place that is closed.
    ///   - days: those that are looked at; what lies outside is passed over.
    init(_ calendars: [CalendarComponent], in zone: Zone, on days: ClosedRange<LocalDay>) {
        self.zone = zone
        self.days = days
        var zones = EventZones(usual: zone)
        var events: [ImportedEvent] = []
        var refused: Set<String> = []
        for component in calendars.flatMap(\.components) where !["VTIMEZONE", "VALARM"].contains(component.name) {
            if component.hidesEvents { namesAll = false }
            guard component.name == "VEVENT" else {
                if !component.name.hasPrefix("X-") {
                    refuse(component.line, EventFault(line: component.line, property: nil, "noEvent"))
                    name(component)
                }
                continue
            }
            let uid = component.properties.first { $0.name == "UID" }?.plainText
            if let uid { named.insert(uid) }
            do throws(EventFault) {
                events.append(try ImportedEvent(component, &zones))
            } catch {
                refuse(component.line, error)
                if let uid { refused.insert(uid) }
                name(component)
            }
        }
        for (uid, events) in Dictionary(grouping: events, by: \.uid).sorted(by: { $0.value[0].line < $1.value[0].line }) {
            if refused.contains(uid) {
                refuse(events) { EventFault(line: $0.line, property: "UID", "seriesRefused") }
            } else {
                add(uid, events)
            }
        }
    }

    /// Notes which closure a component that is refused may be of.
    private mutating func name(_ component: CalendarComponent) {
        if let uid = try? ImportedEvent.uid(of: component) { named.insert(uid) } else { namesAll = false }
    }

    private mutating func refuse(_ component: Int, _ fault: EventFault) {
        faults.append((component, fault.told))
    }

    private mutating func refuse(_ events: [ImportedEvent], _ fault: (ImportedEvent) -> EventFault) {
        for event in events { refuse(event.line, fault(event)) }
    }

    private mutating func add(_ uid: String, _ events: [ImportedEvent]) {
        let (whole, parts) = (events.filter { $0.replaces == nil }, events.filter { $0.replaces != nil })
        guard whole.count < 2, Set(parts.map { $0.replaces?.moment }).count == parts.count else {
            return refuse(events) { EventFault(line: $0.line, property: "UID", "keyTwice") }
        }
        guard let main = whole.first else {
            return refuse(events) { EventFault(line: $0.line, property: "RECURRENCE-ID", "seriesMissing") }
        }
        do throws(EventFault) {
            let closings = Closing.all(try stretches(of: main, without: parts), on: days)
            guard closings.count <= closingsLeft else {
                throw EventFault(line: main.line, property: "DTSTART", "closedParts", ["most": .number(Self.mostClosings)])
            }
            closingsLeft -= closings.count
            let reason = main.summary.isEmpty ? ClosingReason.closure.rawValue : main.summary
            series.append(Series(uid: uid, lines: events.map(\.line).sorted(), reason: reason, closings: closings))
        } catch {
            refuse(main.line, error)
            refuse(parts) { EventFault(line: $0.line, property: "UID", "seriesRefused") }
        }
    }

    /// When a series is closed, some of its occurrences being replaced.
    private mutating func stretches(of main: ImportedEvent, without parts: [ImportedEvent]) throws(EventFault) -> [Range<Int64>] {
        // What begins on the day after the last somewhere may still be on the last here.
        let starts = try budget.starts(of: main, through: days.upperBound.adding(days: 1))
        guard !main.isCancelled else { return [] }
        let replaced = Set(parts.compactMap { $0.replaces?.moment })
        let kept = replaced.isEmpty ? starts : starts.filter { !replaced.contains($0.moment) }
        return kept.compactMap { Closing.stretch(from: $0, main.length, in: zone) }
            + parts.filter { !$0.isCancelled }.compactMap { Closing.stretch(from: $0.start, $0.length, in: zone) }
    }
}

extension CalendarComponent {
    /// Whether there are events inside, which nobody reads.
    fileprivate var hidesEvents: Bool { components.contains { $0.name == "VEVENT" || $0.hidesEvents } }
}
