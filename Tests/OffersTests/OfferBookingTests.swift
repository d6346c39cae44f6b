import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Offers: bookings that are for one")
struct OfferBookingTests {
    @Test
    func `a booking keeps the offer it names, shows it, and is found by it`() async throws {
        try await withOffers { desk in
            let offer = try await desk.create().id
            let booked = try await desk.book(for: offer)
            #expect(booked.status == .created, "\(booked.body)")
            #expect(booked["offerId"]?.text == offer)
            #expect(try await desk.book(for: nil).status == .created)
            let read = try await desk.server.send(.get, "/v1/bookings/\(booked.id)", key: desk.network.managerKey)
            #expect(read["offerId"]?.text == offer)
            let found = try await desk.server.send(.get, "/v1/bookings?offerId=\(offer)", key: desk.network.companyKey)
            #expect(found["items"]?.elements.map { $0["id"]?.text } == [booked.id], "\(found.body)")
        }
    }

    @Test
    func `an offer that nobody has, that is another centre's or another organisation's is refused with its rule alone`() async throws {
        try await withOffers { desk in
            let elsewhere = try await desk.offerElsewhere()
            let bespoke = try await desk.create(
                """
                "kind": "bespoke", "title": "Pour l'école", "sector": "metal", "audiences": ["worker"], "from": "2026-01-01",
                "organisationId": "\(desk.network.school)"
                """
            ).id
            for (offer, code) in [
                ("01990000-0000-7000-8400-0000000000ff", "offerUnknown"), (elsewhere, "offerOfOtherCentre"), (bespoke, "offerUnknown"),
            ] {
                for more in ["", "\"draft\": true, "] {
                    let refused = try await desk.book(for: offer, more: more)
                    #expect(refused.status == .conflict, "\(refused.body)")
                    #expect(refused.codes == [code])
                    #expect(refused["rules", 0, "rule"] == "offer" && refused["rules", 0, "facts", "offerId"]?.text == offer)
                    #expect(refused["alternatives"]?.elements.isEmpty == true)
                }
                #expect(try await desk.book(for: offer, query: "?dryRun=true").codes == [code])
            }
            #expect(try await desk.book(for: bespoke, key: desk.network.schoolKey).status == .created)
            // Its own staff may use what it made for somebody.
            #expect(try await desk.book(for: bespoke, key: desk.network.managerKey).status == .created)
        }
    }

    @Test(arguments: [
        ("2027-05-03", "The offer is given from 4 May 2027 to 5 May 2027 only."), ("2027-05-04", nil), ("2027-05-05", nil),
        ("2027-05-06", "The offer is given from 4 May 2027 to 5 May 2027 only."),
    ])
    func `an offer is for its own days, the last one included`(day: String, sentence: String?) async throws {
        try await withOffers { desk in
            let offer = try await desk.create(
                #""kind": "catalogue", "title": "T", "sector": "metal", "audiences": ["worker"], "from": "2027-05-04", "to": "2027-05-05""#
            ).id
            let answer = try await desk.book(for: offer, day: day)
            #expect(answer.status == (sentence == nil ? .created : .conflict), "\(answer.body)")
            #expect(answer["rules", 0, "text"]?.text == sentence)
        }
    }

