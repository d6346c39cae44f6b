/// The smallest document that every reader of PDF (ISO 32000) opens: one page of a few lines.
enum FictionalPDF {
    static func page(_ lines: [String]) -> [UInt8] {
        let text = lines.map { "(\(escaped($0))) Tj T*" }.joined(separator: "\n")
        let content = Array("BT /F1 11 Tf 50 780 Td 16 TL\n".utf8) + latin1(text) + Array("\nET".utf8)
        let objects: [[UInt8]] = [
            Array("<< /Type /Catalog /Pages 2 0 R >>".utf8),
            Array("<< /Type /Pages /Kids [3 0 R] /Count 1 >>".utf8),
            Array(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".utf8),
            Array("<< /Length \(content.count) >>\nstream\n".utf8) + content + Array("\nendstream".utf8),
            Array("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".utf8),
        ]
        var bytes = Array("%PDF-1.4\n".utf8)
        var places: [Int] = []
        for (index, object) in objects.enumerated() {
            places.append(bytes.count)
            bytes += Array("\(index + 1) 0 obj\n".utf8) + object + Array("\nendobj\n".utf8)
        }
        let table = bytes.count
        let entries = places.map { place in "\(String(repeating: "0", count: 10 - "\(place)".count))\(place) 00000 n \n" }.joined()
        let count = objects.count + 1
        bytes += Array("xref\n0 \(count)\n0000000000 65535 f \n\(entries)".utf8)
        return bytes + Array("trailer\n<< /Size \(count) /Root 1 0 R >>\nstartxref\n\(table)\n%%EOF\n".utf8)
    }

    private static func escaped(_ line: String) -> String {
        line.replacing("\\", with: "\\\\").replacing("(", with: "\\(").replacing(")", with: "\\)")
    }

    /// French fits the encoding; what does not becomes a question mark.
    private static func latin1(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { $0.value < 256 ? UInt8($0.value) : UInt8(ascii: "?") }
    }
}
