import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Offers: finding and keeping them")
struct OfferEndpointTests {
    @Test
    func `a manager adds a course, everybody finds it by centre, kind, sector, technology, audience, day and words`() async throws {
        try await withOffers { desk in
            let made = try await desk.create(
                """
                "kind": "catalogue", "code": "TIG-1", "title": "Soudage TIG : éléments", "description": "Tôles minces", "sector": "metal",
                "technologies": ["welding-robot", "tig"], "audiences": ["worker", "jobSeeker"], "platformIds": ["\(desk.network.platform)"],
                "durationMinutes": 2400, "mostParticipants": 12, "from": "2026-03-01", "to": "2027-02-28"
                """)
            #expect(made.status == .created, "\(made.body)")
            #expect(made.headers[.location] == "/v1/offers/\(made.id)")
            #expect(made["centreName"] == "Centre fictif" && made["zone"]?.text == TestNetwork.zone && made["version"] == 1)
            let other = try await desk.create(
                #""kind": "bespoke", "title": "Atelier", "sector": "water", "audiences": ["student"], "from": "2026-01-01""#)
            #expect(other.status == .created, "\(other.body)")
            #expect(try await desk.titles("") == ["Atelier", "Soudage TIG : éléments"])
            for found in [
                "centreId=\(desk.network.centre)&kind=catalogue", "sector=metal", "technology=tig", "audience=jobSeeker", "on=2027-02-28",
                "text=elem%20SOUD", "text=tig-1", "text=tol", "text=welding",
            ] {
                let titles = try await desk.titles(found)
                #expect(titles.contains("Soudage TIG : éléments"), "\(found): \(titles)")
            }
            for missed in [
                "kind=bespoke", "sector=water", "technology=robot", "audience=teacher", "on=2027-03-01", "on=2026-02-28", "text=lassen",
                "text=!", "centreId=01990000-0000-7000-8800-000000000001",
            ] {
                let titles = try await desk.titles(missed)
                #expect(!titles.contains("Soudage TIG : éléments"), "\(missed): \(titles)")
            }
            let read = try await desk.server.send(.get, "/v1/offers/\(made.id)", key: desk.network.companyKey)
            #expect(read.json == made.json)
            let again = try await desk.server.send(
                .get, "/v1/offers/\(made.id)", key: desk.network.companyKey, headers: [.ifNoneMatch: read.headers[.eTag] ?? ""])
            #expect(again.status == .notModified)
            let words = try await desk.server.send(.get, "/v1/offer-words?on=2026-06-01", key: desk.network.companyKey)
            #expect(words["sectors", 0, "word"] == "metal" && words["sectors", 1, "word"] == "water", "\(words.body)")
            #expect(words["technologies"]?.elements.map { $0["word"]?.text } == ["tig", "welding-robot"])
        }
    }

    @Test
    func `a list goes on by its cursor, by title`() async throws {
        try await withOffers { desk in
            for title in ["C", "A", "B"] {
                #expect(try await desk.create(OfferDesk.content.replacing("Soudage TIG", with: title)).status == .created)
            }
            let first = try await desk.server.send(.get, "/v1/offers?pageSize=2", key: desk.network.schoolKey)
            #expect(first["items"]?.elements.map { $0["title"]?.text } == ["A", "B"])
            let next = try #require(first["next"]?.text)
            #expect(try await desk.titles("pageSize=2&cursor=\(next)", key: desk.network.schoolKey) == ["C"])
        }
    }

    @Test
    func `a change says the whole course anew, on the version that was read; a withdrawal is final`() async throws {
        try await withOffers { desk in
            let made = try await desk.create(OfferDesk.content + #", "code": "A", "description": "d""#)
            let tag = try #require(made.headers[.eTag])
            let changed = try await desk.change(made.id, OfferDesk.content + #", "mostParticipants": 8"#, ifMatch: tag)
            #expect(changed.status == .ok, "\(changed.body)")
            #expect(changed["version"] == 2 && changed["code"] == nil && changed["description"] == nil && changed["mostParticipants"] == 8)
            #expect(try await desk.change(made.id, OfferDesk.content, ifMatch: tag).status == .preconditionFailed)
            let withdrawn = try await desk.withdraw(made.id)
            #expect(withdrawn.status == .ok && withdrawn["withdrawalReason"] == "fictif", "\(withdrawn.body)")
            #expect(try await desk.titles("on=2027-05-04") == [])
            #expect(try await desk.titles("") == ["Soudage TIG"])
            for late in [try await desk.withdraw(made.id), try await desk.change(made.id, OfferDesk.content)] {
                #expect(late["type"] == "urn:problem-type:plateau:offerIsWithdrawn", "\(late.body)")
            }
            let events = try await desk.server.database.owner.queryText(
                "select type, version from jobs.event where type like 'offer.%' and centre_id = 1 order by id")
            #expect(events == [["offer.created", "1"], ["offer.changed", "2"], ["offer.withdrawn", "3"]])
        }
    }

    @Test(arguments: [
        (#""audiences": ["worker"]"#, #""audiences": ["nobodyKnows"]"#, "/audiences", "audienceUnknown"),
        (#""sector": "metal""#, #""sector": "metal", "platformIds": ["UNIT"]"#, "/platformIds", "platformUnknown"),
        (#""kind": "catalogue""#, #""kind": "bespoke", "organisationId": "UNIT""#, "/organisationId", "organisationUnknown"),
        (#""sector": "metal""#, #""sector": "metal", "organisationId": "UNIT""#, "/organisationId", "notAllowed"),
        (#""sector": "metal""#, #""sector": "metal", "to": "2025-12-31""#, "/to", "order"),
        (#""sector": "metal""#, #""sector": "metal", "technologies": ["a-b", "a-b"]"#, "/technologies", "duplicate"),
        (#""title": "Soudage TIG""#, #""title": " ""#, "/title", "invalid"),
    ])
    func `what an offer cannot be is refused with the field at fault`(
        instead: String, given: String, pointer: String, code: String
    ) async throws {
        try await withOffers { desk in
            let content = OfferDesk.content.replacing(instead, with: given).replacing("UNIT", with: "\(desk.network.units[0])")
            let refused = try await desk.create(content)
            #expect(refused.status == .badRequest, "\(refused.body)")
            #expect(refused["issues", 0, "name"]?.text == pointer, "\(refused.body)")
            if code != "invalid" { #expect(refused["issues", 0, "code"]?.text == code, "\(refused.body)") }
        }
    }

    @Test
    func `a code is one offer's alone in its centre`() async throws {
        try await withOffers { desk in
            #expect(try await desk.create(OfferDesk.content + #", "code": "A""#).status == .created)
            let twice = try await desk.create(OfferDesk.content + #", "code": "A""#)
            #expect(twice["type"] == "urn:problem-type:plateau:offerCodeTaken", "\(twice.body)")
            let free = try await desk.create(OfferDesk.content)
            #expect(try await desk.change(free.id, OfferDesk.content + #", "code": "A""#).status == .conflict)
        }
    }

    @Test
    func `only a manager of the centre keeps its offers`() async throws {
        try await withOffers { desk in
            let made = try await desk.create()
            for key in [desk.network.companyKey, desk.network.authorityKey] {
                #expect(try await desk.create(key: key).status == .forbidden)
                #expect(try await desk.change(made.id, OfferDesk.content, key: key).status == .forbidden)
                #expect(try await desk.withdraw(made.id, key: key).status == .forbidden)
            }
            #expect(try await desk.change(made.id, OfferDesk.content, key: desk.network.networkKey).status == .ok)
            let nowhere = "01990000-0000-7000-8800-000000000001"
            #expect(try await desk.create(centre: CentreID(nowhere), key: desk.network.networkKey).status == .notFound)
            #expect(try await desk.change(nowhere, OfferDesk.content, key: desk.network.networkKey).status == .notFound)
        }
    }

    @Test
    func `an offer for one organisation shows to it and to the centre, to nobody else`() async throws {
        try await withOffers { desk in
            let made = try await desk.create(
                """
                "kind": "bespoke", "title": "Pour elle", "sector": "secret", "audiences": ["worker"], "from": "2026-01-01",
                "organisationId": "\(desk.network.company)"
                """)
            #expect(made.status == .created, "\(made.body)")
            let path = "/v1/offers/\(made.id)"
            for (key, sees) in [
                (desk.network.companyKey, true), (desk.network.managerKey, true), (desk.network.networkKey, true),
                (desk.network.schoolKey, false),
            ] {
                #expect(try await desk.server.send(.get, path, key: key).status == (sees ? .ok : .notFound))
                #expect(try await desk.titles("", key: key) == (sees ? ["Pour elle"] : []))
                let words = try await desk.server.send(.get, "/v1/offer-words", key: key)
                #expect(words["sectors"]?.elements.count == (sees ? 1 : 0))
            }
        }
    }
}
