/// One `-- param` or `-- column` line of a statement's header.
struct QueryField: Equatable {
    var name: String
    var type: SQLTypeName
    var isNullable: Bool
    var line: Int

    var swiftName: String { SwiftIdentifier.lowerCamelCase(name) }
    var swiftType: String { isNullable ? "\(type.swiftType)?" : type.swiftType }

    /// Reads `name type [as SwiftType] [not null]`.
    init(_ words: ArraySlice<Substring>, in file: SourceFile, line: Int) throws(EmbeddingError) {
        var words = words
        guard let name = words.popFirst(), SwiftIdentifier.isSnakeCase(name) else {
            throw file.fault(line, "a field needs a snake_case name")
        }
        guard let typeName = words.popFirst() else { throw file.fault(line, "\(name) needs a type") }
        isNullable = !words.suffix(2).elementsEqual(["not", "null"])
        if !isNullable { words.removeLast(2) }
        var override: Substring?
        if words.first == "as", words.count == 2 {
            override = words.last
            words = []
        }
        guard words.isEmpty else {
            throw file.fault(line, "\(name): cannot read “\(words.joined(separator: " "))”; write “name type [as SwiftType] [not null]”")
        }
        if let override, !SwiftIdentifier.isTypeName(override) { throw file.fault(line, "“\(override)” is not a Swift type") }
        guard let type = SQLTypeName.named(typeName, as: override) else {
            let known = SQLTypeName.elements.keys.sorted().joined(separator: ", ")
            throw file.fault(line, "unknown type “\(typeName)”; known: \(known), and [] behind one of them")
        }
        self.name = String(name)
        self.type = type
        self.line = line
    }
}
