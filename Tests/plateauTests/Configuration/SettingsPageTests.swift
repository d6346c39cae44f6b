import Foundation
import Testing

@testable import plateau

struct SettingsPageTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../config/plateau.yaml")

    @Test func `config/plateau.yaml explains every setting as the program reads it`() throws {
        let kept = try String(contentsOf: Self.file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
        let page = Self.page.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in page.enumerated() where index >= kept.count || kept[index] != line {
            Issue.record("config/plateau.yaml, line \(index + 1): should be “\(line)”")
            return
        }
        #expect(kept.count == page.count)
    }

    @Test func `the file itself can be used, and says what is so without it`() async throws {
        let read = try await ServerConfiguration.read(options: [:], environment: [:], file: Self.file.path)
        let without = try await ServerConfiguration.read(options: [:], environment: [:], file: nil)
        #expect(read == without)
    }

    private static var page: String {
        let head = """
            # Every setting, with what is so without this file. Used by: plateau serve --config FILE.
            # What is set earlier wins: an option of the command, a variable of the environment, this file.
            # The program refuses a value that is not allowed, and a setting that it does not know, and says which.
            # Secrets are better given as variables: this file is read by whoever administers the machine.
            """
        let sections = ConfigurationKey.sections.map { section in
            "\(section):\n" + ConfigurationKey.all.filter { $0.section == section }.map(Self.block).joined(separator: "\n")
        }
        return ([head] + sections).joined(separator: "\n\n") + "\n"
    }

    private static func block(_ key: ConfigurationKey) -> String {
        let name = key.name.dropFirst(key.section.count + 1)
        let setting = key.standard.map { "  \(name): \($0)" } ?? "  # \(name):"
        let explained = key.meaning.split(separator: "\n").map { "  # \($0)\n" }.joined()
        return "\(explained)  # Allowed: \(key.allowed). Variable: \(key.variable).\n\(setting)"
    }
}
