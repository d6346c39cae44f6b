/// A component of a calendar (RFC 5545, section 3.4): what stands between its `BEGIN` and its `END`.
package struct CalendarComponent: Sendable {
    /// In capitals, such as `VEVENT`.
    package let name: String
    /// The line of the file on which it begins, from 1.
    package let line: Int
    package fileprivate(set) var properties: [CalendarLine] = []
    package fileprivate(set) var components: [CalendarComponent] = []
    /// The lines of the file on which something stands that is no content line.
    package fileprivate(set) var brokenLines: [Int] = []

    /// What makes a file no calendar.
    package enum Fault: Error, Hashable {
        /// Something else stands outside every `VCALENDAR`, or nothing does at all.
        case noCalendar(line: Int)
        /// The component that begins on this line never ends, or another one ends first.
        case unended(line: Int)
        case tooDeep(line: Int)
    }

    /// An alarm in an event in a calendar is three deep.
    private static let deepest = 8

    /// Reads the calendars of a file, one behind the other.
    ///
    /// A byte order mark is passed over, any line end is taken, folded lines are unfolded as bytes, since some programs fold inside a
    /// character. What is not UTF-8 is a broken line.
    package static func calendars(in bytes: [UInt8]) throws(Fault) -> [CalendarComponent] {
        var calendars: [CalendarComponent] = []
        var open: [CalendarComponent] = []
        for (number, bytes) in unfolded(bytes) {
            let line = String(validating: bytes, as: UTF8.self).flatMap { CalendarLine($0, number: number) }
            switch line?.name {
            case "BEGIN":
                let component = CalendarComponent(name: line?.value.uppercased() ?? "", line: number)
                guard !open.isEmpty || component.name == "VCALENDAR" else { throw .noCalendar(line: number) }
                guard open.count < deepest else { throw .tooDeep(line: number) }
                open.append(component)
            case "END":
                guard let ended = open.popLast() else { throw .noCalendar(line: number) }
                guard ended.name == line?.value.uppercased() else { throw .unended(line: ended.line) }
                if open.isEmpty { calendars.append(ended) } else { open[open.count - 1].components.append(ended) }
            default:
                guard !open.isEmpty else { throw .noCalendar(line: number) }
                if let line { open[open.count - 1].properties.append(line) } else { open[open.count - 1].brokenLines.append(number) }
            }
        }
        if let last = open.last { throw .unended(line: last.line) }
        guard !calendars.isEmpty else { throw .noCalendar(line: 1) }
        return calendars
    }

    /// The lines that are not empty, each with the number of the one on which it begins.
    private static func unfolded(_ bytes: [UInt8]) -> [(number: Int, bytes: [UInt8])] {
        let (newline, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        var lines: [(number: Int, bytes: [UInt8])] = []
        var number = 0
        var rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        while !rest.isEmpty {
            number += 1
            var line = rest.prefix { $0 != newline }
            rest = rest[line.endIndex...].dropFirst()
            while line.last == carriageReturn { line.removeLast() }
            guard let first = line.first else { continue }
            if first == UInt8(ascii: " ") || first == UInt8(ascii: "\t"), !lines.isEmpty {
                lines[lines.count - 1].bytes += line.dropFirst()
            } else {
                lines.append((number, Array(line)))
            }
        }
        return lines
    }

    /// The first property of a name, and whether there is another.
    package func property(_ name: String) -> (line: CalendarLine, isRepeated: Bool)? {
        let all = properties.filter { $0.name == name }
        return all.first.map { ($0, all.count > 1) }
    }
}
