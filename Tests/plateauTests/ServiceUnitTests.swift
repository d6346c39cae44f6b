import Foundation
import Testing

/// The unit that config/systemd has.
struct ServiceUnitTests {
    private static let unit = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../config/systemd/plateau.service")
    private static let analyze = "/usr/bin/systemd-analyze"

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: analyze), "systemd-analyze is not installed"))
    func `systemd understands every line of the unit`() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "unit-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        // A program that exists here, in the place of the installed one.
        let text = try String(contentsOf: Self.unit, encoding: .utf8).replacing("/usr/local/bin/plateau", with: "/bin/true")
        let copy = directory.appending(path: "plateau.service")
        try text.write(to: copy, atomically: true, encoding: .utf8)
        #expect(try said(["verify", "--man=no", copy.path]) == "")
    }

    @Test func `the unit keeps the service from what it does not need`() throws {
        let lines = Set(try String(contentsOf: Self.unit, encoding: .utf8).split(separator: "\n").map(String.init))
        let needed: Set = [
            "Type=notify", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes",
            "CapabilityBoundingSet=", "StateDirectory=plateau", "LimitNOFILE=65536", "Restart=on-failure", "RestartPreventExitStatus=78",
            "SystemCallFilter=@system-service", "MemoryDenyWriteExecute=yes", "ExecReload=kill -HUP $MAINPID",
        ]
        #expect(needed.subtracting(lines) == [])
    }

    private func said(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: Self.analyze)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").filter { $0.contains("plateau.service") }.joined(separator: "\n")
    }
}
