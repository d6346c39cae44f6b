import QRCodes

/// A label to be stuck on a machine: 70 by 37 millimetres, 24 on a sheet of A4, with a code that opens its page.
package struct QRLabel: Sendable {
    /// One line of text, placed in millimetres.
    package struct Line: Sendable {
        package let y: Double
        package let size: Double
        package let weight: Int
        package let family: String
        package let text: String
    }

    /// Characters that fit on a line beside the code.
    private static let lineLength = 17
    /// Millimetres on a side of the code, with the light around it.
    private static let codeSide = 33.0
    private static let plain = "Helvetica, Arial, sans-serif"

    package let name: String
    /// What the code says.
    package let address: String
    /// The code: strokes of an SVG path, and where they go.
    package let strokes: String
    package let transform: String
    package let lines: [Line]

    /// - Parameter number: the inventory number, where there is one.
    /// - Returns: nil for an address that no code can hold.
    package init?(address: String, name: String, number: String?, centre: String) {
        guard let code = QRCode(address) else { return nil }
        self.name = name
        self.address = address
        strokes = code.strokes
        transform = "translate(2 2) scale(\(Self.codeSide / Double(code.side)))"
        let numbers = number.map { Self.broken($0, most: 2) } ?? []
        lines =
            Self.lines(Self.broken(centre, most: 2, length: 24), from: 5, size: 2.3)
            + Self.lines(Self.broken(name, most: 4), from: 13.5, size: 3.2, weight: 700)
            + Self.lines(numbers, from: 36.6 - 3.4 * Double(numbers.count), size: 3, family: "monospace")
    }

    /// An `svg` element; it needs no style but its own.
    package var svg: String {
        let texts = lines.map { line in
            """
            <text x="36" y="\(line.y)" font-size="\(line.size)" font-weight="\(line.weight)" font-family="\(line.family)">\
            \(Self.escaped(line.text))</text>
            """
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 70 37" width="70mm" height="37mm" role="img">\
            <title>\(Self.escaped(name))</title><desc>\(Self.escaped(address))</desc><rect width="70" height="37" fill="#fff"/>\
            <path transform="\(transform)" d="\(strokes)" stroke="#000" fill="none"/>\(texts.joined())</svg>
            """
    }

    private static func lines(
        _ texts: [String], from top: Double, size: Double, weight: Int = 400, family: String = plain
    ) -> [Line] {
        texts.enumerated().map { index, text in
            Line(y: ((top + size * 1.18 * Double(index)) * 100).rounded() / 100, size: size, weight: weight, family: family, text: text)
        }
    }

    /// Broken between words, or within those that fill more than a line; what does not fit ends in an ellipsis.
    static func broken(_ text: String, most: Int, length: Int = lineLength) -> [String] {
        var lines: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            if let last = lines.last, last.count + 1 + word.count <= length {
                lines[lines.count - 1] = "\(last) \(word)"
                continue
            }
            var rest = word
            while rest.count > length {
                lines.append(String(rest.prefix(length)))
                rest = rest.dropFirst(length)
            }
            lines.append(String(rest))
        }
        guard lines.count > most else { return lines }
        return lines[..<(most - 1)] + [lines[most - 1].prefix(length - 1) + "…"]
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}
