import Kernel
import Postgres

/// The calendars of a centre: the sites', and inside them those of resources.
struct CalendarTree {
    struct Entry {
        let id: CalendarID
        let parent: CalendarID?
        let zone: Zone
        /// The days that have been compiled; nil: none yet.
        let compiled: ClosedRange<LocalDay>?
    }

    let entries: [CalendarID: Entry]

    init(_ rows: [SQL.ListCalendars.Row]) {
        let entries = rows.compactMap { row -> Entry? in
            guard let zone = Zone(row.zone) else { return nil }
            var compiled: ClosedRange<LocalDay>?
            if let first = row.compiledFrom, let last = row.compiledUntil, first <= last { compiled = first...last }
            return Entry(id: row.id, parent: row.parentId, zone: zone, compiled: compiled)
        }
        self.entries = Dictionary(entries.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// From the site's inwards to a calendar's own.
    func path(to id: CalendarID) -> [CalendarID] {
        var path: [CalendarID] = []
        var next: CalendarID? = id
        while let id = next, let entry = entries[id], path.count <= entries.count {
            path.append(id)
            next = entry.parent
        }
        return path.reversed()
    }

    /// A calendar and those inside it, which may follow it.
    func within(_ id: CalendarID) -> [CalendarID] {
        entries.keys.filter { path(to: $0).contains(id) }.sorted()
    }
}
