/// The parts of a form with files (RFC 7578), as browsers send it.
///
/// What stands before the first boundary and behind the last is passed over (RFC 2046, section 5.1.1); a part is bytes as they came.
struct MultipartForm {
    struct Part {
        let name: String
        /// Nil: a field that is no file.
        let fileName: String?
        let bytes: ArraySlice<UInt8>
    }

    /// More than any page has.
    static let mostParts = 50
    private static let longestHead = 4_096
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let newline = UInt8(ascii: "\n")
    private static let hyphen = UInt8(ascii: "-")

    let parts: [Part]

    /// - Parameter contentType: of the request, which says the boundary.
    /// - Returns: nil for what is no such form.
    init?(_ bytes: [UInt8], contentType: String) {
        guard let boundary = Self.boundary(contentType) else { return nil }
        let delimiter = [Self.hyphen, Self.hyphen] + Array(boundary.utf8)
        var rest = bytes[...]
        var parts: [Part] = []
        // The first one may stand at the very beginning, the others behind a line end that is theirs.
        if !rest.starts(with: delimiter) {
            guard let found = Self.find([Self.carriageReturn, Self.newline] + delimiter, in: rest) else { return nil }
            rest = rest[(found + 2)...]
        }
        while true {
            rest = rest.dropFirst(delimiter.count)
            if rest.starts(with: [Self.hyphen, Self.hyphen]) { break }
            while let byte = rest.first, byte == 0x20 || byte == 0x09 { rest.removeFirst() }
            guard rest.starts(with: [Self.carriageReturn, Self.newline]), parts.count < Self.mostParts else { return nil }
            rest = rest.dropFirst(2)
            guard let end = Self.find([Self.carriageReturn, Self.newline] + delimiter, in: rest),
                let part = Self.part(rest[..<end])
            else { return nil }
            parts.append(part)
            rest = rest[(end + 2)...]
        }
        self.parts = parts
    }

    /// What stands between two delimiters: a head, an empty line, and what it is about.
    private static func part(_ bytes: ArraySlice<UInt8>) -> Part? {
        let emptyLine = [carriageReturn, newline, carriageReturn, newline]
        guard let end = find(emptyLine, in: bytes.prefix(longestHead)),
            let head = String(validating: bytes[..<end], as: UTF8.self)
        else { return nil }
        for line in head.split(separator: "\r\n") {
            let sides = line.split(separator: ":", maxSplits: 1)
            guard sides.count == 2, sides[0].lowercased() == "content-disposition" else { continue }
            let parameters = parameters(sides[1])
            guard parameters.kind == "form-data", let name = parameters.values["name"] else { return nil }
            return Part(name: name, fileName: parameters.values["filename"], bytes: bytes[(end + 4)...])
        }
        return nil
    }

    private static func boundary(_ contentType: String) -> String? {
        let read = parameters(Substring(contentType))
        guard read.kind == "multipart/form-data", let boundary = read.values["boundary"] else { return nil }
        let isSound = (1...70).contains(boundary.utf8.count) && boundary.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        return isSound && boundary.utf8.last != 0x20 ? boundary : nil
    }

    /// `form-data; name="file"; filename="a.csv"`; browsers write a quote inside quotes as `%22` (HTML, multipart form data).
    private static func parameters(_ text: Substring) -> (kind: String, values: [String: String]) {
        var rest = text.utf8[...]
        let kind = rest.prefix { $0 != UInt8(ascii: ";") }
        rest = rest[kind.endIndex...]
        var values: [String: String] = [:]
        while rest.popFirst() != nil {
            let name = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") }
            rest = rest[name.endIndex...]
            guard rest.first == UInt8(ascii: "=") else { continue }
            rest.removeFirst()
            let value: Substring.UTF8View
            if rest.first == UInt8(ascii: "\"") {
                rest.removeFirst()
                value = rest.prefix { $0 != UInt8(ascii: "\"") }
                rest = rest[value.endIndex...].drop { $0 != UInt8(ascii: ";") }
            } else {
                value = rest.prefix { $0 != UInt8(ascii: ";") }
                rest = rest[value.endIndex...]
            }
            values[String(decoding: name, as: UTF8.self).trimmingSpaces().lowercased()] =
                PercentEncoding.quotesRestored(String(decoding: value, as: UTF8.self))
        }
        return (String(decoding: kind, as: UTF8.self).trimmingSpaces().lowercased(), values)
    }

    /// Where a pattern begins first; a delimiter is looked for by its first byte, which text has seldom.
    private static func find(_ pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex
        while index <= bytes.endIndex - pattern.count {
            guard let next = bytes[index...].firstIndex(of: pattern[0]), next <= bytes.endIndex - pattern.count else { return nil }
            if bytes[next...].starts(with: pattern) { return next }
            index = next + 1
        }
        return nil
    }
}

extension PercentEncoding {
    /// Names as browsers write them between quotes.
    fileprivate static func quotesRestored(_ text: String) -> String {
        text.replacing("%22", with: "\"").replacing("%0D", with: "\r").replacing("%0A", with: "\n")
    }
}
