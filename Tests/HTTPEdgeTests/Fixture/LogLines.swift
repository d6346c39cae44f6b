import FoundationEssentials
import Kernel
import Logging
import NIOCore
import Locking

@testable import HTTPEdge

/// Catches what is logged, line by line; every value as text.
final class LogLines: Sendable {
    private let storage = Mutex<[[UInt8]]>([])

    func logger(level: Logger.Level = .info) -> Logger {
        let output = LogOutput { line in self.storage.withLock { $0.append(line) } }
        return Logger(label: "test") { JSONLogHandler(label: $0, level: level, output: output, clock: StandingClock()) }
    }

    var raw: [String] {
        storage.withLock { $0.map { String(decoding: $0, as: UTF8.self) } }
    }

    var lines: [[String: String]] {
        raw.compactMap { line in
            guard case .object(let members) = try? JSONDecoder().decode(JSONValue.self, from: Data(line.utf8)) else { return nil }
            return members.mapValues { value in
                if case .string(let text) = value { return text }
                var json = JSONWriter()
                value.write(to: &json)
                return String(buffer: json.buffer)
            }
        }
    }
}
