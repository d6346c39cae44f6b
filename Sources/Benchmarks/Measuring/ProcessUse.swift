import Foundation

/// Processor time and memory of processes, as Linux tells them in /proc.
enum ProcessUse {
    private static let microsecondsPerTick = 1_000_000 / Double(sysconf(Int32(_SC_CLK_TCK)))

    /// Microseconds of processor time that a process has used.
    static func of(_ process: Int32) -> Double {
        fields(of: process).map { ($0[11] + $0[12]) * microsecondsPerTick } ?? 0
    }

    /// Microseconds that the children of a process used which have ended and been waited for.
    static func ofEndedChildren(of process: Int32) -> Double {
        fields(of: process).map { ($0[13] + $0[14]) * microsecondsPerTick } ?? 0
    }

    /// Microseconds that a PostgreSQL has used: the postmaster, its children, and those that it has reaped.
    static func ofDatabase(postmaster: Int32) -> Double {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
        var ticks = fields(of: postmaster).map { $0[11] + $0[12] + $0[13] + $0[14] } ?? 0
        for process in processes {
            guard let fields = fields(of: process), Int32(fields[1]) == postmaster else { continue }
            ticks += fields[11] + fields[12]
        }
        return ticks * microsecondsPerTick
    }

    /// A value of /proc/PID/status in kilobytes, for example `VmRSS`.
    static func kilobytes(_ name: String, of process: Int32) -> Int {
        let lines = text("/proc/\(process)/status").split(separator: "\n")
        let line = lines.first { $0.hasPrefix("\(name):") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }

    /// Microseconds that the processors had nothing to do, all together, since the machine started.
    static func idle() -> Double {
        let line = text("/proc/stat").split(separator: "\n").first { $0.hasPrefix("cpu ") }
        let fields = line?.split(separator: " ").dropFirst().map { Double($0) ?? 0 } ?? []
        return fields.count > 4 ? (fields[3] + fields[4]) * microsecondsPerTick : 0
    }

    /// The average number of processes that wanted a processor in the last minute.
    static func load() -> Double {
        text("/proc/loadavg").split(separator: " ").first.flatMap { Double($0) } ?? 0
    }

    /// What follows the name, from the state on (proc(5), field 3); words that are no numbers are 0.
    private static func fields(of process: Int32) -> [Double]? {
        let text = text("/proc/\(process)/stat")
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[end...].dropFirst().split(separator: " ").map { Double($0) ?? 0 }
        return fields.count > 15 ? fields : nil
    }

    private static func text(_ path: String) -> String {
        (FileManager.default.contents(atPath: path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
