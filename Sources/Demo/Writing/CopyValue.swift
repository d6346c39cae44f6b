import Kernel

/// One value in the text form of COPY.
enum CopyValue: Sendable {
    case null
    case text(String)
    case integer(Int)
    case decimal(Double)
    case boolean(Bool)
    case bytes([UInt8])
    case instant(Instant)
    case day(LocalDay)
    case texts([String])
    case integers([Int])
    /// First and last day, both included; no last day: for good.
    case days(LocalDay, LocalDay?)
    case period(Period)
    /// Minutes after midnight.
    case time(minute: Int)

    static func id<Entity>(_ id: Identifier<Entity>) -> CopyValue { .text(id.description) }

    /// NULL for nil.
    static func maybe<Value>(_ value: Value?, _ make: (Value) -> CopyValue) -> CopyValue {
        value.map(make) ?? .null
    }

    func append(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "N")]
        case .text(let text): Self.appendEscaped(text, to: &bytes)
        case .integer(let number): bytes += "\(number)".utf8
        case .decimal(let number): bytes += "\(number)".utf8
        case .boolean(let flag): bytes.append(flag ? UInt8(ascii: "t") : UInt8(ascii: "f"))
        case .bytes(let raw): bytes += "\\\\x\(raw.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())".utf8
        case .instant(let instant): bytes += instant.rfc3339.utf8
        case .day(let day): bytes += day.description.utf8
        case .texts(let texts): Self.appendEscaped("{\(texts.map(Self.quoted).joined(separator: ","))}", to: &bytes)
        case .integers(let numbers): bytes += "{\(numbers.map(String.init).joined(separator: ","))}".utf8
        case .days(let from, let to): bytes += "[\(from),\(to.map { "\($0.adding(days: 1))" } ?? ""))".utf8
        case .period(let period): bytes += "[\(period.start.rfc3339),\(period.end.rfc3339))".utf8
        case .time(let minute): bytes += "\(minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60)".utf8
        }
    }

    /// An element of an array.
    private static func quoted(_ text: String) -> String {
        "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }

    private static func appendEscaped(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes += [byte, byte]
            case UInt8(ascii: "\t"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\r"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            default: bytes.append(byte)
            }
        }
    }
}
