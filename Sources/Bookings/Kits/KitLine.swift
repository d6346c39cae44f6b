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
    case model(ModelLine)

    init?(reading fields: inout FieldReader) {
        if fields.has("modelId") {
            guard let line = ModelLine(reading: &fields) else { return nil }
            self = .model(line)
            return
        }
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

    /// The resource or the kit; of a model, the centre, whose number is all that is read of it.
    var thing: ResourceID {
        switch self {
        case .line(let line): line.resource
        case .kit(let kit): ResourceID(kit.kit.rawValue)
        case .model(let line): ResourceID(line.centre.rawValue)
        }
    }

    var period: Period {
        switch self {
        case .line(let line): line.period
        case .kit(let kit): kit.period
        case .model(let line): line.period
        }
    }

    var line: ReserveRequest.Line? { if case .line(let line) = self { line } else { nil } }
    var kit: KitLine? { if case .kit(let kit) = self { kit } else { nil } }
    var model: ModelLine? { if case .model(let line) = self { line } else { nil } }
}

/// A line where nothing is left to be chosen: in a series, and in a change of a booking.
struct LineWithoutKit: RequestObject {
    let line: ReserveRequest.Line

    init?(reading fields: inout FieldReader) {
        let asked = LineOrKit(reading: &fields)
        if fields.has("kitId") { fields.refuse("kitId", code: "kitNotTaken", Text("reason.kitNotTaken")) }
        if fields.has("modelId") { fields.refuse("modelId", code: "modelNotTaken", Text("reason.modelNotTaken")) }
        guard let line = asked?.line else { return nil }
        self.line = line
    }
}

extension ReserveRequest {
    /// The same with what its kits and models come to.
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
        models = []
    }

    /// Whether units are to be chosen for it.
    var leavesChoice: Bool { !kits.isEmpty || !models.isEmpty }

    /// The lines as they were asked for, those of kits and models among the others.
    var asked: [LineOrKit] {
        var rest = lines[...]
        var asked: [LineOrKit] = []
        for number in 1...(lines.count + kits.count + models.count) {
            if let kit = kits.first(where: { $0.number == number }) {
                asked.append(.kit(kit))
            } else if let line = models.first(where: { $0.number == number }) {
                asked.append(.model(line))
            } else if let line = rest.popFirst() {
                asked.append(.line(line))
            }
        }
        return asked
    }
}
