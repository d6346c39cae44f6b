package import Tracing

/// Where a request belongs among those that led to it and those it leads to (W3C Trace Context, level 1).
package struct TraceContext: Hashable, Sendable {
    package let traceHigh: UInt64
    package let traceLow: UInt64
    package let spanID: UInt64
    /// Whether whoever began the trace keeps it.
    package let isSampled: Bool

    package init(traceHigh: UInt64, traceLow: UInt64, spanID: UInt64, isSampled: Bool) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.spanID = spanID
        self.isSampled = isSampled
    }

    /// Nil for a header that is not one: then the trace begins here.
    package init?(traceparent header: String) {
        let parts = header.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].utf8.count == 2, parts[1].utf8.count == 32, parts[2].utf8.count == 16, parts[3].utf8.count == 2
        else { return nil }
        guard let version = Self.number(parts[0]), version != 255, version > 0 || parts.count == 4 else { return nil }
        guard let high = Self.number(parts[1].prefix(16)), let low = Self.number(parts[1].suffix(16)), high | low != 0 else { return nil }
        guard let span = Self.number(parts[2]), span != 0, let flags = Self.number(parts[3]) else { return nil }
        self.init(traceHigh: high, traceLow: low, spanID: span, isSampled: flags & 1 == 1)
    }

    package var traceparent: String { "00-\(traceID)-\(Self.text(spanID))-\(isSampled ? "01" : "00")" }
    package var traceID: String { Self.text(traceHigh) + Self.text(traceLow) }
    package var spanText: String { Self.text(spanID) }

    private static func number(_ text: some StringProtocol) -> UInt64? {
        let isLowercaseHex = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
        return isLowercaseHex ? UInt64(text, radix: 16) : nil
    }

    package static func text(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// The place of the trace among what belongs to a task.
private enum TraceContextKey: InstrumentationContextKey {
    typealias Value = TraceContext
}

extension InstrumentationContext {
    package var trace: TraceContext? {
        get { self[TraceContextKey.self] }
        set { self[TraceContextKey.self] = newValue }
    }
}
