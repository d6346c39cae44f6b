import Foundation
import PackagePlugin

/// Gives each target the texts that belong to it, as constants: `Schema` the migrations, `Composition` the contract, `Pages` its
/// templates, any other target its own `sql/queries` folder.
@main
struct EmbedSQL: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
        let source = source(of: target, in: context.package.directoryURL)
        let output = context.pluginWorkDirectoryURL.appending(path: source.output)
        let lastRun = context.pluginWorkDirectoryURL.appending(path: "last-run")
        if !FileManager.default.fileExists(atPath: lastRun.path) { try Data().write(to: lastRun) }
        return [
            .buildCommand(
                displayName: "Embedding \(source.folder.lastPathComponent) in \(target.name)",
                executable: try context.tool(named: "SQLEmbedder").url,
                arguments: [source.kind, source.folder.path, output.path, lastRun.path],
                // A build keeps the list of inputs that it was planned with, so a file added later would never be looked at again and one
                // taken away would stop the build. The tool writes this file on each run instead, hence runs on each build; it
                // leaves its output alone when nothing changed, and then nothing is compiled.
                inputFiles: [lastRun],
                outputFiles: [output])
        ]
    }

    private func source(of target: any Target, in package: URL) -> (kind: String, folder: URL, output: String) {
        switch target.name {
        case "Schema": return ("migrations", package.appending(path: "sql/migrations"), "EmbeddedMigrations.swift")
        case "Composition": return ("contract", package.appending(path: "Sources/Composition/Contract"), "Contract.swift")
        case "Pages": return ("templates", package.appending(path: "Sources/Pages/Templates"), "TemplateFiles.swift")
        default:
            let slice = target.name.lowercased()
            return (slice, package.appending(path: "sql/queries/\(slice)"), "SQL.swift")
        }
    }
}
