/// Turns `@name` into `$n` and cuts the final semicolon; operators, literals and comments are left alone.
struct PlaceholderRewriter {
    var file: SourceFile
    /// The line of `file` on which the text starts.
    var firstLine: Int
    /// In the order of their numbers.
    var parameters: [QueryField]

    func rewrite(_ text: String) throws(EmbeddingError) -> String {
        let bytes = Array(text.utf8)
        let segments: [SQLSegment]
        do {
            segments = try SQLScanner.segments(of: bytes)
        } catch {
            throw fault(bytes, error.offset, "this \(error.what) is never closed")
        }
        var used: Set<String> = []
        var output: [UInt8] = []
        var end: Int?
        for segment in segments {
            if segment.kind == .code {
                try copyCode(bytes, segment.range, to: &output, used: &used, end: &end)
            } else if end == nil {
                output += bytes[segment.range]
            } else if segment.kind != .comment {
                throw fault(bytes, segment.range.lowerBound, "a second statement needs a header of its own")
            }
        }
        for parameter in parameters where !used.contains(parameter.name) {
            throw file.fault(parameter.line, "parameter \(parameter.name) is never used")
        }
        return trimmed(output)
    }

    private func copyCode(
        _ bytes: [UInt8], _ range: Range<Int>, to output: inout [UInt8], used: inout Set<String>, end: inout Int?
    ) throws(EmbeddingError) {
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if end != nil {
                guard byte.isSQLSpace else { throw fault(bytes, index, "a second statement needs a header of its own") }
            } else if byte == UInt8(ascii: ";") {
                end = index
            } else if byte == UInt8(ascii: "@"), let name = identifier(bytes, after: index, upTo: range.upperBound) {
                index += name.utf8.count + 1
                try append(name, at: index - name.utf8.count - 1, of: bytes, to: &output, used: &used)
                continue
            } else {
                try refusePosition(bytes, index)
                output.append(byte)
            }
            index += 1
        }
    }

    /// Writes the number of a parameter, or `@name` again where the `@` belongs to an operator.
    private func append(
        _ name: String, at index: Int, of bytes: [UInt8], to output: inout [UInt8], used: inout Set<String>
    ) throws(EmbeddingError) {
        let number = parameters.firstIndex { $0.name == name }.map { $0 + 1 }
        guard index == 0 || bytes[index - 1].mayPrecedePlaceholder else {
            if number != nil { throw fault(bytes, index, "write a space before @\(name), which reads as an operator here") }
            output += Array("@\(name)".utf8)
            return
        }
        guard let number else { throw fault(bytes, index, "undeclared parameter @\(name); add “-- param \(name) type”") }
        used.insert(name)
        output += Array("$\(number)".utf8)
    }

    private func identifier(_ bytes: [UInt8], after index: Int, upTo end: Int) -> String? {
        guard index + 1 < end, bytes[index + 1].startsSQLIdentifier else { return nil }
        return String(decoding: bytes[(index + 1)..<end].prefix { $0.continuesSQLIdentifier }, as: UTF8.self)
    }

    private func refusePosition(_ bytes: [UInt8], _ index: Int) throws(EmbeddingError) {
        guard bytes[index] == UInt8(ascii: "$"), index + 1 < bytes.count, bytes[index + 1].isASCIIDigit,
            index == 0 || !bytes[index - 1].continuesSQLIdentifier
        else { return }
        throw fault(bytes, index, "write @name, not a position")
    }

    private func fault(_ bytes: [UInt8], _ offset: Int, _ message: String) -> EmbeddingError {
        file.fault(firstLine + bytes[..<offset].count { $0 == UInt8(ascii: "\n") }, message)
    }

    private func trimmed(_ bytes: [UInt8]) -> String {
        let end = bytes.lastIndex { !$0.isSQLSpace }.map { $0 + 1 } ?? 0
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}

extension UInt8 {
    var isSQLSpace: Bool { [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(self) }

    /// An `@` behind anything else may be the tail of an operator such as `<@`.
    var mayPrecedePlaceholder: Bool {
        isSQLSpace || [UInt8(ascii: "("), UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: "[")].contains(self)
    }
}
