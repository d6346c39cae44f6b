import ArgumentParser
import FoundationEssentials
import HTTPEdge

/// Says every setting, its value and who gave it; ends with status 78 when one can't be used.
struct CheckConfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Print every setting with its value and its source; refuse what can't be used.",
        discussion: "Secrets are not shown. Wrong settings are named with what is allowed, and the command ends with status 78.")

    @OptionGroup var shared: SharedOptions
    @Option(help: "Address to listen on.") var host: String?
    @Option(help: "Port to listen on; 0 takes any free one.") var port: String?

    func run() async throws {
        var options: [String: String] = [:]
        options[ConfigurationKey.host.name] = host
        options[ConfigurationKey.port.name] = port
        let settings = try await ResolvedSettings.read(
            options: options, environment: ProcessInfo.processInfo.environment, file: shared.config)
        for line in Self.table(of: settings) { Output.line(line) }
        guard settings.faults.isEmpty else { throw ConfigurationFault(faults: settings.faults) }
        _ = try ServerConfiguration(settings).certificates()
        _ = try ServerConfiguration(settings).provider()
    }

    /// One line a setting: name, value, source.
    static func table(of settings: ResolvedSettings) -> [String] {
        let names = settings.all.map(\.key.name.count).max() ?? 0
        let values = settings.all.map { min($0.shown.count, 40) }.max() ?? 0
        return settings.all.map { setting in
            let line = [(setting.key.name, names), (setting.shown, values)].map { text, width in
                text + String(repeating: " ", count: max(0, width - text.count))
            }
            return (line + [setting.sourceText]).joined(separator: "  ").trimmingEnd()
        }
    }
}

extension String {
    fileprivate func trimmingEnd() -> String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}
