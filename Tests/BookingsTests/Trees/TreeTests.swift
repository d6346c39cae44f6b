import Access
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("A hall, its bays and benches")
struct TreeTests {
    @Test
    func `a bay's workstations count in the hall, which may be tighter than its bays together`() async throws {
        try await withTreeDesk { tree in
            #expect(try await tree.book(tree.firstBay, seats: 6).status == .created)
            let full = try await tree.book(tree.secondBay, seats: 5)
            #expect(full.codes == ["parentFull"])
            #expect(full["rules", 0, "facts", "name"] == "Hall")
            #expect(full["rules", 0, "facts", "free"] == 4)
            // The nearest alternative is a time at which the hall has room too.
            #expect(full["alternatives", 0, "start"] == "2027-05-04T10:00:00Z", "\(full.body)")
            #expect(try await tree.book(tree.secondBay, seats: 4).status == .created)
            #expect(try await tree.book(tree.hall, seats: 1).codes == ["capacityFull"])
        }
    }

    @Test
    func `whoever takes the hall takes its bays and benches, and a bench taken is enough to refuse the hall`() async throws {
        try await withTreeDesk { tree in
            #expect(try await tree.book(tree.hall, seats: nil).status == .created)
            for part in [tree.firstBay, tree.secondBay, tree.group] + tree.benches {
                #expect(try await tree.book(part).codes == ["parentFull"])
            }
            #expect(try await tree.book(tree.benches[0], hour: 11).status == .created)
            let refused = try await tree.book(tree.hall, hour: 11, seats: nil)
            #expect(refused.codes == ["capacityFull"])
            #expect(refused["rules", 0, "facts", "free"] == 9)
            #expect(try await tree.book(tree.secondBay, hour: 11, seats: nil).status == .created)
        }
    }

    @Test
    func `a bench is booked by name or as any of its model`() async throws {
        try await withTreeDesk { tree in
            #expect(try await tree.book(tree.benches[0]).status == .created)
            #expect(try await tree.book(tree.benches[0]).codes == ["unitTaken"])
            let tooMany = try await tree.book(tree.group, seats: 3)
            #expect(tooMany.codes == ["capacityFull"])
            #expect(tooMany["rules", 0, "facts", "free"] == 2)
            #expect(try await tree.book(tree.group, seats: 2).status == .created)
            // All of the model are taken, whichever they are.
            #expect(try await tree.book(tree.benches[1]).codes == ["parentFull"])
            // The bay has three more workstations without an identity.
            #expect(try await tree.book(tree.firstBay, seats: 3).status == .created)
            #expect(try await tree.book(tree.firstBay, seats: 1).codes == ["capacityFull"])
        }
    }

    @Test
    func `the hall holds so many persons, those who accompany included, wherever they are in it`() async throws {
        try await withTreeDesk { tree in
            #expect(try await tree.book(tree.firstBay, persons: 10).status == .created)
            let refused = try await tree.book(tree.secondBay, persons: 5)
            #expect(refused.codes == ["tooManyPersons"])
            #expect(refused["rules", 0, "facts", "present"] == 10)
            #expect(refused["rules", 0, "text"]?.text?.contains("at most 14") == true)
            #expect(try await tree.book(tree.secondBay, persons: 4).status == .created)
            // A group that splits says how; without that everybody is expected in each bay.
            func lines(_ split: String) -> String {
                [(tree.firstBay, "9"), (tree.secondBay, "5")].map { bay, persons in
                    let times = #""start": "\#(TreeDesk.at(13))", "end": "\#(TreeDesk.at(14))""#
                    return #"{"resourceId": "\#(bay)", \#(times)\#(split.isEmpty ? "" : #", "persons": \#(persons)"#)}"#
                }.joined(separator: ", ")
            }
            let group = #"{"audience": "jobSeeker", "headCount": 14}"#
            #expect(try await tree.desk.book(lines: lines(""), audiences: group).codes == ["tooManyPersons"])
            let split = try await tree.desk.book(lines: lines("split"), audiences: group)
            #expect(split.status == .created, "\(split.body)")
            #expect(split["lines", 1, "persons"] == 5)
        }
    }

