import HTTPEdge
import Hummingbird
import Kernel
import Postgres

/// Which resources, in which window.
struct AvailabilityRequest: RequestObject {
    static let longestWindow = Duration.seconds(92 * 86_400)

    let resources: [ResourceID]
    let window: Period

    init?(reading fields: inout FieldReader) {
        let resources = fields.values("resourceIds", ResourceID.self, count: 1...50)
        let window = Period(reading: &fields)
        if let window, window.duration > Self.longestWindow {
            fields.refuse("end", Text("reason.windowTooLong", ["days": .number(92)]))
        }
        guard let resources, let window else { return nil }
        self.resources = resources
        self.window = window
    }
}

/// What is left of one resource over a window.
struct ResourceAvailability: Sendable {
    let resource: SQL.BookableResource.Row
    let open: [SQL.OpenHours.Row]
    /// Cover the window without a gap.
    let steps: [SQL.UsageSteps.Row]
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
        let known = Set(found.map(\.resource.id))
        return Response.json { json in
            json.member("start", body.window.start)
            json.member("end", body.window.end)
            json.array("resources", found)
            json.array("unknown", body.resources.filter { !known.contains($0) })
        }
    }

    /// In the order asked; unknown resources are left out.
    func availability(of resources: [ResourceID], in window: Period) async throws -> [ResourceAvailability] {
        try await withThrowingTaskGroup(of: (Int, ResourceAvailability?).self) { group in
            for (index, id) in resources.enumerated() {
                group.addTask { (index, try await availability(of: id, in: window)) }
            }
            var answers = [ResourceAvailability?](repeating: nil, count: resources.count)
            for try await (index, answer) in group { answers[index] = answer }
            return answers.compactMap { $0 }
        }
    }

    private func availability(of id: ResourceID, in window: Period) async throws -> ResourceAvailability? {
        async let resource = database.first(SQL.BookableResource(resource: id))
        async let open = database.all(SQL.OpenHours(resource: id, fromInstant: window.start, toInstant: window.end))
        async let steps = database.all(SQL.UsageSteps(resource: id, fromInstant: window.start, toInstant: window.end))
        guard let resource = try await resource else { return nil }
        return ResourceAvailability(resource: resource, open: try await open, steps: try await steps)
    }
}

extension ResourceAvailability: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("resourceId", resource.id)
            json.member("zone", resource.zone)
            json.member("capacity", resource.capacity)
            json.array("open", open) { hour, json in json.period(hour.starts, hour.ends) }
            json.array("busy", steps.lazy.filter { $0.taken >= resource.capacity }) { step, json in json.period(step.starts, step.ends) }
            json.array("steps", steps) { step, json in
                json.object { json in
                    json.member("start", step.starts)
                    json.member("end", step.ends)
                    json.member("free", max(0, resource.capacity - step.taken))
                }
            }
        }
    }
}
