import HTTPTypes
import Hummingbird
import Kernel
import Logging
import Tracing

@testable import HTTPEdge

/// A body with a bit of everything.
struct NewBooking: RequestObject, Equatable {
    enum Activity: String, CaseIterable, RequestValue {
        case awareness, demonstration
    }

    struct Line: RequestObject, Equatable {
        let resource: String
        let seats: Int

        init?(reading fields: inout FieldReader) {
            let resource = fields.required("resource", maximum: 20)
            let seats = fields.required("seats", in: 1...12)
            guard let resource, let seats else { return nil }
            self.resource = resource
            self.seats = seats
        }
    }

    let period: Period
    let activity: Activity
    let lines: [Line]
    let tags: [String]
    let note: String?

    init?(reading fields: inout FieldReader) {
        let period = fields.object("period", Period.self)
        let activity = fields.required("activity", Activity.self)
        let lines = fields.array("lines", Line.self, count: 1...3)
        let tags = fields.values("tags", String.self, count: 0...2)
        note = fields.optional("note", maximum: 10)
        guard let period, let activity, let lines, let tags else { return nil }
        self.period = period
        self.activity = activity
        self.lines = lines
        self.tags = tags
    }
}

/// A body that may be left out.
struct Cancellation: RequestObject {
    let reason: String?

    init?(reading fields: inout FieldReader) {
        reason = fields.optional("reason", maximum: 100)
    }
}

/// A refusal of a slice, with a text of its own.
struct SeatsTaken: ProblemRepresentable {
    static let texts = [
        TextEntry("capacityFull.title", fr: "Complet", en: "Full"),
        TextEntry("capacityFull.detail", fr: "Il reste {seats} place(s).", en: "{seats} seat(s) left."),
    ]

    var problem: Problem {
        Problem(
            .conflict, "capacityFull", detail: Text("capacityFull.detail", ["seats": "2"]),
            extensions: [ProblemExtension("alternatives", ["tomorrow"])])
    }
}

/// Always noon on the same day.
struct StandingClock: WallClock {
    func now() -> Instant { Workshop.noon }
}

/// A small application over the edge, with one route for each thing to try.
struct Workshop {
    struct Surprise: Error {}

    static let noon = Instant(microsecondsSince1970: 1_772_449_200_000_000)
    static let signer = CursorSigner(secret: Array(repeating: 7, count: 32))
    let edge: Edge
    let readiness: Readiness

    init(
        readiness: Readiness = Readiness(), bodyLimitBytes: Int = 1_048_576, limits: RateLimits = RateLimits(),
        costs: [String: Int] = [:],
        forwarding: Forwarding = Forwarding(), tracer: (any Tracer)? = nil,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        let settings = EdgeSettings(
            bodyLimitBytes: bodyLimitBytes, catalogue: TextCatalogue(adding: SeatsTaken.texts), limits: limits, costs: costs,
            forwarding: forwarding,
            tracer: tracer)
        self.readiness = readiness
        edge = Edge(settings: settings, authenticator: KnownKeys(), readiness: readiness, clock: StandingClock(), now: now)
        HealthRoutes(readiness: readiness).add(to: edge.routes)
        declareReads()
        declareWrites()
    }

    func application(logger: Logger = Logger(label: "test"), listener: ListenerSettings = ListenerSettings()) -> some ApplicationProtocol {
        edge.application(listener: listener, logger: logger)
    }

    /// About 4 KiB, most of which says the same again.
    static func writePlan(to json: inout JSONWriter) {
        json.array("days", Array(1...90)) { day, json in
            json.object { json in
                json.member("day", day)
                json.member("state", day % 7 < 5 ? "open" : "closed")
            }
        }
    }

    private func declareReads() {
        let routes = edge.routes
        routes.get("/v1/centres", operation: "listCentres", access: .open) { request, _ in
            var query = QueryReader(request)
            let name = query.optional("name", maximum: 10)
            let page = try query.page(of: "listCentres", signer: Self.signer)
            let after = try page.after(0, Int.self) ?? 0
            let rows = Array((after + 1...60).prefix(page.limit))
            return Response.list(page, rows, keys: { [String($0)] }) { row, json in
                json.object { json in
                    json.member("number", row)
                    json.member("name", name)
                }
            }
        }
        routes.get("/v1/centres/{id}", operation: "getCentre", access: .member) { request, context in
            let number = try context.path("id", Int.self)
            return Response.unlessHeld(ETag(version: 3), by: request) {
                Response.json(eTag: ETag(version: 3)) { json in json.member("number", number) }
            }
        }
        routes.get("/v1/reports", operation: "getReport", access: .member(.centreManager, .networkManager)) { _, context in
            Response.json { json in json.member("organisation", context.principal.organisationID) }
        }
        routes.get("/v1/plan", operation: "getPlan", access: .open) { request, _ in
            Response.unlessHeld(ETag(version: 3), by: request) { Response.json(eTag: ETag(version: 3)) { Self.writePlan(to: &$0) } }
        }
        routes.get("/v1/flood", operation: "getFlood", access: .open) { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for _ in 1...4_000 { try await writer.write(ByteBuffer(repeating: 65, count: 65_536)) }
                    try await writer.finish(nil)
                })
        }
        routes.get("/v1/stream", operation: "getStream", access: .open) { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for _ in 1...3 { try await writer.write(ByteBuffer(string: "12345")) }
                    try await writer.finish(nil)
                })
        }
    }

    private func declareWrites() {
        let routes = edge.routes
        routes.post("/v1/bookings", operation: "createBooking", access: .open) { request, context in
            let submission = try await request.submission(NewBooking.self, in: context)
            return Response.json(.created, eTag: ETag(version: 1), location: "/v1/bookings/1") { json in
                json.member("period", submission.body.period)
                json.member("key", submission.idempotency?.key.description)
            }
        }
        routes.post("/v1/bookings/batch", operation: "createBookings", access: .open, bodyLimit: 64) { request, context in
            _ = try await request.body(NewBooking.self, in: context)
            return .empty()
        }
        routes.post("/v1/keys", operation: "createKey", access: .open) { _, _ in
            Response.json(.created) { Self.writePlan(to: &$0) }
        }
        routes.patch("/v1/bookings/{id}", operation: "changeBooking", access: .open) { request, _ in
            try IfMatch(requiredBy: request).check(version: 3)
            return .empty(eTag: ETag(version: 4))
        }
        routes.post("/v1/bookings/{id}/cancellation", operation: "cancelBooking", access: .open) { request, context in
            let submission = try await request.submission(Cancellation.self, in: context, orEmpty: true)
            return .json { json in json.member("reason", submission.body.reason) }
        }
        routes.post("/v1/refusals", operation: "refuse", access: .open) { _, _ in throw SeatsTaken() }
        routes.post("/v1/surprises", operation: "surprise", access: .open) { _, _ in throw Surprise() }
    }
}
