import Foundation

/// The program as a process of its own.
enum Program {
    struct Ended {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Beside the tests that run.
    private static var path: URL {
        Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }.map { $0.bundleURL.deletingLastPathComponent() }
            .map { $0.appending(path: "plateau") }
            ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "plateau")
    }

    static func run(_ arguments: [String], environment: [String: String]) throws -> Ended {
        let process = Process()
        process.executableURL = path
        process.arguments = arguments
        process.environment = environment
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let wrong = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Ended(
            status: process.terminationStatus, output: String(decoding: said, as: UTF8.self), errors: String(decoding: wrong, as: UTF8.self)
        )
    }
}
