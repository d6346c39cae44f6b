import FoundationEssentials
import HTTPEdge
package import Kernel

/// A model of equipment as a line of a booking names it.
package struct NamedModel: Hashable, Sendable {
    package let id: ModelID
    /// With its maker's.
    package let name: String
}

/// A line that asks for any so many units of a model, at a centre.
struct ModelLine: RequestObject {
    /// Lines of one booking.
    static let most = 10
    static let mostUnits: Int32 = 50

    /// Its number among all lines of the request, from 1.
    var number = 0
    let model: ModelID
    let centre: CentreID
    let amount: Int32
    let period: Period
    /// How many of the persons come to each unit; nil: everybody.
    let persons: Int32?

    init?(reading fields: inout FieldReader) {
        let model: ModelID? = fields.required("modelId")
        let centre: CentreID? = fields.required("centreId")
        let amount: Int32? = fields.optional("amount", in: 1...Self.mostUnits)
        let period = fields.period(days: ReserveRequest.Line.longestDays)
        persons = fields.optional("persons", in: 0...100_000)
        guard let model, let centre, let period else { return nil }
        self.model = model
        self.centre = centre
        self.amount = amount ?? 1
        self.period = period
    }
}

extension ModelID {
    /// What the statements take and give where a line asks for no model.
    static let none = ModelID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
}
