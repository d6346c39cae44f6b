import HTTPEdge
package import Kernel

/// A kit as a line of a booking names it.
package struct NamedKit: Hashable, Sendable {
    package let id: KitID
    package let name: String
}

/// A line that asks for a kit.
struct KitLine: RequestObject {
    /// In one booking.
    static let most = 10

    /// Its number among all lines of the request, from 1.
    var number = 0
    let kit: KitID
    let period: Period
    /// How many of the persons come to each of its members; nil: everybody.
    let persons: Int32?

    init?(reading fields: inout FieldReader) {
        let kit: KitID? = fields.required("kitId")
        let period = fields.period(days: ReserveRequest.Line.longestDays)
        persons = fields.optional("persons", in: 0...100_000)
        guard let kit, let period else { return nil }
        self.kit = kit
        self.period = period
    }
}
