import Access
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Calendars are read under an address of their own")
struct FeedTests {
    @Test func `an address is shown once, read without a key, and leads nowhere once it is revoked`() async throws {
        try await withDesk { desk in
            let headers: HTTPFields = [.idempotencyKey: "once"]
            let key = desk.network.companyKey
            let json = #"{"kind": "organisation", "language": "en"}"#
            let made = try await desk.server.send(.post, "/v1/calendar-feeds", key: key, headers: headers, json: json)
            #expect(made.status == .created, "\(made.body)")
            let url = try #require(made["url"]?.text)
            let again = try await desk.server.send(.post, "/v1/calendar-feeds", key: key, headers: headers, json: json)
            #expect(again["id"] == made["id"])
            #expect(again["url"] == nil, "a retry gets no address")
            let list = try await desk.server.send(.get, "/v1/calendar-feeds", key: key)
            #expect(list["items"]?.elements.count == 1)
            #expect(!list.body.contains("/calendars/"))
            #expect(list["items", 0, "lastReadAt"] == nil)

            let read = try await desk.server.send(.get, url)
            #expect(read.status == .ok, "\(read.body)")
            #expect(read.headers[.contentType] == "text/calendar; charset=utf-8")
            #expect(read.headers[.cacheControl] == "private, no-cache")
            #expect(try await desk.server.send(.get, String(url.dropLast(4))).status == .ok, "with .ics or without")
            let one = try await desk.server.send(.get, "/v1/calendar-feeds/\(made["id"]?.text ?? "")", key: key)
            #expect(one["lastReadAt"] != nil)

            #expect(try await desk.server.send(.delete, "/v1/calendar-feeds/\(made["id"]?.text ?? "")", key: key).status == .noContent)
            #expect(try await desk.server.send(.get, url).status == .notFound)
            #expect(try await desk.server.send(.get, "/v1/calendar-feeds", key: key)["items"]?.elements.isEmpty == true)
            #expect(try await desk.server.send(.delete, "/v1/calendar-feeds/\(made["id"]?.text ?? "")", key: key).status == .notFound)
        }
    }

