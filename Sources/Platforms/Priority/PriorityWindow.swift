package import HTTPEdge
import Kernel

/// A season, the same every year, in which a resource is kept for some audiences.
struct PriorityWindow: RequestObject {
    let name: String
    let audiences: [AudienceCode]
    /// First and last day of the season, both included; it may run over the new year.
    let from: MonthDay
    let to: MonthDay
    /// How many days ahead what the audiences left is for everybody; nil: never.
    let releaseDays: Int32?

    init?(reading fields: inout FieldReader) {
        let name = fields.required("name", maximum: 200)
        let audiences = fields.values("audiences", AudienceCode.self, count: 1...20)
        let from: MonthDay? = fields.required("from")
        let to: MonthDay? = fields.required("to")
        releaseDays = fields.optional("releaseDays", in: 0...366)
        guard let name, let audiences, let from, let to else { return nil }
        self.name = name
        self.audiences = audiences
        self.from = from
        self.to = to
    }
}

/// The body of `setPriorityWindows`: all of them.
struct PriorityWindowsRequest: RequestObject {
    let windows: [PriorityWindow]

    init?(reading fields: inout FieldReader) {
        if !fields.has("windows") { fields.refuse("windows", code: "missing", Text("reason.missing")) }
        guard let windows = fields.array("windows", PriorityWindow.self, count: 0...20) else { return nil }
        self.windows = windows
    }
}

/// The code of an audience of the network, such as `jobSeeker`.
package struct AudienceCode: RequestValue, Hashable {
    package let text: String

    package static func read(text: String) throws(ValueRefusal) -> AudienceCode {
        let isCode = (3...40).contains(text.utf8.count) && text.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) && $0 < 0x80 }
        guard isCode, text.utf8.first.map({ (0x61...0x7A).contains($0) }) == true else { throw ValueRefusal("reason.audienceCode") }
        return AudienceCode(text: text)
    }
}

/// A day of every year, written `MM-dd`; 29 February only in leap years.
struct MonthDay: RequestValue, JSONWritable, CustomStringConvertible {
    let month: Int
    let day: Int

    /// Month times 100 plus day, as it is stored.
    var number: Int16 { Int16(month * 100 + day) }

    init(number: Int16) {
        month = Int(number) / 100
        day = Int(number) % 100
    }

    static func read(text: String) throws(ValueRefusal) -> MonthDay {
        // 2024 is a leap year.
        guard text.utf8.count == 5, let day = LocalDay("2024-\(text)") else { throw ValueRefusal("reason.monthDay") }
        return MonthDay(number: Int16(day.month * 100 + day.day))
    }

    var description: String { "\(Self.padded(month))-\(Self.padded(day))" }

    func write(to json: inout JSONWriter) { description.write(to: &json) }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
