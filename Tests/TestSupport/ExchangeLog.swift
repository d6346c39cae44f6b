import FoundationEssentials
import HTTPEdge
import HTTPTypes
import NIOCore

/// Keeps every exchange of the tests in a file, one JSON object a line, for the check against the contract.
///
/// The file is named by the variable PLATEAU_EXCHANGES; without it nothing is kept.
actor ExchangeLog {
    static let shared = ExchangeLog()

    private let handle: FileHandleForAppending?

    private init() {
        handle = ProcessInfo.processInfo.environment["PLATEAU_EXCHANGES"].flatMap(FileHandleForAppending.init)
    }

    func keep(method: HTTPRequest.Method, path: String, headers: HTTPFields, json: String?, answer: TestAnswer) {
        guard let handle else { return }
        var line = JSONWriter()
        line.object { line in
            line.member("method", method.rawValue)
            line.member("path", path)
            line.member("status", answer.status.code)
            line.object("requestHeaders") { line in Self.write(headers, to: &line) }
            line.member("requestBody", json)
            line.object("responseHeaders") { line in Self.write(answer.headers, to: &line) }
            line.member("responseBody", answer.body)
        }
        handle.append(Array(line.buffer.readableBytesView) + [UInt8(ascii: "\n")])
    }

    /// Everything but credentials.
    private static func write(_ headers: HTTPFields, to line: inout JSONWriter) {
        var names: Set<String> = []
        for field in headers where field.name != .authorization && names.insert(field.name.canonicalName).inserted {
            line.member(field.name.canonicalName, field.value)
        }
    }
}
