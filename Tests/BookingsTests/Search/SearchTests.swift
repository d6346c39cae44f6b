import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Search of the network")
struct SearchTests {
    private static let period = #""period": {"start": "2027-06-01T09:00:00Z", "end": "2027-06-01T12:00:00Z"}"#

    @Test(arguments: [
        ("hall fictif", 1), ("HALL", 1), ("fictif", 3), ("robt", 2), ("röbot", 2), ("fict rob", 2), ("mons", 3), ("R1", 2), ("metal", 0),
        ("zzzz", 0), ("robot zzzz", 0), ("de robot à", 2), ("de", 0), ("monss robt", 2),
        ("'; drop table platforms.resource; --", 0), ("hall & | ! :*", 1), ("-", 0),
    ])
    func `words are found by beginning, without accents and with a typing error`(text: String, count: Int) async throws {
        try await withDesk { desk in
            let found = try await Self.search(desk, #""text": "\#(text)""#)
            #expect(found["items"]?.elements.count == count, "\(found.body)")
        }
    }

    @Test func `the best word is first, and a rename is found at once`() async throws {
        try await withDesk { desk in
            let found = try await Self.search(desk, #""text": "robot""#)
            #expect(found["items"]?.elements.compactMap { $0["kind"]?.text } == ["equipment", "equipment"])
            _ = try await desk.server.database.owner.queryText(
                "update platforms.resource set name = 'Atelier de soudure' where id = $1", ["\(desk.network.platform)"])
            #expect(try await Self.ids(desk, #""text": "soudure""#) == ["\(desk.network.platform)"])
            #expect(try await Self.ids(desk, #""text": "hall""#).isEmpty)
            #expect(try await Self.ids(desk, #""text": "soudrue""#) == ["\(desk.network.platform)"], "new words are mended too")
            _ = try await desk.server.database.owner.queryText("update centres.site set town = 'Thuin'", [])
            #expect(try await Self.ids(desk, #""text": "thuin""#).count == 3)
            _ = try await desk.server.database.owner.queryText(
                "update centres.centre_name set name = 'Forge' where centre_id = $1", ["1"])
            _ = try await desk.server.database.owner.queryText("update inventory.model set category = 'cobot', name = 'R2'", [])
            let stale = try await desk.server.database.owner.queryText(
                """
                select s.id from platforms.searched s full join platforms.search_entry e on (e.centre_id, e.id) = (s.centre_id, s.id)
                where (s.site_id, s.document, s.tags) is distinct from (e.site_id, e.document, e.tags)
                """, [])
            #expect(stale == [], "what is searched is not what the tables say")
        }
    }

    @Test func `a site that its centre renames or moves is found by its new name and town alone`() async throws {
        try await withDesk { desk in
            let changed = try await desk.server.send(
                .patch, "/v1/sites/\(desk.network.site)", key: desk.network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"name": "Grande halle", "town": "Houffalize"}"#)
            #expect(changed.status == .ok, "\(changed.body)")
            #expect(try await Self.ids(desk, #""text": "houffalize""#).count == 3)
            #expect(try await Self.ids(desk, #""text": "grande halle""#).count == 3)
            #expect(try await Self.ids(desk, #""text": "mons""#).isEmpty)
        }
    }

    @Test func `properties narrow what is found`() async throws {
        try await withDesk { desk in
            #expect(try await Self.ids(desk, #""kind": "platform""#) == ["\(desk.network.platform)"])
            #expect(try await Self.ids(desk, #""category": "Robot""#).count == 2)
            #expect(try await Self.ids(desk, #""category": "Robot", "kind": "platform""#).isEmpty)
            #expect(try await Self.ids(desk, #""skill": "welding""#).isEmpty)
            let platform = "/v1/platforms/\(desk.network.platform)"
            let changed = try await desk.server.send(
                .patch, platform, key: desk.network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"skills": ["welding"], "sectors": ["metal"]}"#)
            #expect(changed.status == .ok)
            #expect(try await Self.ids(desk, #""skill": "welding", "sector": "metal""#) == ["\(desk.network.platform)"])
        }
    }

    @Test func `distance is measured, sorts, and limits`() async throws {
        try await withDesk { desk in
            #expect(try await Self.search(desk, #""near": {"latitude": 50.85, "longitude": 4.35}"#)["items"]?.elements.count == 3)
            #expect(try await Self.ids(desk, #""near": {"latitude": 50.85, "longitude": 4.35, "kilometres": 500}"#).isEmpty, "nowhere")
            _ = try await desk.server.database.owner.queryText("update centres.site set latitude = 50.454, longitude = 3.952", [])
            let found = try await Self.search(desk, #""near": {"latitude": 50.85, "longitude": 4.35, "kilometres": 60}"#)
            // Brussels to Mons, 52 km.
            #expect(found["items"]?.elements.allSatisfy { (51.9...52.5).contains($0["kilometres"]?.number ?? 0) } == true, "\(found.body)")
            #expect(try await Self.ids(desk, #""near": {"latitude": 50.85, "longitude": 4.35, "kilometres": 50}"#).isEmpty)
        }
    }

    @Test func `every result says whether the caller may use it, and why not`() async throws {
        try await withDesk(labelEnd: "2027-12-31") { desk in
            let free = try await Self.first(desk, #""kind": "platform", "workstations": 5, \#(Self.period)"#)
            #expect(free["verdict"]?.text == "allow")
            #expect(free["free"]?.number == 12)
            #expect(try await desk.book(from: "2027-06-01T10:00:00Z", to: "2027-06-01T11:00:00Z", seats: 8).status == .created)
            let full = try await Self.first(desk, #""kind": "platform", "workstations": 5, \#(Self.period)"#)
            #expect(full["verdict"]?.text == "deny")
            #expect(full["free"]?.number == 4)
            #expect(full["rules"]?.elements.compactMap { $0["code"]?.text } == ["capacityFull"])
            #expect(full["rules"]?.elements.first?["text"]?.text?.isEmpty == false)
            #expect(try await Self.ids(desk, #""kind": "platform", "workstations": 5, "onlyUsable": true, \#(Self.period)"#).isEmpty)
            #expect(try await Self.ids(desk, #""kind": "platform", "workstations": 4, "onlyUsable": true, \#(Self.period)"#).count == 1)
            let later = #""period": {"start": "2028-03-01T09:00:00Z", "end": "2028-03-01T12:00:00Z"}"#
            let lapsed = try await Self.first(desk, #""kind": "platform", \#(later)"#)
            #expect(lapsed["rules"]?.elements.compactMap { $0["code"]?.text }.contains("labelExpired") == true, "\(lapsed)")
        }
    }

    @Test func `a search is for one's own organisation, unless it is the network that asks`() async throws {
        try await withDesk { desk in
            let other = #""organisationId": "\#(desk.network.school)""#
            let refused = try await Self.search(desk, other)
            #expect(refused.status == .notFound)
            let answered = try await Self.search(desk, other, key: desk.network.networkKey)
            #expect(answered.status == .ok)
            let (some, all) = (try await Self.search(desk, #""limit": 1"#), try await Self.search(desk, #""limit": 3"#))
            #expect(some["hasMore"] == true && all["hasMore"] == false)
        }
    }

    @Test(arguments: [
        (#""near": {"latitude": 91, "longitude": 0}"#, "/near/latitude"), (#""near": {"latitude": 9}"#, "/near/longitude"),
        (#""period": {"start": "2027-06-02T09:00:00Z", "end": "2027-06-01T12:00:00Z"}"#, "/period/end"),
        (#""kind": "hall""#, "/kind"), (#""limit": 51"#, "/limit"), (#""text": """#, "/text"), (#""skill": "Welding!""#, "/skill"),
    ])
    func `what cannot be searched is refused with the field at fault`(members: String, pointer: String) async throws {
        try await withDesk { desk in
            let refused = try await Self.search(desk, members)
            #expect(refused.status == .badRequest)
            #expect(refused["issues", 0, "name"]?.text == pointer, "\(refused.body)")
        }
    }

    private static func search(_ desk: BookingDesk, _ members: String, key: String? = nil) async throws -> TestAnswer {
        try await desk.server.send(
            .post, "/v1/resource-searches", key: key ?? desk.network.companyKey, headers: [.acceptLanguage: "en"], json: "{\(members)}")
    }

    private static func ids(_ desk: BookingDesk, _ members: String) async throws -> [String] {
        try await search(desk, members)["items"]?.elements.compactMap { $0["resourceId"]?.text } ?? []
    }

    private static func first(_ desk: BookingDesk, _ members: String) async throws -> TestJSON {
        let found = try await search(desk, members)
        return try #require(found["items"]?.elements.first, "\(found.body)")
    }
}
