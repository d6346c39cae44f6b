import Bookings
import Kernel

/// When a resource can't be had (`VFREEBUSY`): nothing of it is left, or it is closed.
struct FreeBusyDocument: Sendable {
    let uid: String
    let stamp: Instant
    let window: Period
    /// All of it is taken while it is open.
    let taken: [Period]
    let closed: [Period]

    init(uid: String, stamp: Instant, window: Period, of time: FreeTime) {
        self.uid = uid
        self.stamp = stamp
        self.window = window
        let open = Self.merged(time.open)
        closed = Self.gaps(between: open, in: window)
        let full = Self.merged(time.steps.filter { $0.taken >= time.capacity }.map(\.period))
        taken = full.flatMap { full in open.compactMap(full.intersection) }
    }

    var bytes: [UInt8] {
        var calendar = ICalendarWriter()
        calendar.component("VCALENDAR") { calendar in
            calendar.property("VERSION", "2.0")
            calendar.property("PRODID", "-//Plateau//Plateau 1.0//FR")
            calendar.component("VFREEBUSY") { calendar in
                calendar.property("UID", uid)
                calendar.property("DTSTAMP", ICalendarTime.utc(stamp))
                calendar.property("DTSTART", ICalendarTime.utc(window.start))
                calendar.property("DTEND", ICalendarTime.utc(window.end))
                write(taken, as: "BUSY", to: &calendar)
                write(closed, as: "BUSY-UNAVAILABLE", to: &calendar)
            }
        }
        return calendar.bytes
    }

    private func write(_ periods: [Period], as type: String, to calendar: inout ICalendarWriter) {
        guard !periods.isEmpty else { return }
        let list = periods.map { "\(ICalendarTime.utc($0.start))/\(ICalendarTime.utc($0.end))" }
        calendar.property("FREEBUSY", list.joined(separator: ","), parameters: "FBTYPE=\(type)")
    }

    /// In order, those that touch as one.
    private static func merged(_ periods: [Period]) -> [Period] {
        periods.sorted { $0.start < $1.start }.reduce(into: []) { merged, period in
            if let last = merged.last, period.start <= last.end {
                merged[merged.count - 1] = Period(start: last.start, end: max(last.end, period.end)) ?? last
            } else {
                merged.append(period)
            }
        }
    }

    private static func gaps(between periods: [Period], in window: Period) -> [Period] {
        let edges = [window.start] + periods.flatMap { [$0.start, $0.end] } + [window.end]
        return stride(from: 0, to: edges.count, by: 2).compactMap { Period(start: edges[$0], end: edges[$0 + 1]) }
    }
}
