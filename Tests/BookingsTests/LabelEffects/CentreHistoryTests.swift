import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Centres that change")
struct CentreHistoryTests {
    @Test func `case 24: a centre is renamed mid-period, and its label, its bookings and its past names stay`() async throws {
        try await withDesk { desk in
            let id = try await desk.book(on: "2027-06-01")
            let renamed = try await desk.change(
                "", of: "\(desk.network.centre)", #"{"name": "Centre renommé", "from": "2027-01-15"}"#, .patch)
            #expect(renamed.status == .ok, "\(renamed.body)")
            #expect(renamed["names"]?.elements.map { $0["name"] } == ["Centre fictif", "Centre renommé"])
            for (day, name) in [("2027-01-14", "Centre fictif"), ("2027-01-15", "Centre renommé")] {
                let register = try await desk.server.send(.get, "/v1/labelled-centres?on=\(day)")
                #expect(register["items", 0, "name"]?.text == name)
                #expect(register["items", 0, "centreId"]?.text == "\(desk.network.centre)", "the identity stays")
            }
            let label = try await desk.server.send(
                .get, "/v1/centres/\(desk.network.centre)/label?on=2027-06-01", key: desk.network.companyKey)
            #expect(label["status"] == "labelled")
            #expect(label["periods"]?.elements.map { $0["status"] } == ["labelled", "expired"], "a name is no decision")
            #expect(try await desk.standing(id) == "confirmed")
            #expect(try await desk.standing(desk.book(on: "2027-06-02")) == "confirmed")
        }
    }

    @Test func `case 25: two centres merge into a third, which needs a label of its own`() async throws {
        try await withDesk { desk in
            let first = "\(desk.network.centre)"
            let second = try await SecondCentre.make(at: desk)
            let merged = try await SecondCentre.make(at: desk, isLabelled: false)
            let before = try await desk.book(on: "2027-06-30")
            let after = try await desk.book(on: "2027-07-05")
            for centre in [first, second.id] {
                let answer = try await desk.change(
                    "/successor", of: centre, #"{"centreId": "\#(merged.id)", "from": "2027-07-01"}"#)
                #expect(answer.status == .ok, "\(answer.body)")
                #expect(answer["successor", "centreId"]?.text == merged.id)
            }
            let whole = try await desk.server.send(.get, "/v1/centres/\(merged.id)", key: desk.network.companyKey)
            #expect(Set(whole["predecessors"]?.elements.compactMap { $0["centreId"]?.text } ?? []) == [first, second.id])
            // A label does not pass on.
            let unlabelled = try await desk.book(merged.platform, from: "2027-07-05T09:00:00Z", to: "2027-07-05T12:00:00Z")
            #expect(unlabelled.codes == ["labelNone", "audienceNotTargeted"] || unlabelled.codes == ["labelNone"], "\(unlabelled.body)")
            // The days before are as they were, the days from then on turn to the successor, the centre itself included.
            #expect(try await desk.book(from: "2027-06-30T13:00:00Z", to: "2027-06-30T15:00:00Z").status == .created)
            for key in [desk.network.companyKey, desk.network.managerKey] {
                let refused = try await desk.book(from: "2027-07-01T09:00:00Z", to: "2027-07-01T12:00:00Z", key: key)
                #expect(refused.codes == ["centreSucceeded"], "\(refused.body)")
                #expect(refused["rules", 0, "facts", "successorId"]?.text == merged.id)
                #expect(refused["rules", 0, "text"] == "Since 1 July 2027 another centre stands in the place of this one: turn to it.")
            }
            // What is there stays readable, with its resource.
            try await desk.setClock(to: "2027-07-02 12:00+00")
            #expect(try await desk.standing(before) == "confirmed")
            #expect(try await desk.standing(after) == "confirmed")
            #expect(try await desk.server.send(.get, "/v1/platforms/\(desk.network.platform)", key: desk.network.companyKey).status == .ok)
            let centre = try await desk.server.send(.get, "/v1/centres/\(first)", key: desk.network.companyKey)
            #expect(centre["title"] == nil, "the title goes with the centre")
            #expect(try await desk.registered(on: "2027-06-30") == [1, 2])
            #expect(try await desk.registered(on: "2027-07-01") == [])
            try await merged.decide("grant", from: "2027-07-01", to: "2030-06-30", at: desk)
            #expect(try await desk.registered(on: "2027-07-01") == [3])
            #expect(try await desk.book(merged.platform, from: "2027-07-05T09:00:00Z", to: "2027-07-05T12:00:00Z").status == .created)
        }
    }

    @Test func `a succession is in the future, of another centre, and never in a ring`() async throws {
        try await withDesk { desk in
            let first = "\(desk.network.centre)"
            let second = try await SecondCentre.make(at: desk)
            for (centre, successor, from, complaint) in [
                (first, first, "2099-01-01", "succeedsItself"), (first, second.id, "2020-01-01", "/from"),
                (first, "01a031f3-2a54-7000-83cb-c20d0f8a7abf", "2099-01-01", "/centreId"),
            ] {
                let refused = try await desk.change("/successor", of: centre, #"{"centreId": "\#(successor)", "from": "\#(from)"}"#)
                let said = [refused.problem, refused["issues", 0, "name"]?.text]
                #expect(said.contains(complaint), "\(refused.body)")
            }
            #expect(try await desk.change("/successor", of: first, #"{"centreId": "\#(second.id)", "from": "2027-05-01"}"#).status == .ok)
            let ring = try await desk.change("/successor", of: second.id, #"{"centreId": "\#(first)", "from": "2027-06-01"}"#)
            #expect(ring.problem == "succeedsItself")
            // Until the day has come it may be another.
            #expect(try await desk.change("/successor", of: first, #"{"centreId": "\#(second.id)", "from": "2027-05-02"}"#).status == .ok)
            try await desk.setClock(to: "2027-05-02 12:00+00")
            let late = try await desk.change("/successor", of: first, #"{"centreId": "\#(second.id)", "from": "2027-08-01"}"#)
            #expect(late.problem == "alreadySucceeded")
        }
    }

    @Test func `carriers are dated, and the register tells that of its day`() async throws {
        try await withDesk { desk in
            let changed = try await desk.change("/carrier", of: "\(desk.network.centre)", #"{"carrier": "forem", "from": "2027-03-01"}"#)
            #expect(changed.status == .ok, "\(changed.body)")
            #expect(changed["carriers"]?.elements.map { $0["carrier"] } == ["asbl", "forem"])
            #expect(changed["carrier"] == "asbl", "today")
            for (day, carrier) in [("2027-02-28", "asbl"), ("2027-03-01", "forem")] {
                #expect(try await desk.server.send(.get, "/v1/labelled-centres?on=\(day)")["items", 0, "carrier"]?.text == carrier)
            }
            let history = try await desk.change("/carrier", of: "\(desk.network.centre)", #"{"carrier": "ifapme", "from": "1999-12-31"}"#)
            #expect(history["issues", 0, "name"] == "/from", "\(history.body)")
        }
    }
}

extension BookingDesk {
    /// Changes a centre as the network's manager, at its current version.
    func change(_ path: String, of centre: String, _ json: String, _ method: HTTPRequest.Method = .put) async throws -> TestAnswer {
        try await server.send(
            method, "/v1/centres/\(centre)\(path)", key: network.networkKey, headers: [.ifMatch: "*", .acceptLanguage: "en"], json: json)
    }

    /// The numbers of the centres in the public register of a day.
    func registered(on day: String) async throws -> [Int] {
        let answer = try await server.send(.get, "/v1/labelled-centres?on=\(day)")
        return answer["items"]?.elements.compactMap { $0["number"]?.number.map { Int($0) } } ?? []
    }
}
