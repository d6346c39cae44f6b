/// A sentence with its placeholders: `{name}` stands for an argument, `{name|one|many}` for the form of a word that goes with it.
struct SentenceForm {
    enum Piece: Hashable {
        case text(String)
        case argument(String)
        case plural(of: String, one: String, many: String)
    }

    let pieces: [Piece]

    /// A brace without its match is text.
    init(_ sentence: String) {
        var pieces: [Piece] = []
        var rest = sentence[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            pieces.append(Self.placeholder(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        self.pieces = pieces
    }

    private static func placeholder(_ inside: Substring) -> Piece {
        let parts = inside.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        return parts.count == 3 ? .plural(of: parts[0], one: parts[1], many: parts[2]) : .argument(String(inside))
    }

    /// The names of the arguments that it uses.
    var names: Set<String> {
        Set(
            pieces.compactMap { piece in
                switch piece {
                case .text: nil
                case .argument(let name), .plural(let name, _, _): name
                }
            })
    }

    /// - Parameter say: an argument in the reader's words. A placeholder without its argument stays as it is written.
    func filled(with arguments: [String: TextArgument], in language: SpokenLanguage, say: (TextArgument) -> String) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): return text
            case .argument(let name): return arguments[name].map(say) ?? "{\(name)}"
            case .plural(let name, let one, let many):
                guard let quantity = arguments[name]?.quantity else { return many }
                return language.saysOne(of: quantity) ? one : many
            }
        }.joined()
    }
}
