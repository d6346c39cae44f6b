import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Postgres

extension Utilisation {
    /// `GET /v1/centres/{centreId}/utilisation?from=&to=`: every resource of a centre, the idle ones with 0.
    func report(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let (period, knownAt) = ReportPeriod.readKnown(&query)
        let companyShare: Int32? = query.optional("companyShareOver", in: 0...100)
        try query.finish()
        let centre = try await centre(asked: context)
        try centre.check(knownAt: knownAt)
        guard let period else { throw Problem.notFound }
        let row = try await database.one(
            SQL.UtilisationDocument(
                centreNumber: centre.number, firstDay: period.first, lastDay: period.last, knownAt: knownAt,
                companyShare: companyShare.map { Double($0) / 100 }))
        return .document(row.document)
    }

    /// `GET /v1/centres/{centreId}/utilisation.csv`: the same by resource, for a spreadsheet.
    func table(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let (period, knownAt) = ReportPeriod.readKnown(&query)
        try query.finish()
        let centre = try await centre(asked: context)
        try centre.check(knownAt: knownAt)
        guard let period else { throw Problem.notFound }
        let rows = try await database.all(
            SQL.UtilisationTable(centreNumber: centre.number, firstDay: period.first, lastDay: period.last, knownAt: knownAt))
        let headers: HTTPFields = [
            .contentType: "text/csv; charset=utf-8; header=present", .cacheControl: "no-store",
            .contentDisposition: "attachment; filename=\"utilisation-\(period.first)-\(period.last).csv\"",
        ]
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: ReportTable(rows: rows).csv)))
    }

    /// `GET /v1/centres/{centreId}/utilisation-comparison?from=&to=`: beside the period before and the network's medians.
    func comparison(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let period = ReportPeriod.read(&query, longestDays: ReportPeriod.longestDaysOfNetwork)
        try query.finish()
        let centre = try await centre(asked: context)
        guard let period else { throw Problem.notFound }
        let row = try await database.one(
            SQL.UtilisationComparison(centreNumber: centre.number, firstDay: period.first, lastDay: period.last))
        return Response.json { json in
            centre.writeMembers(period, to: &json)
            json.name("comparison")
            json.raw(row.document)
        }
    }

    /// `GET /v1/centres/{centreId}/utilisation-heat-map?from=&to=&resourceId=`: by weekday and local hour.
    func heatMap(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let period = ReportPeriod.read(&query, longestDays: ReportPeriod.longestDaysOfTotals)
        let resource: ResourceID? = query.optional("resourceId")
        try query.finish()
        let centre = try await centre(asked: context)
        guard let period else { throw Problem.notFound }
        let row = try await database.one(
            SQL.UtilisationHeatMap(
                centreNumber: centre.number, firstDay: period.first, lastDay: period.last, resourceId: resource))
        return Response.json { json in
            centre.writeMembers(period, to: &json)
            json.member("resourceId", resource)
            json.name("heatMap")
            json.raw(row.document)
        }
    }

    /// `GET /v1/centres/{centreId}/demand?from=&to=`: what was refused for lack of room and not served later.
    func demand(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let period = ReportPeriod.read(&query, longestDays: ReportPeriod.longestDaysOfTotals)
        try query.finish()
        let centre = try await centre(asked: context)
        guard let period else { throw Problem.notFound }
        let row = try await database.one(
            SQL.TurnedAwayDemand(centreNumber: centre.number, firstDay: period.first, lastDay: period.last))
        return Response.json { json in
            centre.writeMembers(period, to: &json)
            json.name("demand")
            json.raw(row.document)
        }
    }

    /// `GET /v1/utilisation?from=&to=`: every centre of the network, all together, and the medians.
    func network(_ request: Request, _ context: MemberContext) async throws -> Response {
        let period = try ReportPeriod(ofNetwork: request)
        let row = try await database.one(SQL.NetworkUtilisation(firstDay: period.first, lastDay: period.last))
        return .ofNetwork(period, knownAt: row.now, "network", row.document)
    }

    /// `GET /v1/utilisation-heat-map?from=&to=`: every centre together, by weekday and local hour.
    func networkHeatMap(_ request: Request, _ context: MemberContext) async throws -> Response {
        let period = try ReportPeriod(ofNetwork: request)
        let row = try await database.one(SQL.NetworkHeatMap(firstDay: period.first, lastDay: period.last))
        return .ofNetwork(period, knownAt: row.now, "heatMap", row.document)
    }

    /// `GET /v1/demand?from=&to=`: where in the network one more machine would pay.
    func networkDemand(_ request: Request, _ context: MemberContext) async throws -> Response {
        let period = try ReportPeriod(ofNetwork: request)
        let row = try await database.one(SQL.NetworkDemand(firstDay: period.first, lastDay: period.last))
        return .ofNetwork(period, knownAt: row.now, "demand", row.document)
    }
}

extension Response {
    /// Figures of the whole network over some days, under their name.
    fileprivate static func ofNetwork(_ period: ReportPeriod, knownAt: Instant, _ name: String, _ document: String) -> Response {
        Response.json { json in
            json.member("from", period.first)
            json.member("to", period.last)
            json.member("knownAt", knownAt)
            json.name(name)
            json.raw(document)
        }
    }

    /// A document that the database wrote, as it is.
    static func document(_ text: String, type: String = "application/json") -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
