import Delivery
import Foundation

/// A mail program that writes each message to a file of its own, with its arguments before it.
struct TestMailbox {
    let directory: URL

    /// - Parameter exitCode: what the program ends with, after it has kept what it got.
    static func open(exitCode: Int = 0) throws -> TestMailbox {
        let directory = FileManager.default.temporaryDirectory.appending(path: "plateau-mail-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let mailbox = TestMailbox(directory: directory)
        try mailbox.become(exitCode: exitCode)
        return mailbox
    }

    func become(exitCode: Int) throws {
        let script = """
            #!/bin/sh
            file=$(mktemp "\(directory.path)/mail-XXXXXX")
            { printf '%s|' "$@"; printf '\\n'; cat; } >"$file"
            ls -l /proc/self/fd >"\(directory.path)/open"
            env >"\(directory.path)/environment"
            exit \(exitCode)
            """
        try Data(script.utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    }

    var program: URL { directory.appending(path: "sendmail") }

    func settings(reminderHours: Int32 = 24) -> MailSettings {
        MailSettings(program: program.path, sender: "plateau@reseau.example", reminderHours: reminderHours)
    }

    /// Everything that was taken, in no order.
    func messages() throws -> [TestMail] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.hasPrefix("mail-") }.sorted().map { name in
            TestMail(String(decoding: try Data(contentsOf: directory.appending(path: name)), as: UTF8.self))
        }
    }

    func text(of name: String) throws -> String {
        String(decoding: try Data(contentsOf: directory.appending(path: name)), as: UTF8.self)
    }

    func close() {
        try? FileManager.default.removeItem(at: directory)
    }
}

/// A message as the program got it.
struct TestMail {
    let arguments: [String]
    let message: String

    init(_ file: String) {
        let parts = file.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        arguments = parts[0].split(separator: "|").map(String.init)
        message = parts.count > 1 ? String(parts[1]) : ""
    }

    /// Unfolded, by name; of the message itself.
    var headers: [String: String] {
        let head = message.replacing("\r\n ", with: " ").components(separatedBy: "\r\n\r\n")[0]
        return head.components(separatedBy: "\r\n").reduce(into: [:]) { headers, line in
            guard let colon = line.firstIndex(of: ":") else { return }
            headers[String(line[..<colon])] = String(line[line.index(after: colon)...]).trimmingCharacters(in: .whitespaces)
        }
    }

    var subject: String { Self.decoded(headers["Subject"] ?? "") }

    /// The contents of the parts of a type.
    func parts(_ type: String) -> [String] {
        message.components(separatedBy: "Content-Type: \(type)").dropFirst().map { part in
            let body = part.components(separatedBy: "\r\n\r\n").dropFirst().joined(separator: "\r\n\r\n")
            let lines = body.components(separatedBy: "\r\n").prefix { !$0.hasPrefix("--") }
            return String(decoding: Data(base64Encoded: lines.joined()) ?? Data(), as: UTF8.self)
        }
    }

    /// RFC 2047.
    private static func decoded(_ text: String) -> String {
        text.split(separator: " ").map { word in
            let content = word.dropFirst("=?utf-8?B?".count).dropLast(2)
            return String(decoding: Data(base64Encoded: String(content)) ?? Data(), as: UTF8.self)
        }.joined()
    }
}
