/// One sentence in both languages; `{name}` marks a placeholder, `{name|one|many}` the form of a word that goes with its number.
package struct TextEntry: Sendable {
    package let key: TextKey
    package let french: String
    package let english: String

    package init(_ key: TextKey, fr french: String, en english: String) {
        self.key = key
        self.french = french
        self.english = english
    }

    func sentence(in language: SpokenLanguage) -> String {
        switch language {
        case .french: french
        case .english: english
        }
    }

    /// The names of its arguments; the same in each language, where the catalogue is sound.
    package var arguments: Set<String> { placeholders.french }

    /// The names of the arguments, in each language.
    var placeholders: (french: Set<String>, english: Set<String>) {
        (SentenceForm(french).names, SentenceForm(english).names)
    }
}
