import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Batches of bookings")
struct BatchTests {
    @Test func `those that can be had are made, the others are explained as alone, and count against each other`() async throws {
        try await withDesk { desk in
            let unit = "\(desk.network.units[0])"
            let said = try await Self.send(
                desk, "bestEffort",
                [
                    Self.booking(unit, hour: 9), Self.booking(unit, hour: 10), Self.booking("\(desk.network.platform)", hour: 9, seats: 13),
                    Self.booking(unit, hour: 12, more: #""organisationId": "\#(desk.network.school)""#),
                ])
            #expect(said.status == .created && said["verdict"] == "created", "\(said.body)")
            #expect(said["bookings"]?.elements.map { $0["verdict"] } == ["booked", "refused", "refused", "refused"])
            #expect(said["bookable"] == 1 && said["refused"] == 3)
            #expect(said["bookings"]?.elements.map { $0["code"] }.dropFirst() == ["bookingRefused", "bookingRefused", "bookingForbidden"])
            #expect(said["bookings", 1, "rules", 0, "code"] == "unitTaken" && said["bookings", 2, "rules", 0, "code"] == "quantityTooLarge")
            // The machine beside it is free at that time.
            #expect(said["bookings", 1, "alternatives", 0, "resourceId"]?.text == "\(desk.network.units[1])", "\(said.body)")
            let id = try #require(said["bookings", 0, "bookingId"]?.text)
            let read = try await desk.server.send(.get, "/v1/bookings/\(id)", key: desk.network.companyKey)
            #expect(read["reference"] == said["bookings", 0, "reference"] && read["state"] == "confirmed")
            #expect(try await Self.count(desk) == "1")
        }
    }

    @Test func `a booking for an organisation that nobody knows says which member is wrong`() async throws {
        try await withDesk { desk in
            let unknown = #""organisationId": "01990000-0000-7000-8000-00000000ffff""#
            let batch = [Self.booking("\(desk.network.units[0])", hour: 9, more: unknown)]
            let said = try await Self.send(desk, "atomic", batch, key: desk.network.networkKey)
            #expect(said.status == .conflict && said["bookings", 0, "code"] == "invalidRequest", "\(said.body)")
            #expect(said["bookings", 0, "issues", 0, "name"] == "/organisationId", "\(said.body)")
        }
    }

    @Test func `nobody waits for what the caller may not book`() async throws {
        try await withDesk { desk in
            let owner = desk.server.database.owner
            let call = """
                select bookings.lock_batch(
                    '01990000-0000-7000-8400-000000000001', $1::uuid, array[$2::uuid], array[$3::uuid], '{2027-06-01 09:00+00}',
                    '{2027-06-01 10:00+00}')
                """
            let held = "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"
            let key = try #require(desk.network.keys["company"])
            for (organisation, locks) in [(desk.network.school, "0"), (desk.network.company, "3")] {
                _ = try await owner.queryText("begin")
                _ = try await owner.queryText(call, ["\(key)", "\(organisation)", "\(desk.network.platform)"])
                #expect(try await owner.queryText(held) == [[locks]])
                _ = try await owner.queryText("rollback")
            }
        }
    }

    @Test func `all or none: one that cannot be had undoes the others, and a dry run says the same and writes nothing`() async throws {
        try await withDesk { desk in
            let unit = "\(desk.network.units[0])"
            let whole = [Self.booking(unit, hour: 9), Self.booking(unit, hour: 11), Self.booking(unit, hour: 10)]
            let dry = try await Self.send(desk, "atomic", whole, query: "?dryRun=true")
            #expect(dry.status == .ok && dry["verdict"] == "wouldRefuse", "\(dry.body)")
            #expect(dry["bookings"]?.elements.map { $0["verdict"] } == ["wouldBook", "wouldBook", "refused"])
            let refused = try await Self.send(desk, "atomic", whole)
            #expect(refused.status == .conflict && refused.problem == "batchRefused")
            #expect(refused["bookable"] == 2 && refused["bookings"]?.elements.map { $0["number"] } == [3], "\(refused.body)")
            #expect(try await Self.count(desk) == "0")
            // What was turned away is known though all is undone; a dry run turns nobody away.
            let demand = "select resource_id, starts, seats, cause from bookings.unmet_demand"
            let kept = try await desk.server.database.owner.queryText(demand)
            #expect(kept == [[unit, "2027-06-01 10:00:00+00", "1", "refused"]], "\(kept)")
            let possible = try await Self.send(desk, "atomic", [Self.booking(unit, hour: 9), Self.booking(unit, hour: 11)])
            #expect(possible.status == .created && possible["refused"] == 0)
            let none = try await Self.send(desk, "bestEffort", [Self.booking(unit, hour: 9), Self.booking(unit, hour: 11)])
            #expect(none.status == .conflict && none["bookable"] == 0, "\(none.body)")
            #expect(try await Self.count(desk) == "2")
        }
    }

    @Test func `one key covers the batch: a retry gets the first answer, another body is refused, a refusal leaves no key`() async throws {
        try await withDesk { desk in
            let unit = "\(desk.network.units[0])"
            let batch = [Self.booking(unit, hour: 9), Self.booking(unit, hour: 10, more: #""waitlist": true"#)]
            let first = try await Self.send(desk, "atomic", batch, idempotencyKey: "batch-0001")
            #expect(first.status == .created && first["bookings", 1, "state"] == "waitlisted", "\(first.body)")
            let again = try await Self.send(desk, "atomic", batch, idempotencyKey: "batch-0001")
            #expect(again.status == .created && again.body == first.body && again.headers[.idempotentReplayed] == "true")
            #expect(try await Self.send(desk, "bestEffort", batch, idempotencyKey: "batch-0001").status == .unprocessableContent)
            #expect(try await Self.count(desk) == "2")
            let late = [Self.booking(unit, hour: 9)]
            #expect(try await Self.send(desk, "atomic", late, idempotencyKey: "batch-0002").status == .conflict)
            let free = [Self.booking(unit, hour: 15)]
            #expect(try await Self.send(desk, "atomic", free, idempotencyKey: "batch-0002").status == .created)
        }
    }

    @Test func `who may book for none of them is told so, and what is no batch is refused with the field at fault`() async throws {
        try await withDesk { desk in
            let unit = "\(desk.network.units[0])"
            let foreign = Self.booking(unit, hour: 9, more: #""organisationId": "\#(desk.network.school)""#)
            let forbidden = try await Self.send(desk, "bestEffort", [foreign, foreign])
            #expect(forbidden.status == .forbidden && forbidden.problem == "bookingForbidden")
            let many = try await Self.send(desk, "atomic", Array(repeating: foreign, count: 101))
            #expect(many.status == .badRequest && many["issues", 0, "name"] == "/bookings")
            let broken = try await Self.send(desk, "some", [Self.booking(unit, hour: 9, more: #""hour": 9"#)])
            #expect(broken["issues"]?.elements.compactMap { $0["name"]?.text }.sorted() == ["/bookings/0/hour", "/mode"], "\(broken.body)")
        }
    }

    @Test func `batches that want the same machines in other orders wait for each other, and none fails`() async throws {
        try await withDesk { desk in
            let units = desk.network.units.map(\.description)
            try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for turn in 0..<8 {
                    group.addTask {
                        let order = turn.isMultiple(of: 2) ? units : units.reversed()
                        let hours = turn.isMultiple(of: 2) ? [8, 10, 12] : [12, 10, 8]
                        let all = order.flatMap { unit in hours.map { Self.booking(unit, hour: $0) } }
                        return try await Self.send(desk, "bestEffort", all).status
                    }
                }
                var statuses: [HTTPResponse.Status] = []
                for try await status in group { statuses.append(status) }
                #expect(statuses.filter { $0 == .created }.count == 1)
                #expect(statuses.filter { $0 == .conflict }.count == 7, "\(statuses)")
            }
            #expect(try await Self.count(desk) == "6")
        }
    }

    private static func booking(_ resource: String, hour: Int, seats: Int = 1, more: String = "") -> String {
        let (start, end) = ("2027-06-01T\(hour < 10 ? "0" : "")\(hour):00:00Z", "2027-06-01T\(hour + 1 < 10 ? "0" : "")\(hour + 1):15:00Z")
        let line = #"{"resourceId": "\#(resource)", "start": "\#(start)", "end": "\#(end)", "seats": \#(seats)}"#
        return #"{"activity": "demonstration", "lines": [\#(line)]\#(more.isEmpty ? "" : ", \(more)")}"#
    }

    private static func send(
        _ desk: BookingDesk, _ mode: String, _ bookings: [String], query: String = "", idempotencyKey: String? = nil, key: String? = nil
    ) async throws -> TestAnswer {
        var headers: HTTPFields = [.acceptLanguage: "en"]
        if let idempotencyKey { headers[.idempotencyKey] = idempotencyKey }
        return try await desk.server.send(
            .post, "/v1/bookings/batch\(query)", key: key ?? desk.network.companyKey, headers: headers,
            json: #"{"mode": "\#(mode)", "bookings": [\#(bookings.joined(separator: ", "))]}"#)
    }

    private static func count(_ desk: BookingDesk) async throws -> String? {
        try await desk.server.database.owner.queryText("select count(*) from bookings.booking").first?.first ?? nil
    }
}
