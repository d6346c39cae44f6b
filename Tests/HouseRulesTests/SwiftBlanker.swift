/// Blanks comments, string literals and raw identifiers of Swift source, so that a rule about code is not fooled by text.
///
/// Code inside an interpolation stays code. Bare regex literals are not recognised; the house writes `#/…/#`.
struct SwiftBlanker {
    private(set) var literals: [SwiftLiteral] = []

    private let bytes: [UInt8]
    private var output: [UInt8] = []
    private var position = 0
    private var line = 1

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func blank() -> String {
        output.reserveCapacity(bytes.count)
        code(untilParenthesis: false)
        return String(decoding: output, as: UTF8.self)
    }

    private mutating func code(untilParenthesis: Bool) {
        var depth = 0
        while position < bytes.count {
            if starts("//") {
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { drop() }
            } else if starts("/*") {
                blockComment()
            } else if starts("`") {
                skip(until: [UInt8(ascii: "`")], opening: 1)
            } else if let pounds = poundsBefore("/"), pounds > 0 {
                skip(until: Array("/".utf8) + poundBytes(pounds), opening: pounds + 1)
            } else if let pounds = poundsBefore("\"") {
                literal(pounds: pounds)
            } else {
                if bytes[position] == UInt8(ascii: "(") { depth += 1 }
                if bytes[position] == UInt8(ascii: ")") { depth -= 1 }
                keep()
                if untilParenthesis && depth < 0 { return }
            }
        }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                drop(2)
            } else if starts("*/") {
                depth -= 1
                drop(2)
            } else {
                drop()
            }
        } while depth > 0 && position < bytes.count
    }

    private mutating func literal(pounds: Int) {
        let isMultiline = starts("\"\"\"", after: pounds)
        let quotes = isMultiline ? 3 : 1
        let end = Array(repeating: UInt8(ascii: "\""), count: quotes) + poundBytes(pounds)
        let escape = [UInt8(ascii: "\\")] + poundBytes(pounds)
        var literal = SwiftLiteral(line: line)
        var text: [UInt8] = []
        drop(pounds + quotes)
        while position < bytes.count, !starts(end), isMultiline || bytes[position] != UInt8(ascii: "\n") {
            guard starts(escape) else {
                text.append(bytes[position])
                drop()
                continue
            }
            drop(escape.count)
            if position < bytes.count, bytes[position] == UInt8(ascii: "(") {
                literal.isInterpolated = true
                text += Array("\\(".utf8)
                drop()
                code(untilParenthesis: true)
            } else {
                drop()
            }
        }
        drop(end.count)
        literal.text = String(decoding: text, as: UTF8.self)
        literal.isConcatenated = bytes[position...].first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") } == UInt8(ascii: "+")
        literals.append(literal)
    }

    private mutating func skip(until end: [UInt8], opening: Int) {
        drop(opening)
        while position < bytes.count, !starts(end) { drop() }
        drop(end.count)
    }

    /// How many `#` stand before the delimiter that starts here; nil when none does.
    private func poundsBefore(_ delimiter: Unicode.Scalar) -> Int? {
        var index = position
        while index < bytes.count, bytes[index] == UInt8(ascii: "#") { index += 1 }
        return index < bytes.count && bytes[index] == UInt8(ascii: delimiter) ? index - position : nil
    }

    private func poundBytes(_ count: Int) -> [UInt8] { Array(repeating: UInt8(ascii: "#"), count: count) }

    private func starts(_ text: String, after distance: Int = 0) -> Bool { starts(Array(text.utf8), after: distance) }

    private func starts(_ text: [UInt8], after distance: Int = 0) -> Bool {
        bytes.dropFirst(position + distance).starts(with: text)
    }

    private mutating func keep() {
        if bytes[position] == UInt8(ascii: "\n") { line += 1 }
        output.append(bytes[position])
        position += 1
    }

    private mutating func drop(_ count: Int = 1) {
        for _ in 0..<count where position < bytes.count {
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            output.append(bytes[position] == UInt8(ascii: "\n") ? UInt8(ascii: "\n") : UInt8(ascii: " "))
            position += 1
        }
    }
}