    @Test
    func `lines of one booking count against each other through the hall`() async throws {
        try await withTreeDesk { tree in
            let times = #""start": "\#(TreeDesk.at(9))", "end": "\#(TreeDesk.at(10))""#
            let both = [(tree.firstBay, 6), (tree.secondBay, 6)].map { #"{"resourceId": "\#($0)", \#(times), "seats": \#($1)}"# }
            let refused = try await tree.desk.book(lines: both.joined(separator: ", "))
            #expect(refused.codes == ["parentFull"])
            #expect(refused["rules", 0, "line"] == 2)
            let bay = #"{"resourceId": "\#(tree.firstBay)", \#(times), "seats": 1}"#
            let hall = #"{"resourceId": "\#(tree.hall)", \#(times), "exclusive": true}"#
            #expect(try await tree.desk.book(lines: "\(hall), \(bay)").codes == ["parentFull"], "the whole, then a part")
            #expect(try await tree.desk.book(lines: "\(bay), \(hall)").codes == ["capacityFull"], "a part, then the whole")
        }
    }

    @Test
    func `what is free of a bay and who is in it counts the hall`() async throws {
        try await withTreeDesk { tree in
            let hall = try await tree.book(tree.hall, seats: nil)
            #expect(try await tree.book(tree.hall, hour: 11, seats: 7).status == .created)
            let free = try await tree.desk.server.send(
                .post, "/v1/availability", key: tree.desk.network.companyKey,
                json: """
                    {"resourceIds": ["\(tree.firstBay)", "\(tree.benches[0])"], "start": "\(TreeDesk.at(8))", "end": "\(TreeDesk.at(13))"}
                    """)
            #expect(free["resources", 0, "steps"]?.elements.map { $0["free"]?.number } == [6, 0, 6, 3, 6])
            #expect(free["resources", 1, "busy"]?.elements.map { $0["start"]?.text } == ["2027-05-04T09:00:00Z"])
            let calendar = try await tree.desk.server.send(
                .get, "/v1/resources/\(tree.firstBay)/calendar?from=2027-05-04&days=1", key: tree.desk.network.companyKey)
            #expect(calendar["entries"]?.elements.map { $0["seats"]?.number } == [6])
            #expect(calendar["entries", 0, "bookingId"] == hall["id"])
        }
    }

    @Test
    func `exclusive stays exclusive when the hall grows, and a cancelled booking frees every floor`() async throws {
        try await withTreeDesk { tree in
            let whole = try await tree.book(tree.hall, seats: nil)
            let grown = try await tree.desk.server.send(
                .patch, "/v1/platforms/\(tree.hall)", key: tree.desk.network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"workstations": 20}"#)
            #expect(grown.status == .ok, "\(grown.body)")
            #expect(try await tree.book(tree.secondBay).codes == ["parentFull"])
            let shrunk = try await tree.desk.server.send(
                .patch, "/v1/platforms/\(tree.hall)", key: tree.desk.network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"workstations": 8}"#)
            #expect(shrunk.status == .ok, "\(shrunk.body)")
            let tooSmall = try await tree.desk.server.send(
                .patch, "/v1/platforms/\(tree.hall)", key: tree.desk.network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"workstations": 5}"#)
            #expect(tooSmall["issues", 0, "code"] == "baysLarger", "\(tooSmall.body)")
            let id = try #require(whole["id"]?.text)
            let cancelled = try await tree.desk.server.send(
                .post, "/v1/bookings/\(id)/cancellation", key: tree.desk.network.companyKey, headers: [.ifMatch: "\"v1\""], json: "{}")
            #expect(cancelled.status == .ok)
            let left = try await tree.desk.server.database.owner.queryText("select count(*)::text from platforms.occupancy")
            #expect(left == [["0"]])
            #expect(try await tree.book(tree.secondBay).status == .created)
        }
    }

    @Test
    func `the guard stands in the database: the function refuses what a direct caller asks`() async throws {
        try await withTreeDesk { tree in
            func reserve(_ resource: ResourceID) async throws -> String? {
                let row = try await tree.desk.server.database.owner.queryText(
                    """
                    select v.outcome || ' ' || coalesce(v.rules -> 0 ->> 'code', '')
                    from bookings.reserve($1, 'DIRECT', $2, $3, 'demonstration', '{}', '{}', 0, null, null, null, null,
                        array[$4::uuid], array['2027-05-04 09:00Z'::timestamptz], array['2027-05-04 10:00Z'::timestamptz], '{1}', null,
                        null, true) v
                    """,
                    [
                        "\(IdentifierSource(clock: SystemWallClock()).make(centre: 1) as BookingID)",
                        "\(try #require(tree.desk.network.keys["company"]))", "\(tree.desk.network.company)", "\(resource)",
                    ])
                return row.first?[0]
            }
            #expect(try await reserve(tree.benches[2]) == "wouldCreate ")
            #expect(try await tree.book(tree.hall, seats: nil).status == .created)
            #expect(try await reserve(tree.benches[2]) == "refused parentFull")
            let retirement = "/v1/workstations/\(tree.benches[2])/retirement"
            let manager = tree.desk.network.managerKey
            let retired = try await tree.desk.server.send(.post, retirement, key: manager, headers: [.ifMatch: "*"], json: "{}")
            #expect(retired.status == .ok, "\(retired.body)")
            let again = try await tree.desk.server.send(.post, retirement, key: manager, headers: [.ifMatch: "*"])
            #expect(again.status == .conflict && again.problem == "workstationRetired", "\(again.body)")
            #expect(try await tree.book(tree.benches[2], hour: 15).codes == ["resourceRetired"])
            #expect(try await tree.book(tree.group, hour: 15, seats: 3).codes == ["quantityTooLarge"])
        }
    }
}
