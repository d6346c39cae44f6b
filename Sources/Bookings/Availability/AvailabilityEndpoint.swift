import HTTPEdge
import Hummingbird
import Kernel
import Postgres

/// Which resources, in which window.
struct AvailabilityRequest: RequestObject {
    static let longestDays = 92

    let resources: [ResourceID]
    let window: Period

    init?(reading fields: inout FieldReader) {
        let resources = fields.values("resourceIds", ResourceID.self, count: 1...50)
        let window = fields.period(days: Self.longestDays)
        guard let resources, let window else { return nil }
        self.resources = resources
        self.window = window
    }
}

extension Bookings {
    /// `POST /v1/availability`: exact free capacity, step by step, of up to 50 resources.
    ///
    /// Only reads.
    func availability(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let body = try await request.body(AvailabilityRequest.self, in: context)
        let found = try await availability(of: body.resources, in: body.window)
        let known = Set(found.map(\.id))
        return Response.json { json in
            json.member("start", body.window.start)
            json.member("end", body.window.end)
            json.array("resources", found) { resource, json in resource.write(to: &json) }
            json.array("unknown", body.resources.filter { !known.contains($0) })
        }
    }

    /// In the order asked; unknown resources are left out.
    private func availability(of resources: [ResourceID], in window: Period) async throws -> [SQL.Availability.Row] {
        guard resources.count > 1 else { return try await availability(of: resources[0], in: window).map { [$0] } ?? [] }
        return try await withThrowingTaskGroup(of: (Int, SQL.Availability.Row?).self) { group in
            for (index, id) in resources.enumerated() {
                group.addTask { (index, try await availability(of: id, in: window)) }
            }
            var answers = [SQL.Availability.Row?](repeating: nil, count: resources.count)
            for try await (index, answer) in group { answers[index] = answer }
            return answers.compactMap { $0 }
        }
    }

    func availability(of id: ResourceID, in window: Period) async throws -> SQL.Availability.Row? {
        try await database.first(SQL.Availability(resource: id, fromInstant: window.start, toInstant: window.end))
    }
}

extension SQL.Availability.Row {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("resourceId", id)
            json.member("zone", zone)
            json.member("capacity", capacity)
            json.periods("open", from: opens, to: closes)
            json.beginArray("busy")
            for step in taken.indices where taken[step] >= capacity { json.period(starts[step], ends[step]) }
            json.endArray()
            json.beginArray("steps")
            for step in taken.indices {
                json.beginObject()
                json.member("start", starts[step])
                json.member("end", ends[step])
                json.member("free", max(0, capacity - taken[step]))
                json.endObject()
            }
            json.endArray()
        }
    }
}
