/// Every sentence that the service can say; the edge brings its own, each slice adds its own.
package struct TextCatalogue: Sendable {
    private var entries: [TextKey: TextEntry] = [:]
    private var duplicates: [TextKey] = []

    /// Starts from the edge's own sentences.
    package init(adding entries: [TextEntry] = []) {
        add(EdgeTexts.entries)
        add(entries)
    }

    package mutating func add(_ entries: [TextEntry]) {
        for entry in entries where self.entries.updateValue(entry, forKey: entry.key) != nil {
            duplicates.append(entry.key)
        }
    }

    package func contains(_ key: TextKey) -> Bool {
        entries[key] != nil
    }

    /// What is wrong with the catalogue: a key said twice, an empty sentence, placeholders that differ.
    ///
    /// Empty when sound.
    package var faults: [String] {
        var faults = duplicates.map { "\($0): declared twice" }
        for entry in entries.values {
            if entry.french.isEmpty || entry.english.isEmpty { faults.append("\(entry.key): a language is missing") }
            let names = entry.placeholders
            if names.french != names.english { faults.append("\(entry.key): placeholders differ between languages") }
        }
        return faults.sorted()
    }

    /// The sentence of a text in a language.
    ///
    /// An unknown key is said as the key itself, so that nothing fails while refusing.
    func sentence(_ text: Text, in language: SpokenLanguage) -> String {
        guard let entry = entries[text.key] else { return text.key.rawValue }
        let form = SentenceForm(entry.sentence(in: language))
        return form.filled(with: text.arguments, in: language) { say($0, in: language) }
    }

    private func say(_ argument: TextArgument, in language: SpokenLanguage) -> String {
        switch argument {
        case .text(let text): text
        case .decimal(let value): language.number(value)
        case .day(let day): language.day(day)
        case .moment(let day, let time): language.moment(day, time)
        case .span(.moment(let day, let time), .moment(let endDay, let endTime)):
            language.span(from: (day, time), to: (endDay, endTime))
        case .span(let start, let end): "\(say(start, in: language)) – \(say(end, in: language))"
        case .word(let key, let code): entries[key]?.sentence(in: language) ?? code
        case .list(let items): language.list(items.map { say($0, in: language) })
        }
    }
}
