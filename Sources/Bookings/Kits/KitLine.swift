import HTTPEdge
package import Kernel

/// A kit as a line of a booking names it.
package struct NamedKit: Hashable, Sendable {
    package let id: KitID
    package let name: String
}

/// A line that asks for a kit.
struct KitLine: Sendable {
    /// In one booking.
    static let most = 10

    /// Its number among all lines of the request, from 1.
    let number: Int
    let kit: KitID
    let period: Period
    /// How many of the persons come to each of its members; nil: everybody.
    let persons: Int32?

    func at(_ number: Int) -> KitLine { KitLine(number: number, kit: kit, period: period, persons: persons) }
}

/// A line of a booking as it is asked for.
enum LineOrKit: RequestObject {
    case line(ReserveRequest.Line)
    case kit(KitLine)

    init?(reading fields: inout FieldReader) {
        guard fields.has("kitId") else {
            guard let line = ReserveRequest.Line(reading: &fields) else { return nil }
            self = .line(line)
            return
        }
        let kit: KitID? = fields.required("kitId")
        let period = Period(reading: &fields)
        if let period, period.duration > ReserveRequest.Line.longest {
            fields.refuse("end", Text("reason.windowTooLong", ["days": .number(31)]))
        }
        let persons: Int32? = fields.optional("persons", in: 0...100_000)
        guard let kit, let period else { return nil }
        self = .kit(KitLine(number: 0, kit: kit, period: period, persons: persons))
    }

    /// The resource or the kit.
    var thing: ResourceID {
        switch self {
        case .line(let line): line.resource
        case .kit(let kit): ResourceID(kit.kit.rawValue)
        }
    }

    var period: Period {
        switch self {
        case .line(let line): line.period
        case .kit(let kit): kit.period
        }
    }

    var line: ReserveRequest.Line? { if case .line(let line) = self { line } else { nil } }
    var kit: KitLine? { if case .kit(let kit) = self { kit } else { nil } }
}

/// A line where no kit is taken: in a series, and in a change of a booking.
struct LineWithoutKit: RequestObject {
    let line: ReserveRequest.Line

    init?(reading fields: inout FieldReader) {
        let asked = LineOrKit(reading: &fields)
        if fields.has("kitId") { fields.refuse("kitId", code: "kitNotTaken", Text("reason.kitNotTaken")) }
        guard let line = asked?.line else { return nil }
        self.line = line
    }
}

extension ReserveRequest {
    /// The same with what its kits come to.
    init(_ request: ReserveRequest, lines: [Line]) {
        organisation = request.organisation
        activity = request.activity
        audiences = request.audiences
        accompanying = request.accompanying
        title = request.title
        contact = request.contact
        programme = request.programme
        offer = request.offer
        supervision = request.supervision
        holders = request.holders
        self.lines = lines
        kits = []
    }

    /// The lines as they were asked for, those of kits among the others.
    var asked: [LineOrKit] {
        var rest = lines[...]
        var asked: [LineOrKit] = []
        for number in 1...(lines.count + kits.count) {
            if let kit = kits.first(where: { $0.number == number }) {
                asked.append(.kit(kit))
            } else if let line = rest.popFirst() {
                asked.append(.line(line))
            }
        }
        return asked
    }
}
