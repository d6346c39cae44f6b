import Foundation

/// The last lines the server wrote, for an error message.
struct LogTail: Sendable {
    static let lineCount = 20

    let layout: StateLayout

    /// What was written before the log collector ran, then the end of today's log.
    var text: String {
        let parts = [layout.startLog, newestLog()].compactMap { $0 }.map(Self.lastLines).filter { !$0.isEmpty }
        return parts.isEmpty ? "(the server wrote nothing)" : parts.joined(separator: "\n")
    }

    /// True when the last start failed because children of a killed postmaster had not ended yet.
    var namesSurvivingChildren: Bool {
        StateFiles.readEnd(of: layout.startLog)?.contains("pre-existing shared memory block") ?? false
    }

    private func newestLog() -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: layout.log)) ?? []
        let dated = names.map { name -> (path: String, date: Date) in
            let path = layout.log + "/" + name
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return (path, attributes?[.modificationDate] as? Date ?? .distantPast)
        }
        return dated.max { $0.date < $1.date }?.path
    }

    private static func lastLines(_ path: String) -> String {
        let lines = (StateFiles.readEnd(of: path, limit: 8192) ?? "").split(separator: "\n")
        return lines.suffix(lineCount).joined(separator: "\n")
    }
}
