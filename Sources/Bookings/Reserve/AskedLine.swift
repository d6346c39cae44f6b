import HTTPEdge
import Kernel

/// A line of a booking as it is asked for.
enum AskedLine: RequestObject {
    case line(ReserveRequest.Line)
    case kit(KitLine)
    case model(ModelLine)

    init?(reading fields: inout FieldReader) {
        if fields.has("modelId") {
            guard let line = ModelLine(reading: &fields) else { return nil }
            self = .model(line)
        } else if fields.has("kitId") {
            guard let line = KitLine(reading: &fields) else { return nil }
            self = .kit(line)
        } else {
            guard let line = ReserveRequest.Line(reading: &fields) else { return nil }
            self = .line(line)
        }
    }

    /// The same, where something is left to be chosen with its number among all lines, from 1.
    func numbered(_ number: Int) -> AskedLine {
        switch self {
        case .line: return self
        case .kit(var kit):
            kit.number = number
            return .kit(kit)
        case .model(var line):
            line.number = number
            return .model(line)
        }
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

    /// How many of the persons come to it; nil: everybody.
    var persons: Int32? {
        switch self {
        case .line(let line): line.persons
        case .kit(let kit): kit.persons
        case .model(let line): line.persons
        }
    }

    var line: ReserveRequest.Line? { if case .line(let line) = self { line } else { nil } }
    var kit: KitLine? { if case .kit(let kit) = self { kit } else { nil } }
    var model: ModelLine? { if case .model(let line) = self { line } else { nil } }
}

/// A line where nothing is left to be chosen: in a series, and in a change of a booking.
struct NamedLine: RequestObject {
    let line: ReserveRequest.Line

    init?(reading fields: inout FieldReader) {
        let asked = AskedLine(reading: &fields)
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

    /// All that take part.
    var persons: Int32 { audiences.map(\.headCount).reduce(accompanying, +) }

    /// Whether units are to be chosen for it.
    var leavesChoice: Bool { !kits.isEmpty || !models.isEmpty }

    /// The lines as they were asked for, those of kits and models among the others.
    var asked: [AskedLine] {
        var rest = lines[...]
        var asked: [AskedLine] = []
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
