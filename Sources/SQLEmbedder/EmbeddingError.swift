/// A fault in a `.sql` file, printed as compilers print theirs so that editors can jump to it.
struct EmbeddingError: Error, Equatable, CustomStringConvertible {
    var file: String
    var line: Int
    var message: String

    var description: String { "\(file):\(line): error: \(message)" }
}
