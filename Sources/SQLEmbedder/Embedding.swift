/// What the tool was asked to write, and the pure function that writes it.
enum Embedding: Equatable {
    case migrations
    case contract
    case templates
    case statements(slice: String)

    init(named name: String) {
        self =
            switch name {
            case "migrations": .migrations
            case "contract": .contract
            case "templates": .templates
            default: .statements(slice: name)
            }
    }

    /// Of the files that are read.
    var fileExtensions: [String] {
        switch self {
        case .contract: [".yaml"]
        case .templates: [".mustache", ".css", ".js"]
        case .migrations, .statements: [".sql"]
        }
    }

    /// - Parameter files: in any order.
    func source(from files: [SourceFile]) throws(EmbeddingError) -> String {
        switch self {
        case .migrations:
            return MigrationWriter(migrations: try MigrationFile.inOrder(files)).source
        case .contract:
            return ContractWriter(files: files).source
        case .templates:
            return TemplateWriter(files: files).source
        case .statements(let slice):
            return StatementWriter(slice: slice, statements: try Self.statements(in: files)).source
        }
    }

    private static func statements(in files: [SourceFile]) throws(EmbeddingError) -> [QueryStatement] {
        var places: [String: String] = [:]
        var all: [QueryStatement] = []
        for file in files.sorted(by: { $0.path < $1.path }) {
            for statement in try QueryFile.statements(in: file) {
                if let place = places[statement.name] {
                    throw file.fault(statement.line, "duplicate name \(statement.name); the first stands at \(place)")
                }
                places[statement.name] = "\(file.path):\(statement.line)"
                all.append(statement)
            }
        }
        return all
    }
}
