/// Writes the `Contract` enum: the text of each file under its own name.
struct ContractWriter {
    var files: [SourceFile]

    var source: String {
        var lines = [
            "// Generated from the files of the contract. Do not edit.", "", "/// The contract as the program carries it.",
            "enum Contract {",
        ]
        for file in files {
            let name = file.path.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? "text"
            lines.append("    static let \(name) = \(SwiftIdentifier.rawLiteral(file.text, indentation: "        "))")
        }
        return (lines + ["}", ""]).joined(separator: "\n")
    }
}
