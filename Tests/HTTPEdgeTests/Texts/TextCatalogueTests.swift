import Testing

@testable import HTTPEdge

@Suite struct TextCatalogueTests {
    @Test func `every sentence of the edge is said in both languages with the same placeholders`() {
        #expect(TextCatalogue().faults == [])
    }

    @Test func `a missing language, other placeholders and a key said twice are faults`() {
        var catalogue = TextCatalogue()
        catalogue.add([
            TextEntry("one", fr: "", en: "one"), TextEntry("two", fr: "{a}", en: "{b}"), TextEntry("notFound.title", fr: "x", en: "x"),
        ])
        #expect(catalogue.faults.count == 3)
    }

    @Test func `placeholders are filled, and only once`() {
        let catalogue = TextCatalogue(adding: [TextEntry("greet", fr: "{a} et {b}", en: "{a} and {b}")])
        let speaker = Speaker(.french, catalogue: catalogue)
        #expect(speaker.say("greet", ["a": "x", "b": "y"]) == "x et y")
        #expect(speaker.say("greet", ["a": "{b}", "b": "y"]) == "{b} et y")
        #expect(speaker.say("nobody.knows") == "nobody.knows")
    }

    @Test(
        arguments: [
            (.number(0), "0 poste", "0 seats"), (.number(1), "1 poste", "1 seat"), (.decimal(1.5), "1,5 poste", "1.5 seats"),
            (.number(2), "2 postes", "2 seats"), (.decimal(-0.25), "-0,25 poste", "-0.25 seats"),
            (.decimal(3.004), "3 postes", "3 seats"), (.text("many"), "many postes", "many seats"),
        ] as [(TextArgument, String, String)])
    func `a word takes the form that goes with its number`(argument: TextArgument, french: String, english: String) {
        let catalogue = TextCatalogue(adding: [TextEntry("seats", fr: "{n} {n|poste|postes}", en: "{n} {n|seat|seats}")])
        #expect(Speaker(.french, catalogue: catalogue).say("seats", ["n": argument]) == french)
        #expect(Speaker(.english, catalogue: catalogue).say("seats", ["n": argument]) == english)
    }

    @Test(
        arguments: [
            (nil, nil), ("", nil), ("nl", nil), ("en", SpokenLanguage.english), ("EN-gb", .english), ("fr-BE, en;q=0.8", .french),
            ("nl, en;q=0.5, fr;q=0.9", .french), ("en;q=0, fr", .french), ("de, *;q=0.1", .french), ("fr;q=0, *", .english),
            ("en;q=oops", nil), ("en;q=2, fr;q=0.1", .french), ("en;q=0.7,fr;q=0.7", .english),
        ] as [(String?, SpokenLanguage?)])
    func `the language is chosen by weight`(header: String?, expected: SpokenLanguage?) {
        #expect(SpokenLanguage(acceptLanguage: header) == expected)
    }
}
