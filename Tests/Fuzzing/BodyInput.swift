import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

@testable import HTTPEdge

/// Bodies: JSON text, and the fields of an object.
enum BodyInput {
    static func read(_ bytes: [UInt8]) {
        guard let members = try? BodyReader.parse(ByteBuffer(bytes: bytes)) else { return }
        // What was understood can be written, and is then understood alike.
        let written = canonical(members)
        guard let again = try? BodyReader.parse(written) else { preconditionFailure("a body that was read cannot be read again") }
        precondition(canonical(again) == written, "a body changes when it is written and read")
        let print = RequestFingerprint(method: "POST", path: "/", body: members)
        precondition(print == RequestFingerprint(method: "POST", path: "/", body: again), "the same body has two fingerprints")
    }

    static func readFields(_ bytes: [UInt8]) {
        guard let members = try? BodyReader.parse(ByteBuffer(bytes: bytes)) else { return }
        var fields = FieldReader(members)
        _ = fields.required("text", maximum: 20)
        _ = fields.optional("note", maximum: 5)
        let number: Int16? = fields.optional("number")
        let bounded: Int32? = fields.optional("bounded", in: 1...100)
        let real: Double? = fields.optional("real")
        let flag: Bool? = fields.optional("flag")
        let id: Identifier<EntityKind.Centre>? = fields.optional("id")
        let instant: Instant? = fields.optional("instant")
        let day: LocalDay? = fields.optional("day")
        let time: LocalTime? = fields.optional("time")
        let role: Role? = fields.optional("role")
        let period: Period? = fields.optionalObject("period")
        let periods: [Period]? = fields.array("periods", Period.self, count: 0...3)
        let days: [LocalDay]? = fields.values("days", LocalDay.self, count: 0...3)
        precondition(bounded.map { (1...100).contains($0) } ?? true && real.map(\.isFinite) ?? true)
        precondition(period.map { $0.start < $0.end } ?? true && (periods ?? []).count <= 3 && (days ?? []).count <= 3)
        _ = (number, flag, id, instant, day, time, role)
        let unknown = members.keys.filter { !Self.known.contains($0) }.count
        precondition(fields.finish().count >= unknown, "an unknown field was not refused")
    }

    private static let known: Set<String> = [
        "text", "note", "number", "bounded", "real", "flag", "id", "instant", "day", "time", "role", "period", "periods", "days",
    ]

    private static func canonical(_ members: [String: JSONValue]) -> ByteBuffer {
        var json = JSONWriter()
        JSONValue.object(members).write(to: &json)
        return json.buffer
    }
}
