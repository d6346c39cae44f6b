import Foundation
import PackagePlugin

/// Gives each target the SQL that belongs to it: `Schema` the migrations, any other one its own `sql/queries` folder.
@main
struct EmbedSQL: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
        let sql = context.package.directoryURL.appending(path: "sql")
        let isSchema = target.name == "Schema"
        let slice = target.name.lowercased()
        let folder = isSchema ? sql.appending(path: "migrations") : sql.appending(path: "queries/\(slice)")
        let output = context.pluginWorkDirectoryURL.appending(path: isSchema ? "EmbeddedMigrations.swift" : "SQL.swift")
        let lastRun = context.pluginWorkDirectoryURL.appending(path: "last-run")
        if !FileManager.default.fileExists(atPath: lastRun.path) { try Data().write(to: lastRun) }
        return [
            .buildCommand(
                displayName: "Embedding \(isSchema ? "migrations" : "statements of \(slice)")",
                executable: try context.tool(named: "SQLEmbedder").url,
                arguments: [isSchema ? "migrations" : slice, folder.path, output.path, lastRun.path],
                // A build keeps the list of inputs that it was planned with, so a file added later would never be looked at again and one
                // taken away would stop the build. The tool writes this file on each run instead, hence runs on each build; it
                // leaves its output alone when nothing changed, and then nothing is compiled.
                inputFiles: [lastRun],
                outputFiles: [output])
        ]
    }
}
