import HTTPEdge
import Kernel

/// Bookings that have nothing to do with each other but that they are asked for together.
struct BatchRequest: RequestObject {
    static let most = 100
    /// Days of all lines of all bookings together; each takes a lock for each of its days.
    static let mostLineDays = 1_000

    let mode: SeriesMode
    let bookings: [NewBookingRequest]

    init?(reading fields: inout FieldReader) {
        let mode: SeriesMode? = fields.required("mode")
        let bookings = fields.array("bookings", NewBookingRequest.self, count: 1...Self.most)
        let days = bookings?.flatMap(\.template.asked).map(\.period.wholeDays).reduce(0, +) ?? 0
        if days > Self.mostLineDays {
            fields.refuse("bookings", Text("reason.tooManyLineDays", ["days": .number(Self.mostLineDays)]))
        }
        guard let mode, let bookings else { return nil }
        self.mode = mode
        self.bookings = bookings
    }
}
