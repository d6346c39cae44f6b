import Foundation

/// `SQLEmbedder migrations|contract|templates|<slice> <folder> <output> <last-run>`: reads the folder's files and writes one Swift file.
///
/// A missing folder counts as an empty one. The output is left untouched when nothing changed; `last-run` always changes.
@main
struct SQLEmbedder {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 5 else {
            return fail("usage: SQLEmbedder migrations|contract|templates|<slice> <folder> <output> <last-run>")
        }
        let embedding = Embedding(named: arguments[1])
        do {
            try Data("\(Date.now.timeIntervalSince1970)".utf8).write(to: URL(filePath: arguments[4]))
            let source = Data(try embedding.source(from: try files(in: arguments[2], ending: embedding.fileExtensions)).utf8)
            let output = URL(filePath: arguments[3])
            if (try? Data(contentsOf: output)) != source { try source.write(to: output) }
        } catch {
            fail("\(error)")
        }
    }

    private static func files(in folder: String, ending endings: [String]) throws -> [SourceFile] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in endings.contains { name.hasSuffix($0) } }
        return try names.sorted().map { name in
            let path = "\(folder)/\(name)"
            let data = try Data(contentsOf: URL(filePath: path))
            guard let text = String(validating: data, as: UTF8.self), !data.contains(0) else {
                throw EmbeddingError(file: path, line: 1, message: "not UTF-8 text")
            }
            return SourceFile(path: path, text: text)
        }
    }

    private static func fail(_ message: String) {
        try? FileHandle.standardError.write(contentsOf: Data("\(message)\n".utf8))
        exit(1)
    }
}
