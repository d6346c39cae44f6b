import CQrencode

/// A QR code (ISO/IEC 18004) of a text, made by libqrencode: as small as the text allows, readable with a quarter of it gone.
package struct QRCode: Sendable {
    /// Light modules on each side of it, which readers need.
    package static let quietZone = 4

    /// Modules on a side, without the quiet zone.
    package let width: Int
    /// By rows, from the top left.
    private let isDark: [Bool]

    /// - Returns: nil for a text that no code can hold: more than 1,663 bytes, or none.
    package init?(_ text: String) {
        // Case matters in addresses; what are digits alone is packed closer.
        guard let code = unsafe QRcode_encodeString(text, 0, QR_ECLEVEL_Q, QR_MODE_8, 1) else { return nil }
        defer { unsafe QRcode_free(code) }
        let width = Int(unsafe code.pointee.width)
        self.width = width
        // The lowest bit says whether a module is dark; the others, what it is for.
        isDark = (0..<width * width).map { unsafe code.pointee.data[$0] & 1 == 1 }
    }

    package subscript(column: Int, row: Int) -> Bool { isDark[row * width + column] }

    /// Modules on a side, with the quiet zone.
    package var side: Int { width + 2 * Self.quietZone }

    /// The dark modules as strokes of an SVG path, one module wide, from the corner of the quiet zone.
    package var strokes: String {
        var path = ""
        for row in 0..<width {
            var end = 0
            var column = 0
            while column < width {
                guard self[column, row] else {
                    column += 1
                    continue
                }
                let start = column
                while column < width, self[column, row] { column += 1 }
                path += Self.move(from: end, to: start, in: row) + "h\(column - start)"
                end = column
            }
        }
        return path
    }

    /// Absolute for the first stroke of a row, relative for the others.
    private static func move(from end: Int, to start: Int, in row: Int) -> String {
        end == 0 ? "M\(quietZone + start) \(quietZone + row).5" : "m\(start - end) 0"
    }
}
