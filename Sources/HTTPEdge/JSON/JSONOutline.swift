/// What the JSON parser lets pass: how deep a text nests, names that an object holds twice, a comma before a closing bracket.
///
/// Walks text that the parser has accepted or will judge; it looks only at strings and brackets, and stops at the depth limit.
struct JSONOutline {
    private(set) var isTooDeep = false
    private(set) var hasTrailingComma = false
    /// JSON pointers of members that stand twice in one object.
    private(set) var duplicates: [String] = []

    private struct Level {
        var isObject: Bool
        var names: Set<String> = []
        var current = ""
        var index = 0
        var expectsName: Bool
    }

    private var levels: [Level] = []
    private let maximumDepth: Int

    init(of text: some Sequence<UInt8>, maximumDepth: Int) {
        self.maximumDepth = maximumDepth
        var iterator = text.makeIterator()
        var followsComma = false
        while !isTooDeep, let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): continue
            case UInt8(ascii: "{"): open(isObject: true)
            case UInt8(ascii: "["): open(isObject: false)
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if followsComma { hasTrailingComma = true }
                _ = levels.popLast()
            case UInt8(ascii: ","): advance()
            case UInt8(ascii: "\""): string(Self.rest(of: &iterator))
            default: break
            }
            followsComma = byte == UInt8(ascii: ",")
        }
    }

    private mutating func open(isObject: Bool) {
        levels.append(Level(isObject: isObject, expectsName: isObject))
        isTooDeep = levels.count > maximumDepth
    }

    private mutating func advance() {
        guard var level = levels.popLast() else { return }
        level.index += 1
        level.expectsName = level.isObject
        levels.append(level)
    }

    private mutating func string(_ raw: [UInt8]) {
        guard var level = levels.popLast() else { return }
        if level.expectsName {
            level.current = JSONString.unescaped(raw)
            level.expectsName = false
        } else {
            return levels.append(level)
        }
        let isNew = level.names.insert(level.current).inserted
        levels.append(level)
        if !isNew { duplicates.append(pointer) }
    }

    private var pointer: String {
        levels.reduce(into: "") { pointer, level in
            pointer += "/" + (level.isObject ? JSONPointer.escaped(level.current) : String(level.index))
        }
    }

    /// The bytes up to the closing quote, escapes untouched.
    private static func rest(of iterator: inout some IteratorProtocol<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        while let byte = iterator.next(), byte != UInt8(ascii: "\"") {
            bytes.append(byte)
            if byte == UInt8(ascii: "\\"), let escaped = iterator.next() { bytes.append(escaped) }
        }
        return bytes
    }
}
