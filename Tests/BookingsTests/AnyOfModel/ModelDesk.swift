import HTTPTypes
import Postgres
import TestSupport
import Testing

/// A centre that has some machines of one model, alike in every rule.
struct ModelDesk {
    let desk: BookingDesk
    let model: String
    /// By their inventory numbers.
    let units: [String]

    private static let day = "2027-06-01"

    /// A line for any so many of the model, by hours of one day.
    func any(_ amount: Int = 1, _ hours: Range<Int>, more: String = "") -> String {
        #"{"modelId": "\#(model)", "centreId": "\#(desk.network.centre)", "amount": \#(amount), \#(more)\#(Self.period(hours))}"#
    }

    func named(_ unit: Int, _ hours: Range<Int>) -> String { #"{"resourceId": "\#(units[unit])", \#(Self.period(hours))}"# }

    static func period(_ hours: Range<Int>) -> String {
        #""start": "\#(instant(hours.lowerBound))", "end": "\#(instant(hours.upperBound))""#
    }

    static func instant(_ hour: Int) -> String { "\(day)T\(hour < 10 ? "0" : "")\(hour):00:00Z" }

    func book(_ lines: String..., more: String = "", key: String? = nil, query: String = "") async throws -> TestAnswer {
        try await desk.server.send(
            .post, "/v1/bookings\(query)", key: key ?? desk.network.companyKey, headers: [.acceptLanguage: "en"],
            json: #"{"activity": "demonstration", \#(more)"lines": [\#(lines.joined(separator: ", "))]}"#)
    }

    /// Books, and gives the booking's id.
    func id(_ lines: String..., key: String? = nil) async throws -> String {
        let made = try await book(lines.joined(separator: ", "), key: key)
        #expect(made.status == .created, "\(made.body)")
        return made.id
    }

    /// Which of the units the lines of a booking have.
    func units(of booking: String) async throws -> [Int?] {
        let read = try await desk.server.send(.get, "/v1/bookings/\(booking)", key: desk.network.managerKey)
        return read["lines"]?.elements.map { line in units.firstIndex { $0 == line["resourceId"]?.text } } ?? []
    }

    /// Occupancy and lines say the same, and no unit is taken twice.
    func check() async throws {
        let differ = try await desk.ask(
            """
            select count(*)
            from (select o.resource_id, o.holder_id, o.line_number from platforms.occupancy o where o.is_unit group by 1, 2, 3) o
            full join (
                select l.resource_id, l.booking_id, l.number
                from bookings.line l join bookings.booking b on b.centre_id = l.centre_id and b.id = l.booking_id
                where b.state in ('held', 'requested', 'conditional', 'confirmed', 'inUse') and l.resource_id = any ($1::uuid[])) l
              on l.resource_id = o.resource_id and l.booking_id = o.holder_id and l.number = o.line_number
            where o.holder_id is null or l.booking_id is null
            """, ["{\(units.joined(separator: ","))}"])
        #expect(differ == "0", "what is taken is what is booked")
    }
}

func withModel(units count: Int, _ body: @escaping @Sendable (ModelDesk) async throws -> Void) async throws {
    try await withKits { kits in
        let model = try await kits.addUnits(count)
        let rows = try await kits.server.database.owner.queryText(
            "select id from inventory.asset where model_id = $1::uuid order by inventory_number", [model])
        let desk = ModelDesk(
            desk: BookingDesk(server: kits.server, network: kits.network), model: model, units: rows.compactMap { $0.first ?? nil })
        try await desk.desk.setClock(to: "2027-05-01 09:00+00")
        try await body(desk)
    }
}