    @Test func `the secret stands nowhere in the database`() async throws {
        try await withDesk { desk in
            let feed = try await desk.feed(#"{"kind": "person"}"#)
            let token = feed.url.split(separator: "/").last.map { String($0.dropLast(4)) } ?? ""
            let rows = try await desk.server.database.owner.queryText(
                "select f.digest = sha256($1::bytea), f::text like '%' || $2 || '%' from delivery.feed f", [token, token])
            #expect(rows == [["t", "f"]])
        }
    }

    @Test func `what is unchanged is answered 304`() async throws {
        try await withDesk { desk in
            let feed = try await desk.feed(#"{"kind": "organisation"}"#)
            let tag = try #require(try await desk.server.send(.get, feed.url).headers[.eTag])
            let held = try await desk.server.send(.get, feed.url, headers: [.ifNoneMatch: tag])
            #expect(held.status == .notModified)
            try await desk.book(on: desk.day(7))
            let changed = try await desk.server.send(.get, feed.url, headers: [.ifNoneMatch: tag])
            #expect(changed.status == .ok)
            #expect(changed.headers[.eTag] != tag)
        }
    }

    @Test func `an entry keeps its identity, grows its number, and is told cancelled for a while`() async throws {
        try await withDesk { desk in
            let feed = try await desk.feed(#"{"kind": "organisation", "language": "en"}"#)
            let booking = try await desk.book(on: desk.day(7))
            let before = try #require(try await desk.read(feed.url).events.first)
            #expect(before["UID"] == "\(booking)-1@plateau")
            #expect(before["SEQUENCE"] == "0")
            #expect(before["STATUS"] == "CONFIRMED")
            #expect(before["SUMMARY"] == "demonstration – Hall fictif")
            #expect(before["LOCATION"] == #"Hall fictif\, Site fictif\, Mons"#)
            #expect(before["DTSTART;TZID=Europe/Brussels"]?.hasPrefix(desk.day(7).filter { $0 != "-" } + "T1") == true)
            #expect(before["DTSTAMP"] == before["LAST-MODIFIED"])
            try await desk.cancel(booking)
            let after = try #require(try await desk.read(feed.url).events.first)
            #expect(after["UID"] == before["UID"])
            #expect(after["SEQUENCE"] == "1")
            #expect(after["STATUS"] == "CANCELLED")
            #expect(after["TRANSP"] == "TRANSPARENT")
            #expect(after["SUMMARY"] == "Cancelled: demonstration – Hall fictif")
            _ = try await desk.server.database.owner.queryText("update bookings.transition set at = at - interval '31 days'")
            #expect(try await desk.read(feed.url).events.isEmpty)
        }
    }

    @Test func `a resource shows others only that it is taken`() async throws {
        try await withDesk { desk in
            let booking = try await desk.book(on: desk.day(7))
            let json = #"{"kind": "resource", "resourceId": "\#(desk.network.platform)", "language": "fr"}"#
            let own = try await desk.feed(json)
            let other = try await desk.feed(json, key: desk.network.schoolKey)
            let centre = try await desk.feed(json, key: desk.network.managerKey)

            let seen = try await desk.read(own.url)
            #expect(seen.properties["X-WR-CALNAME"] == "Hall fictif – Site fictif")
            #expect(seen.properties["REFRESH-INTERVAL;VALUE=DURATION"] == "PT1H")
            #expect(seen.event("Boulonnerie fictive – démonstration")?["UID"] == "\(booking)-1@plateau")
            #expect(try await desk.read(centre.url).event("Boulonnerie fictive") != nil)

            let hidden = try #require(try await desk.read(other.url).events.first)
            #expect(hidden["SUMMARY"] == "Occupé en partie (1 sur 12)")
            #expect(hidden["TRANSP"] == "TRANSPARENT")
            #expect(hidden["CLASS"] == "PRIVATE")
            #expect(hidden["DESCRIPTION"] == nil)
            let text = try await desk.server.send(.get, other.url).body
            for secret in [booking, "Boulonnerie", "demonstration"] { #expect(!text.contains(secret), "\(secret)") }
            // Of the whole, and gone once it is cancelled.
            let site = try await desk.feed(#"{"kind": "site", "siteId": "\#(desk.network.site)"}"#, key: desk.network.schoolKey)
            #expect(try await desk.read(site.url).event("Occupé en partie (1 sur 12) – Hall fictif") != nil)
            #expect(try await desk.read(site.url).events.first?["UID"] != hidden["UID"], "another name in every feed")
            try await desk.cancel(booking)
            #expect(try await desk.read(other.url).events.isEmpty)
            #expect(try await desk.read(own.url).event("Annulé : Boulonnerie") != nil)
        }
    }

    @Test func `a person sees what this key has made, a centre all of it`() async throws {
        try await withDesk { desk in
            let mine = try await desk.feed(#"{"kind": "person"}"#)
            let others = try await desk.feed(#"{"kind": "person"}"#, key: desk.adminKey)
            let centre = try await desk.feed(
                #"{"kind": "centre", "centreId": "\#(desk.network.centre)"}"#, key: desk.network.managerKey)
            let booking = try await desk.book(on: desk.day(7))
            #expect(try await desk.read(mine.url).events.map { $0["UID"] } == ["\(booking)-1@plateau"])
            #expect(try await desk.read(others.url).events.isEmpty)
            #expect(try await desk.read(centre.url).event("Boulonnerie fictive – démonstration – Hall fictif") != nil)
        }
    }

    @Test func `a calendar ends with the key that made it, and loses what the key loses`() async throws {
        try await withDesk { desk in
            try await desk.book(on: desk.day(7))
            let json = #"{"kind": "resource", "resourceId": "\#(desk.network.platform)", "language": "en"}"#
            let feed = try await desk.feed(json, key: desk.network.managerKey)
            let owner = desk.server.database.owner
            #expect(try await desk.read(feed.url).event("Boulonnerie") != nil)
            let manager = "\(desk.network.keys["manager"].map { "\($0)" } ?? "")"
            _ = try await owner.queryText("delete from access.api_key_role where key_id = $1", [manager])
            #expect(try await desk.read(feed.url).event("Partly busy (1 of 12)") != nil)
            _ = try await owner.queryText("update access.api_key set revoked_at = now() where id = $1", [manager])
            #expect(try await desk.server.send(.get, feed.url).status == .notFound)
        }
    }

    @Test func `another's calendar answers as if there were none, but for who manages the organisation`() async throws {
        try await withDesk { desk in
            let feed = try await desk.feed(#"{"kind": "person"}"#)
            let path = "/v1/calendar-feeds/\(feed.id)"
            let colleague = try await DeliveryDesk.key([.booker], of: desk.network.company, desk.server)
            for key in [desk.network.schoolKey, desk.network.networkKey, colleague] {
                #expect(try await desk.server.send(.get, path, key: key).status == .notFound)
                #expect(try await desk.server.send(.delete, path, key: key).status == .notFound)
            }
            #expect(try await desk.server.send(.get, path, key: desk.adminKey).status == .ok)
            #expect(try await desk.server.send(.delete, path, key: desk.adminKey).status == .noContent)
            #expect(try await desk.server.send(.get, feed.url).status == .notFound)
        }
    }

    private static let wrong = [
        (#"{"kind": "resource"}"#, HTTPResponse.Status.badRequest),
        (#"{"kind": "person", "siteId": "01a1e1a7-4c00-7000-b304-e5c19362da5c"}"#, .badRequest),
        (#"{"kind": "planet"}"#, .badRequest),
        (#"{"kind": "site", "siteId": "01a1e1a7-4c00-7000-b304-e5c19362da5c"}"#, .unprocessableContent),
        (#"{"kind": "resource", "resourceId": "01a1e1a7-4c00-7000-b304-e5c19362da5c"}"#, .unprocessableContent),
    ]

    @Test func `what it shows is named as its kind asks for`() async throws {
        try await withDesk { desk in
            for (json, status) in Self.wrong {
                let answer = try await desk.server.send(.post, "/v1/calendar-feeds", key: desk.network.companyKey, json: json)
                #expect(answer.status == status, "\(answer.body)")
            }
        }
    }

    @Test func `the functions of calendars refuse by themselves`() async throws {
        try await withDesk { desk in
            let owner = desk.server.database.owner
            let key = try #require(desk.network.keys["company"])
            let made = try await desk.feed(#"{"kind": "person"}"#)
            func ask(_ call: String) async throws -> String? {
                try await owner.queryText("select (\(call))::text").first?.first ?? nil
            }
            let ownRevocation = "delivery.revoke_feed('\(made.id)', '\(desk.network.school)', '\(key)')"
            #expect(try await ask(ownRevocation) == "notFound", "not as it must be: revoked for another organisation")
            _ = try await owner.queryText("update access.api_key set revoked_at = now() where id = $1", ["\(key)"])
            let digest = "select f.digest from delivery.feed f where f.id = '\(made.id)'"
            let opened = try await ask("select count(*) from delivery.open_feed((\(digest)))")
            #expect(opened == "0", "not as it must be: a calendar of a revoked key")
            let company = desk.network.company
            let another = "delivery.create_feed(gen_random_uuid(), '\(company)', 'person', null, sha256('x'), 'fr', null, '\(key)')"
            #expect(try await ask(another) == "forbidden", "not as it must be: a calendar of a revoked key")
        }
    }

    @Test func `a key has fifty calendars at most`() async throws {
        try await withDesk { desk in
            _ = try await desk.server.database.owner.queryText(
                """
                insert into delivery.feed (organisation_id, id, key_id, kind, digest, language, created_at)
                select k.organisation_id, gen_random_uuid(), k.id, 'person', sha256(n::text::bytea), 'fr', now()
                from generate_series(1, 49) n, access.api_key k where k.id = $1
                """, ["\(desk.network.keys["company"].map { "\($0)" } ?? "")"])
            _ = try await desk.feed(#"{"kind": "person"}"#)
            let further = try await desk.server.send(
                .post, "/v1/calendar-feeds", key: desk.network.companyKey, json: #"{"kind": "person"}"#)
            #expect(further["type"] == "urn:problem-type:plateau:tooManyFeeds", "\(further.body)")
        }
    }

    @Test func `a resource is busy when nothing of it is left, and unavailable when it is closed`() async throws {
        try await withDesk { desk in
            let day = desk.day(7)
            let made = try await desk.server.send(
                .post, "/v1/bookings", key: desk.network.companyKey,
                json: """
                    {"activity": "demonstration", "lines": [{"resourceId": "\(desk.network.units[0])", "start": "\(day)T10:00:00Z",
                     "end": "\(day)T11:00:00Z"}]}
                    """)
            #expect(made.status == .created, "\(made.body)")
            try await desk.book(on: day)
            _ = try await desk.server.database.owner.queryText(
                "update centres.open_hours set during = tstzrange(lower(during), $1::timestamptz) where during @> $1::timestamptz",
                ["\(day)T20:00:00Z"])
            let compact = day.filter { $0 != "-" }
            func busy(_ resource: ResourceID) async throws -> [String] {
                let answer = try await desk.server.send(
                    .get, "/v1/resources/\(resource)/free-busy?start=\(day)T00:00:00Z&end=\(day)T22:00:00Z", key: desk.network.schoolKey)
                #expect(answer.status == .ok, "\(answer.body)")
                return ReadCalendar(answer.body).lines.filter { $0.hasPrefix("FREEBUSY") }
            }
            let closed = "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:\(compact)T200000Z/\(compact)T220000Z"
            #expect(
                try await busy(desk.network.units[0]) == ["FREEBUSY;FBTYPE=BUSY:\(compact)T100000Z/\(compact)T110000Z", closed])
            #expect(try await busy(desk.network.platform) == [closed], "eleven places are left")
            let path = "/v1/resources/\(desk.network.platform)/free-busy"
            for query in ["", "?start=\(day)T00:00:00Z&end=\(day)T00:00:00Z", "?start=2026-01-01T00:00:00Z&end=2026-12-31T00:00:00Z"] {
                #expect(try await desk.server.send(.get, path + query, key: desk.network.schoolKey).status == .badRequest)
            }
        }
    }
}

extension DeliveryDesk {
    /// So many days from now, as `yyyy-MM-dd`.
    func day(_ days: Int) -> String {
        String((SystemWallClock().now() + .seconds(days * 86_400)).rfc3339.prefix(10))
    }

    /// Makes a feed; the company's unless said.
    func feed(_ json: String, key: String? = nil) async throws -> (id: String, url: String) {
        let answer = try await server.send(.post, "/v1/calendar-feeds", key: key ?? network.companyKey, json: json)
        #expect(answer.status == .created, "\(answer.body)")
        return (try #require(answer["id"]?.text), try #require(answer["url"]?.text))
    }

    func read(_ url: String) async throws -> ReadCalendar {
        let answer = try await server.send(.get, url)
        #expect(answer.status == .ok, "\(answer.body)")
        return ReadCalendar(answer.body)
    }
}
