/// Cuts SQL text into code, literals and comments, so that nothing inside a literal is mistaken for code.
struct SQLScanner {
    /// Opened but never closed, at a byte offset.
    struct Unterminated: Error {
        var what: String
        var offset: Int
    }

    private let bytes: [UInt8]
    private var position = 0
    private var codeStart = 0
    private var segments: [SQLSegment] = []

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The segments in order; together they cover `bytes` without a gap.
    static func segments(of bytes: [UInt8]) throws(Unterminated) -> [SQLSegment] {
        var scanner = SQLScanner(bytes)
        try scanner.scan()
        return scanner.segments
    }

    private mutating func scan() throws(Unterminated) {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "'"):
                try close(.string, "string", end: quoteEnd(UInt8(ascii: "'"), escapes: followsEscapePrefix))
            case UInt8(ascii: "\""):
                try close(.quotedIdentifier, "quoted identifier", end: quoteEnd(UInt8(ascii: "\""), escapes: false))
            case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"):
                try close(.comment, "comment", end: lineEnd)
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
                try close(.comment, "comment", end: blockCommentEnd)
            case UInt8(ascii: "$"):
                if let tag = dollarTag {
                    try close(.dollarQuoted, "dollar-quoted body", end: dollarQuoteEnd(tag))
                } else {
                    position += 1
                }
            default:
                position += 1
            }
        }
        flushCode(upTo: bytes.count)
    }

    private mutating func close(_ kind: SQLSegment.Kind, _ what: String, end: Int?) throws(Unterminated) {
        guard let end else { throw Unterminated(what: what, offset: position) }
        flushCode(upTo: position)
        segments.append(SQLSegment(kind: kind, range: position..<end))
        position = end
        codeStart = end
    }

    private mutating func flushCode(upTo end: Int) {
        if codeStart < end { segments.append(SQLSegment(kind: .code, range: codeStart..<end)) }
    }

    private func peek(_ distance: Int) -> UInt8? {
        bytes.indices.contains(position + distance) ? bytes[position + distance] : nil
    }

    /// Whether the quote at `position` belongs to `E'…'`, where a backslash escapes.
    private var followsEscapePrefix: Bool {
        guard let prefix = peek(-1), prefix | 0x20 == UInt8(ascii: "e") else { return false }
        return peek(-2).map { !$0.continuesSQLIdentifier } ?? true
    }

    private func quoteEnd(_ quote: UInt8, escapes: Bool) -> Int? {
        var index = position + 1
        while index < bytes.count {
            if escapes && bytes[index] == UInt8(ascii: "\\") {
                index += 2
            } else if bytes[index] != quote {
                index += 1
            } else if index + 1 < bytes.count && bytes[index + 1] == quote {
                index += 2
            } else {
                return index + 1
            }
        }
        return nil
    }

    private var lineEnd: Int {
        bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    }

    /// Block comments nest in PostgreSQL.
    private var blockCommentEnd: Int? {
        var depth = 0
        var index = position
        while index + 1 < bytes.count {
            switch (bytes[index], bytes[index + 1]) {
            case (UInt8(ascii: "/"), UInt8(ascii: "*")):
                depth += 1
                index += 2
            case (UInt8(ascii: "*"), UInt8(ascii: "/")):
                depth -= 1
                index += 2
                if depth == 0 { return index }
            default:
                index += 1
            }
        }
        return nil
    }

    /// The tag `$…$` that starts at `position`, dollars included; nil for a positional parameter or a lone dollar.
    private var dollarTag: ArraySlice<UInt8>? {
        if let before = peek(-1), before.continuesSQLIdentifier { return nil }
        var index = position + 1
        while index < bytes.count, bytes[index].continuesSQLIdentifier, bytes[index] != UInt8(ascii: "$") { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "$"), !bytes[position + 1].isASCIIDigit else { return nil }
        return bytes[position...index]
    }

    private func dollarQuoteEnd(_ tag: ArraySlice<UInt8>) -> Int? {
        var index = position + tag.count
        while index + tag.count <= bytes.count {
            if bytes[index..<(index + tag.count)] == tag { return index + tag.count }
            index += 1
        }
        return nil
    }
}

extension UInt8 {
    var isASCIIDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    var startsSQLIdentifier: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) || self == UInt8(ascii: "_") || self >= 0x80
    }

    var continuesSQLIdentifier: Bool { startsSQLIdentifier || isASCIIDigit || self == UInt8(ascii: "$") }
}
