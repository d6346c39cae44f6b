package import Kernel
package import Logging

/// Writes each event as one JSON object on a line: `time`, `level`, `logger`, `message`, then the metadata.
///
/// Metadata whose name says that it is a secret is written as `(hidden)`, whatever put it there.
package struct JSONLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level

    private let label: String
    private let output: LogOutput
    private let clock: any WallClock

    package init(
        label: String, level: Logger.Level = .info, output: LogOutput = .standardError, clock: any WallClock
    ) {
        self.label = label
        self.logLevel = level
        self.output = output
        self.clock = clock
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var json = JSONWriter()
        json.object { json in
            json.member("time", clock.now())
            json.member("level", event.level.rawValue)
            json.member("logger", label)
            json.member("message", event.message.description)
            for (name, value) in fields(of: event) {
                let name = Self.name(of: name)
                json.name(name)
                Self.isPlain(name) ? json.write(value) : json.string("(hidden)")
            }
        }
        output.put(json.line(), isUrgent: event.level >= .warning)
    }

    /// What is known of an event, by name; of several values the one that was given last.
    ///
    /// A list, since there are seldom ten and each request has some: as dictionaries, merged, they were a third of a line's cost.
    private func fields(of event: LogEvent) -> [(key: String, value: Logger.MetadataValue)] {
        var fields: [(key: String, value: Logger.MetadataValue)] = []
        fields.reserveCapacity(12)
        if let error = event.error { fields.append(("error", "\(String(reflecting: error))")) }
        for source in [event.metadata, metadataProvider?.get(), metadata] {
            guard let source else { continue }
            let known = fields.count
            for field in source where !fields[..<known].contains(where: { $0.key == field.key }) { fields.append(field) }
        }
        fields.sort { $0.key < $1.key }
        return fields
    }

    /// The framework's request id under our name; nothing may pose as one of the standing members.
    private static func name(of key: String) -> String {
        switch key {
        case "hb.request.id": "request_id"
        case "time", "level", "logger", "message": "\(key)_"
        default: key
        }
    }

    /// What every request logs, so that these names are not searched each time.
    private static let plainNames: Set = [
        "request_id", "method", "route", "status", "duration_seconds", "response_bytes", "organisation", "client_address",
    ]

    private static func isPlain(_ name: String) -> Bool {
        plainNames.contains(name) || !isSecret(name)
    }

    private static let secretWords = ["authorization", "cookie", "password", "secret", "token", "credential"].map { Array($0.utf8) }

    /// By bytes: searching in strings took a fifth of the processor time of a small answer.
    private static func isSecret(_ name: String) -> Bool {
        // Small letters, as far as letters go.
        let bytes = name.utf8.map { $0 | 0x20 }
        return secretWords.contains { word in
            bytes.indices.contains { bytes[$0...].starts(with: word) }
        }
    }
}

extension JSONWriter {
    /// Numbers and truth values stay what they are; anything else is its description.
    fileprivate mutating func write(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): string(text)
        case .stringConvertible(let value): write(described: value)
        case .array(let values):
            array { json in
                for value in values { json.write(value) }
            }
        case .dictionary(let values):
            object { json in
                for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                    json.name(name)
                    json.write(value)
                }
            }
        }
    }

    /// Numbers first: asking whether a value can write itself takes longer than writing one.
    private mutating func write(described value: any CustomStringConvertible) {
        switch value {
        case let value as Int: integer(value)
        case let value as Double: number(value)
        case let value as any JSONWritable: value.write(to: &self)
        default: string(value.description)
        }
    }
}
