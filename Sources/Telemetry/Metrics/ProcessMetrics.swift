import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the system knows of this process, under the names that Prometheus' own clients use; nothing where there is no /proc.
package struct ProcessMetrics: Sendable {
    private let directory: String

    package init(directory: String = "/proc/self") {
        self.directory = directory
    }

    package var samples: [MetricSample] {
        var samples: [MetricSample] = []
        if let fields = statistics {
            let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
            let page = Double(sysconf(Int32(_SC_PAGESIZE)))
            // Fields 14, 15, 20, 23 and 24 of proc(5), counted after the name.
            samples = [
                MetricSample(
                    "process_cpu_seconds_total", .counter, "Processor time of the process.", (fields[11] + fields[12]) / ticks),
                MetricSample("process_threads", .gauge, "Threads of the process.", fields[17]),
                MetricSample("process_virtual_memory_bytes", .gauge, "Addresses that the process has.", fields[20]),
                MetricSample("process_resident_memory_bytes", .gauge, "Memory that the process occupies.", fields[21] * page),
            ]
        }
        if let open = try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/fd").count {
            samples.append(MetricSample("process_open_fds", .gauge, "Open files and sockets.", Double(open)))
        }
        if let most = mostFiles {
            samples.append(MetricSample("process_max_fds", .gauge, "Most files and sockets that may be open.", most))
        }
        return samples
    }

    /// The numbers of `stat` after the name, which may itself have spaces and brackets.
    private var statistics: [Double]? {
        guard let content = FileManager.default.contents(atPath: "\(directory)/stat") else { return nil }
        let text = String(decoding: content, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ").map { Double($0) ?? 0 }
        return fields.count > 21 ? fields : nil
    }

    private var mostFiles: Double? {
        guard let content = FileManager.default.contents(atPath: "\(directory)/limits") else { return nil }
        let line = String(decoding: content, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("Max open files") }
        return line?.split(separator: " ").dropFirst(3).first.flatMap { Double($0) }
    }
}
