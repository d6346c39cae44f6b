import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Postgres

/// The centres that hold the label on a day, as known at a moment.
struct Register {
    let day: LocalDay
    /// Only where it was asked for: an answer as of now stays the same while nothing changes.
    let knownAt: Instant?
    let centres: [SQL.LabelledCentres.Row]
}

extension Labels {
    /// `GET /v1/labelled-centres`: for anybody, without a key.
    func listLabelledCentres(_ request: Request, _ context: GuestContext) async throws -> Response {
        let register = try await register(asked: request)
        var json = JSONWriter(capacity: 16_384)
        json.object { json in register.writeMembers(to: &json) }
        return .register(json.buffer, [.contentType: "application/json"], to: request)
    }

    /// `GET /v1/labelled-centres.csv`: the same, for a spreadsheet.
    func downloadLabelledCentres(_ request: Request, _ context: GuestContext) async throws -> Response {
        let register = try await register(asked: request)
        let headers: HTTPFields = [
            .contentType: "text/csv; charset=utf-8; header=present",
            .contentDisposition: "attachment; filename=\"centres-labellises-\(register.day).csv\"",
        ]
        return .register(ByteBuffer(string: register.csv), headers, to: request)
    }

    private func register(asked request: Request) async throws -> Register {
        var query = QueryReader(request)
        let day: LocalDay? = query.optional("on")
        let knownAt: Instant? = query.optional("knownAt")
        try query.finish()
        let moment = try await database.one(SQL.RegisterMoment())
        if let knownAt, knownAt > moment.now { throw LabelRefusal.knownAtInFuture }
        let centres = try await database.all(SQL.LabelledCentres(day: day ?? moment.today, knownAt: knownAt ?? moment.now))
        return Register(day: day ?? moment.today, knownAt: knownAt, centres: centres)
    }
}

extension Response {
    /// What everybody may keep for five minutes, tagged by its content: 304 for who has it.
    fileprivate static func register(_ body: ByteBuffer, _ headers: HTTPFields, to request: Request) -> Response {
        let eTag = ETag(content: body.readableBytesView)
        var headers = headers
        headers[.cacheControl] = "public, max-age=300"
        headers[.eTag] = eTag.description
        if request.alreadyHas(eTag) { return .empty(.notModified, eTag: eTag, headers: [.cacheControl: "public, max-age=300"]) }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
    }
}
