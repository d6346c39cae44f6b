import FoundationEssentials
import Hummingbird
import HummingbirdTesting
import NIOCore

/// A problem as a client reads it.
struct ProblemBody: Decodable {
    struct Issue: Decodable, Hashable {
        let `in`: String
        let name: String
        let detail: String
    }

    let type: String
    let title: String
    let status: Int
    let detail: String?
    let instance: String?
    let issues: [Issue]?
    let alternatives: [String]?

    /// The issues as `in name`.
    var places: [String] { (issues ?? []).map { "\($0.in) \($0.name)" } }
}

extension TestResponse {
    func decoded<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body.readableBytesView))
    }

    var problem: ProblemBody {
        get throws { try decoded() }
    }
}
