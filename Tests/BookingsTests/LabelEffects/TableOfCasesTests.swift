import HTTPTypes
import TestSupport
import Testing

/// The table of cases of a label, row by row.
@Suite("The table of cases of a label")
struct TableOfCasesTests {
    @Test func `a label in force for the whole slot confirms`() async throws {
        try await withDesk { desk in
            let answer = try await desk.book(from: "2027-06-01T09:00:00Z", to: "2027-06-01T12:00:00Z")
            #expect(answer["state"] == "confirmed")
            #expect(answer["flags"] == .array([]))
            #expect(answer["labelSnapshot", "status"] == "labelled")
        }
    }

    @Test func `a provisional label with an end gives the same rights, flagged, and a slot after its end is conditional`() async throws {
        try await withDesk(labelEnd: "2026-12-31") { desk in
            try await desk.decide("provisional", from: "2027-01-01", to: "2027-06-30")
            #expect(try await desk.standing(desk.book(on: "2027-06-30")) == "confirmed provisional")
            let after = try await desk.book(from: "2027-07-01T09:00:00Z", to: "2027-07-01T12:00:00Z")
            #expect(after["state"] == "conditional", "\(after.body)")
            #expect(after["labelSnapshot", "conditionalUntil"] == "2027-06-30")
        }
    }

