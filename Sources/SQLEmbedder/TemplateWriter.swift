/// Writes the `TemplateFiles` enum: the text of each file under its whole name.
struct TemplateWriter {
    var files: [SourceFile]

    var source: String {
        var lines = [
            "// Generated from the templates of the pages. Do not edit.", "",
            "/// The templates, styles and scripts as the program carries them.",
            "enum TemplateFiles {", "    static let all: [String: String] = [",
        ]
        for file in files {
            let name = file.path.split(separator: "/").last.map(String.init) ?? "text"
            lines.append("        \"\(name)\": \(SwiftIdentifier.rawLiteral(file.text, indentation: "            ")),")
        }
        if files.isEmpty { lines.append("        :") }
        return (lines + ["    ]", "}", ""]).joined(separator: "\n")
    }
}
