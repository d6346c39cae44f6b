import Foundation

/// On what was measured.
struct MachineFacts: Sendable {
    let cores: Int
    /// As Linux calls it; empty where it doesn't.
    let processor: String
    let memoryMegabytes: Int
    let kernel: String
    /// For example 15.18.
    let postgres: String

    /// - Parameter postgresVersion: as libpq gives it, for example 150018.
    init(postgresVersion: Int) {
        cores = ProcessInfo.processInfo.activeProcessorCount
        memoryMegabytes = Int(ProcessInfo.processInfo.physicalMemory / 1_048_576)
        let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
        let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
        processor = model.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
        let release = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
        kernel = release?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        postgres = "\(postgresVersion / 10_000).\(postgresVersion % 10_000)"
    }

    var sentence: String {
        "\(cores) cores (\(processor)), \(memoryMegabytes) MB, Linux \(kernel), PostgreSQL \(postgres)."
    }
}
