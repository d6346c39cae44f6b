import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("POST /v1/bookings/{bookingId}/cancellation")
struct CancelTests {
    @Test
    func `cancelling frees the room at once and is told to nobody else`() async throws {
        try await withDesk { desk in
            let booked = try await desk.book(from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z", seats: nil)
            let path = "/v1/bookings/\(try #require(booked["id"]?.text))/cancellation"
            let missing = try await desk.server.send(.post, path, key: desk.network.companyKey, json: "{}")
            #expect(missing.status == .preconditionRequired)
            let stale = try await desk.server.send(.post, path, key: desk.network.companyKey, headers: [.ifMatch: "\"v9\""], json: "{}")
            #expect(stale.status == .preconditionFailed)
            #expect(stale.headers[.eTag] == "\"v1\"")
            let done = try await desk.server.send(
                .post, path, key: desk.network.companyKey, headers: [.ifMatch: "\"v1\""], json: #"{"reason": "course moved"}"#)
            #expect(done["state"] == "cancelledByUser", "\(done.body)")
            #expect(done["history", 1, "reason"] == "course moved")
            #expect(done.headers[.eTag] == "\"v2\"")
            let twice = try await desk.server.send(.post, path, key: desk.network.companyKey, headers: [.ifMatch: "\"v2\""], json: "{}")
            #expect(twice.problem == "notCancellable")
            let next = try await desk.book(
                from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z", seats: nil, key: desk.network.schoolKey)
            #expect(next.status == .created)
        }
    }

    @Test
    func `a retry with the same key is answered as the first time`() async throws {
        try await withDesk { desk in
            let booked = try await desk.book(from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z")
            let path = "/v1/bookings/\(try #require(booked["id"]?.text))/cancellation"
            let headers: HTTPFields = [.ifMatch: "\"v1\"", .idempotencyKey: "cancel-1"]
            let first = try await desk.server.send(.post, path, key: desk.network.companyKey, headers: headers, json: "{}")
            let again = try await desk.server.send(.post, path, key: desk.network.companyKey, headers: headers, json: "{}")
            #expect(first.status == .ok && again.status == .ok)
            #expect(again.body == first.body)
            #expect(again.headers[.idempotentReplayed] == "true")
        }
    }

    @Test
    func `a foreign booking looks like a missing one`() async throws {
        try await withDesk { desk in
            let booked = try await desk.book(from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z")
            let id = try #require(booked["id"]?.text)
            let missing = "\(id.dropLast(4))0000"
            for (method, suffix) in [(HTTPRequest.Method.get, ""), (.post, "/cancellation")] {
                let json = method == .post ? "{}" : nil
                let foreign = try await desk.server.send(
                    method, "/v1/bookings/\(id)\(suffix)", key: desk.network.schoolKey, headers: [.ifMatch: "\"v1\""], json: json)
                let absent = try await desk.server.send(
                    method, "/v1/bookings/\(missing)\(suffix)", key: desk.network.schoolKey, headers: [.ifMatch: "\"v1\""], json: json)
                #expect(foreign.status == .notFound && absent.status == .notFound)
                #expect(foreign["detail"] == absent["detail"])
            }
            let list = try await desk.server.send(.get, "/v1/bookings", key: desk.network.schoolKey)
            #expect(list["items"]?.elements == [])
        }
    }

    @Test
    func `the staff of the centre cancels for the centre`() async throws {
        try await withDesk { desk in
            let booked = try await desk.book(from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z")
            let path = "/v1/bookings/\(try #require(booked["id"]?.text))/cancellation"
            let done = try await desk.server.send(
                .post, path, key: desk.network.managerKey, headers: [.ifMatch: "*"], json: #"{"reason": "power cut"}"#)
            #expect(done["state"] == "cancelledByCentre", "\(done.body)")
        }
    }
    @Test
    func `who reads a booking and may not cancel it is told so`() async throws {
        try await withDesk { desk in
            let booked = try await desk.book(from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z")
            let path = "/v1/bookings/\(try #require(booked["id"]?.text))/cancellation"
            let refused = try await desk.server.send(
                .post, path, key: desk.network.authorityKey, headers: [.ifMatch: "*"], json: "{}")
            #expect(refused.status == .forbidden)
            #expect(refused.problem == "bookingForbidden")
        }
    }

    @Test
    func `a centre's staff cancels what it booked for its centre elsewhere`() async throws {
        try await withDesk { desk in
            let booked = try await desk.book(
                from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z", key: desk.network.managerKey)
            #expect(booked.status == .created, "\(booked.body)")
            let id = try #require(booked["id"]?.text)
            // As if the manager's role were at another centre than the one where the booking lives.
            let owner = desk.server.database.owner
            _ = try await owner.queryText("update access.api_key_role set centre_id = 7 where role = 'centreManager'")
            let done = try await desk.server.send(
                .post, "/v1/bookings/\(id)/cancellation", key: desk.network.managerKey, headers: [.ifMatch: "*"], json: "{}")
            #expect(done["state"] == "cancelledByUser", "\(done.body)")
        }
    }
}