    @Test
    func `after a withdrawal nothing new names it; what names it keeps it through changes and can drop it`() async throws {
        try await withOffers { desk in
            let offer = try await desk.create().id
            let booked = try await desk.book(for: offer)
            #expect(try await desk.withdraw(offer).status == .ok)
            let late = try await desk.book(for: offer)
            #expect(late.codes == ["offerNotInForce"], "\(late.body)")
            #expect(late["rules", 0, "text"]?.text?.hasPrefix("The offer was withdrawn on ") == true)
            let moved = try await change(desk, booked.id, desk.body(for: offer, day: "2027-05-11"))
            #expect(moved.status == .ok && moved["offerId"]?.text == offer, "\(moved.body)")
            let longer = try await desk.server.send(
                .post, "/v1/bookings/\(booked.id)/extension", key: desk.network.companyKey, headers: [.ifMatch: "*"],
                json: #"{"end": "2027-05-11T13:00:00Z"}"#)
            #expect(longer.status == .ok && longer["offerId"]?.text == offer, "\(longer.body)")
            let dropped = try await change(desk, booked.id, desk.body(for: nil, day: "2027-05-11"))
            #expect(dropped.status == .ok && dropped["offerId"] == nil, "\(dropped.body)")
            #expect(try await change(desk, booked.id, desk.body(for: offer, day: "2027-05-11")).codes == ["offerNotInForce"])
        }
    }

    @Test
    func `holds, series and batches name offers too`() async throws {
        try await withOffers { desk in
            let offer = try await desk.create().id
            let held = try await desk.server.send(
                .post, "/v1/holds", key: desk.network.companyKey, json: desk.body(for: offer, day: "2027-05-05"))
            #expect(held.status == .created && held["offerId"]?.text == offer, "\(held.body)")
            let confirmed = try await desk.server.send(
                .post, "/v1/bookings/\(held.id)/confirmation", key: desk.network.companyKey, headers: [.ifMatch: "*"], json: "{}")
            #expect(confirmed.status == .ok && confirmed["offerId"]?.text == offer, "\(confirmed.body)")
            let template = String(desk.body(for: offer).dropFirst())
            let series = try await desk.server.send(
                .post, "/v1/booking-series", key: desk.network.companyKey,
                json: "{\"rule\": \"FREQ=WEEKLY;COUNT=2\", \"mode\": \"atomic\", \(template)")
            #expect(series.status == .created, "\(series.body)")
            #expect(try await desk.withdraw(offer).status == .ok)
            let moved = try await desk.server.send(
                .post, "/v1/booking-series/\(series.id)/change", key: desk.network.companyKey, headers: [.ifMatch: "*"],
                json: """
                    {"from": "2027-05-11T09:00:00Z", "lines": [{"resourceId": "\(desk.network.platform)",
                     "start": "2027-05-12T09:00:00Z", "end": "2027-05-12T12:00:00Z", "seats": 2}]}
                    """)
            #expect(moved.status == .ok, "\(moved.body)")
            let found = try await desk.server.send(.get, "/v1/bookings?offerId=\(offer)&state=confirmed", key: desk.network.companyKey)
            #expect(
                found["items"]?.elements.map { $0["lines"]?.elements.first?["start"]?.text } == [
                    "2027-05-04T09:00:00Z", "2027-05-05T09:00:00Z", "2027-05-12T09:00:00Z",
                ])
            let batch = try await desk.server.send(
                .post, "/v1/bookings/batch", key: desk.network.companyKey,
                json: "{\"mode\": \"atomic\", \"bookings\": [\(desk.body(for: nil)), \(desk.body(for: offer))]}")
            #expect(batch["bookings", 0, "number"] == 2 && batch["bookings", 0, "rules", 0, "code"] == "offerNotInForce", "\(batch.body)")
        }
    }

    @Test
    func `other slots for a booking with an offer are at the offer's centre`() async throws {
        try await withOffers { desk in
            let offer = try await desk.create().id
            let whole = desk.body(for: nil).replacing("\"seats\": 2", with: "\"exclusive\": true")
            #expect(try await desk.server.send(.post, "/v1/bookings", key: desk.network.schoolKey, json: whole).status == .created)
            let refused = try await desk.book(for: offer)
            #expect(refused.codes == ["capacityFull"], "\(refused.body)")
            let resources = refused["alternatives"]?.elements.compactMap { $0["resourceId"]?.text } ?? []
            #expect(!resources.isEmpty && resources.allSatisfy { ResourceID($0)?.centreNumber == 1 }, "\(refused.body)")
        }
    }

    private func change(_ desk: OfferDesk, _ id: String, _ json: String) async throws -> TestAnswer {
        try await desk.server.send(
            .post, "/v1/bookings/\(id)/change", key: desk.network.companyKey, headers: [.acceptLanguage: "en", .ifMatch: "*"], json: json)
    }
}
