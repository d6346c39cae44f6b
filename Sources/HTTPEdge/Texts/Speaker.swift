/// Says texts in one reader's language.
package struct Speaker: Sendable {
    package let language: SpokenLanguage
    private let catalogue: TextCatalogue

    package init(_ language: SpokenLanguage, catalogue: TextCatalogue) {
        self.language = language
        self.catalogue = catalogue
    }

    package func say(_ text: Text) -> String {
        catalogue.sentence(text, in: language)
    }

    package func say(_ key: TextKey, _ arguments: [String: TextArgument] = [:]) -> String {
        say(Text(key, arguments))
    }
}
