import Testing

struct SwiftBlankerTests {
    @Test(arguments: [
        ("let a = 1 // try! it", "let a = 1"),
        ("a /* b /* c */ d */ e", "a                   e"),
        (#"f("try! \"x\" // no") // c"#, "f("),
        (#"f("a \(g("b") + h) c") + i"#, #"f(     g(   ) + h)   ) + i"#),
        ("x = #\"raw \" \\(no) \\#(yes)\"# + y", "x =                  yes)   + y"),
        ("let r = #/try!\"/#; next", "let r =          ; next"),
        ("#if DEBUG\n#endif", "#if DEBUG\n#endif"),
    ])
    func `only code is left`(source: String, code: String) {
        var blanker = SwiftBlanker(source)
        let blanked = blanker.blank()
        #expect(blanked.utf8.count == source.utf8.count)
        #expect(blanked.hasPrefix(code), "\(blanked)")
        #expect(!blanked.contains("try!"))
        #expect(!blanked.contains("\""))
    }

    @Test func `literals are known with line, interpolation and what follows`() {
        var blanker = SwiftBlanker("\nlet a = \"\"\"\n  select \\(x)\n  \"\"\"\nlet b = \"select \" + c\n")
        _ = blanker.blank()
        #expect(
            blanker.literals == [
                SwiftLiteral(line: 2, text: "\n  select \\(\n  ", isInterpolated: true),
                SwiftLiteral(line: 5, text: "select ", isConcatenated: true),
            ])
    }

    @Test func `a function reaches to its closing brace`() {
        let text = """
            protocol P {
                func a()
                func b() -> Int
            }
            @Test func `sentence with { brace`(
                x: Int = { 3 }()
            ) {
                if x { }
            }
            init() {}
            """
        #expect(
            SwiftFunction.all(in: SwiftFile(path: "a.swift", text: text)) == [
                SwiftFunction(line: 5, lineCount: 5), SwiftFunction(line: 10, lineCount: 1),
            ])
    }
}