    @Test func `a provisional label without an end confirms up to the horizon, then is conditional`() async throws {
        try await withDesk(labelEnd: "2026-12-31") { desk in
            try await desk.decide("provisional", from: "2027-01-01")
            try await desk.policy(["provisionalHorizonDays": "3000"])
            #expect(try await desk.standing(desk.book(on: "2027-06-01")) == "confirmed provisional")
            try await desk.policy(["provisionalHorizonDays": "0"])
            #expect(try await desk.standing(desk.book(on: "2027-06-02")) == "conditional provisional")
            try await desk.policy(["provisionalHorizonDays": "0", "beyondHorizon": #""refuse""#])
            let refused = try await desk.book(from: "2027-06-03T09:00:00Z", to: "2027-06-03T12:00:00Z")
            #expect(refused.codes == ["labelProvisionalBeyondHorizon"])
        }
    }

    @Test(arguments: [("honour", "confirmed"), ("conditional", "conditional"), ("refuse", nil)])
    func `a label that ends inside the slot follows the policy and is never cut`(policy: String, state: String?) async throws {
        try await withDesk(labelEnd: "2027-06-30") { desk in
            try await desk.policy(["endsInside": "\"\(policy)\""])
            let answer = try await desk.book(from: "2027-06-30T20:00:00Z", to: "2027-07-01T06:00:00Z")
            if let state {
                #expect(answer["state"]?.text == state, "\(answer.body)")
                #expect(answer["lines", 0, "end"] == "2027-07-01T06:00:00Z")
            } else {
                #expect(answer.codes == ["labelEndsInside"], "\(answer.body)")
            }
        }
    }

    @Test func `a slot after the known end with a renewal pending is conditional and kept`() async throws {
        try await withDesk(labelEnd: "2027-06-30") { desk in
            try await desk.apply()
            let id = try await desk.book(on: "2027-09-01")
            #expect(try await desk.standing(id) == "conditional")
            // The authority may take its time: 316 days in 2020.
            try await desk.advance(days: 250)
            #expect(try await desk.followLabels() == 0)
            #expect(try await desk.standing(id) == "conditional")
        }
    }

    @Test func `a deadline that releases what is still conditional is a policy`() async throws {
        try await withDesk(labelEnd: "2027-06-30") { desk in
            try await desk.apply()
            let near = try await desk.book(on: "2027-09-01")
            let far = try await desk.book(on: "2028-06-01")
            try await desk.policy(["pendingReleaseDays": "366"])
            #expect(try await desk.followLabels() == 1)
            #expect(try await desk.standing(near) == "cancelledByNetwork")
            #expect(try await desk.standing(far) == "conditional")
        }
    }

    @Test func `a slot after the known end without a renewal is refused to others and allowed to the centre itself`() async throws {
        try await withDesk(labelEnd: "2027-06-30") { desk in
            let answer = try await desk.book(from: "2027-07-01T09:00:00Z", to: "2027-07-01T12:00:00Z")
            #expect(answer.codes == ["labelExpired"])
            #expect(answer["rules", 0, "text"] == "The centre's label expired on 30 June 2027, and no renewal has been applied for.")
            #expect(try await desk.standing(desk.book(on: "2027-07-01", key: desk.network.managerKey)) == "confirmed")
        }
    }

    @Test func `a lapse with a renewal pending flags what is booked, makes new bookings conditional and deletes nothing`() async throws {
        try await withDesk { desk in
            let inside = try await desk.book(on: "2027-06-01")
            let after = try await desk.book(on: "2027-09-01")
            try await desk.apply()
            // The term turns out to be shorter than it was thought to be.
            try await desk.decide(
                "extend", from: "2020-01-01", to: "2027-06-30", decidedOn: "2026-11-01", more: #""supersedes": "\#(desk.network.grant)""#)
            #expect(try await desk.standing(inside) == "confirmed")
            #expect(try await desk.standing(after) == "confirmed atRisk")
            #expect(try await desk.booking(after)["atRiskUntil"] == nil)
            #expect(try await desk.standing(desk.book(on: "2027-09-02")) == "conditional")
            try await desk.advance(days: 200)
            #expect(try await desk.followLabels() == 0)
            #expect(try await desk.standing(after) == "confirmed atRisk")
        }
    }

    @Test func `a retroactive grant confirms what was conditional or at risk, past use included`() async throws {
        try await withDesk { desk in
            let risky = try await desk.book(on: "2027-10-01")
            try await desk.apply()
            try await desk.decide("extend", from: "2020-01-01", to: "2026-12-31", more: #""supersedes": "\#(desk.network.grant)""#)
            let past = try await desk.book(on: "2027-01-20")
            let future = try await desk.book(on: "2027-10-02")
            #expect(try await desk.standing(risky) == "confirmed atRisk")
            #expect(try await desk.standing(future) == "conditional")
            try await desk.advance(days: 100)
            let granted = try await desk.decide("grant", from: "2027-01-01", to: "2029-12-31", decidedOn: "2026-11-20")
            #expect(granted["touchedBookings"] == 3)
            for id in [risky, past, future] { #expect(try await desk.standing(id) == "confirmed") }
            let history = try await desk.booking(past)["history"]?.elements ?? []
            #expect(history.map { $0["to"]?.text } == ["conditional", "confirmed"])
            #expect(history.last?["reason"] == "labelled")
            // The gap is labelled for whoever asks now, and was not for whoever asked before.
            let path = "/v1/centres/\(desk.network.centre)/label?on=2027-02-01"
            #expect(try await desk.server.send(.get, path, key: desk.network.companyKey)["status"] == "labelled")
        }
    }

    @Test func `a suspension refuses new bookings, sets aside future ones, and its lift restores what still has room`() async throws {
        try await withDesk { desk in
            let before = try await desk.book(on: "2027-02-01")
            let kept = try await desk.book(on: "2027-03-10")
            let crowded = try await desk.book(on: "2027-03-11")
            let suspended = try await desk.decide("suspend", from: "2027-03-01", to: "2027-03-31")
            #expect(suspended.bookings(where: "suspended") == [kept, crowded])
            #expect(try await desk.standing(before) == "confirmed")
            #expect(try await desk.standing(kept) == "suspended")
            let refused = try await desk.book(from: "2027-03-12T09:00:00Z", to: "2027-03-12T12:00:00Z")
            #expect(refused.codes == ["labelSuspended"])
            #expect(refused["rules", 0, "text"] == "The centre's label is suspended from 1 March 2027 to 31 March 2027.")
            // The centre itself takes the whole hall meanwhile.
            _ = try await desk.book(on: "2027-03-11", seats: nil, key: desk.network.managerKey)
            try await desk.decide("lift", from: "2027-03-01")
            #expect(try await desk.standing(kept) == "confirmed")
            #expect(try await desk.standing(crowded) == "suspended displaced")
            let states = try await desk.booking(kept)["history"]?.elements.map { $0["to"]?.text }
            #expect(states == ["confirmed", "suspended", "confirmed"])
        }
    }

    @Test func `a refused renewal leaves the term alone, and what lies after it follows a withdrawal`() async throws {
        try await withDesk(labelEnd: "2027-06-30") { desk in
            try await desk.apply()
            let inside = try await desk.book(on: "2027-06-01")
            let after = try await desk.book(on: "2027-09-01")
            try await desk.decide("refuse", from: "2026-11-15", decidedOn: "2026-11-15")
            #expect(try await desk.standing(inside) == "confirmed")
            #expect(try await desk.standing(after) == "conditional atRisk")
            #expect(try await desk.booking(after)["atRiskUntil"] != nil)
            try await desk.advance(days: 31)
            #expect(try await desk.followLabels() == 1)
            #expect(try await desk.standing(inside) == "confirmed")
            #expect(try await desk.standing(after).hasPrefix("cancelledByNetwork"))
        }
    }

    @Test func `a withdrawal gives notice, then cancels without undoing what is past or begins within the notice`() async throws {
        try await withDesk { desk in
            try await desk.policy(["withdrawalNoticeDays": "60"])
            let past = try await desk.book(on: "2027-01-05")
            let underWay = try await desk.book(from: "2027-02-01T00:00:00Z", to: "2027-02-02T12:00:00Z")["id"]?.text ?? ""
            let future = try await desk.book(on: "2027-09-01")
            try await desk.setClock(to: "2027-02-01 12:00+00")
            let within = try await desk.book(on: "2027-03-01")
            try await desk.decide("withdraw", from: "2027-01-01")
            for id in [past, underWay, within] { #expect(try await desk.standing(id) == "confirmed") }
            #expect(try await desk.standing(future) == "confirmed atRisk")
            #expect(try await desk.booking(future)["atRiskUntil"]?.text?.hasPrefix("2027-04-02T12:00") == true)
            try await desk.setClock(to: "2027-04-02 11:00+00")
            #expect(try await desk.followLabels() == 0)
            try await desk.setClock(to: "2027-04-02 13:00+00")
            #expect(try await desk.followLabels() == 1)
            #expect(try await desk.standing(future).hasPrefix("cancelledByNetwork"))
            #expect(try await desk.takesRoom(future) == false)
        }
    }

    @Test func `a withdrawal that is annulled within the notice clears what it put at risk`() async throws {
        try await withDesk { desk in
            let future = try await desk.book(on: "2027-09-01")
            let withdrawn = try await desk.decide("withdraw", from: "2027-01-01")
            #expect(try await desk.standing(future) == "confirmed atRisk")
            let decision = try #require(withdrawn["decision", "id"]?.text)
            try await desk.decide("annul", from: "2027-01-01", more: #""supersedes": "\#(decision)""#)
            _ = try await desk.followLabels()
            #expect(try await desk.standing(future) == "confirmed")
            #expect(try await desk.booking(future)["atRiskUntil"] == nil)
        }
    }

    @Test func `without notice a withdrawal cancels at once`() async throws {
        try await withDesk { desk in
            try await desk.policy(["withdrawalNoticeDays": "0"])
            let future = try await desk.book(on: "2027-09-01")
            let answer = try await desk.decide("withdraw", from: "2027-01-01")
            #expect(answer["effects", 0, "effect"] == "cancelledByNetwork")
            #expect(try await desk.standing(future) == "cancelledByNetwork")
        }
    }

    @Test func `a correction supersedes, and the corrected decision stays readable`() async throws {
        try await withDesk { desk in
            let corrected = try await desk.decide(
                "grant", from: "2020-01-01", to: "2028-12-31", more: #""supersedes": "\#(desk.network.grant)""#)
            let old = try await desk.server.send(.get, "/v1/label-decisions/\(desk.network.grant)", key: desk.network.companyKey)
            #expect(old["supersededBy"] == corrected["decision", "id"])
            #expect(old["effectiveTo"] == "2099-12-31")
        }
    }

    @Test func `a recognition file that shrinks lists what is at risk for the manager, with a notice`() async throws {
        try await withDesk { desk in
            let student = try await desk.book(from: "2027-09-01T09:00:00Z", to: "2027-09-01T12:00:00Z", audience: "student")
            let worker = try await desk.book(from: "2027-09-01T09:00:00Z", to: "2027-09-01T12:00:00Z", audience: "worker")
            let id = try #require(student["id"]?.text)
            let file = try await desk.server.send(
                .post, "/v1/centres/\(desk.network.centre)/recognition-files", key: desk.network.networkKey,
                json: #"{"effectiveFrom": "2027-01-01", "sectors": ["metal"], "audiences": ["jobSeeker", "worker"]}"#)
            #expect(file.status == .created)
            _ = try await desk.followLabels()
            #expect(try await desk.standing(id) == "confirmed atRisk")
            #expect(try await desk.standing(try #require(worker["id"]?.text)) == "confirmed")
            let list = try await desk.server.send(
                .get, "/v1/bookings?flag=atRisk&centreId=\(desk.network.centre)", key: desk.network.managerKey)
            #expect(list["items"]?.elements.map { $0["id"]?.text } == [id])
            try await desk.advance(days: 31)
            #expect(try await desk.followLabels() == 1)
            #expect(try await desk.standing(id).hasPrefix("cancelledByNetwork"))
        }
    }

    @Test func `a recording that rests on a simulation is refused with the difference when its effects have changed`() async throws {
        try await withDesk { desk in
            let first = try await desk.book(on: "2027-03-10")
            let proposal = try await desk.propose("suspend", from: "2027-03-01", to: "2027-03-31")
            let decision = try #require(proposal["id"]?.text)
            let seen = try await desk.simulate(decision)
            #expect(seen.status == .created, "\(seen.body)")
            #expect(seen["effects"] == .object(["suspended": 1]))
            #expect(try await desk.standing(first) == "confirmed", "a simulation changes nothing")
            let list = try await desk.server.send(
                .get, "/v1/label-simulations/\(try #require(seen["id"]?.text))/bookings", key: desk.network.managerKey)
            #expect(list["items", 0, "bookingId"]?.text == first)
            #expect(list["items", 0, "outcome"] == "suspended")

            let second = try await desk.book(on: "2027-03-11")
            let refused = try await desk.approve(decision, simulation: seen["id"]?.text)
            #expect(refused.status == .conflict)
            #expect(refused["type"] == "urn:problem-type:plateau:simulationChanged")
            #expect(refused["differences"]?.elements.map { $0["bookingId"]?.text } == [second])
            #expect(try await desk.standing(first) == "confirmed", "nothing was recorded")

            let anew = try await desk.simulate(decision)
            let recorded = try await desk.approve(decision, simulation: anew["id"]?.text)
            #expect(recorded.status == .ok, "\(recorded.body)")
            #expect(try await desk.standing(second) == "suspended")
        }
    }
}
