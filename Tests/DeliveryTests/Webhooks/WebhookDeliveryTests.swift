import Composition
import Delivery
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Webhooks reach whom they concern")
struct WebhookDeliveryTests {
    @Test
    func `an event arrives as the list of events has it, signed as Standard Webhooks says`() async throws {
        try await withReceiver { desk, receiver in
            let (id, secret) = try await desk.webhook(to: receiver.url)
            let booking = try await desk.book(on: "2027-06-01")
            try await desk.book(on: "2027-06-02", key: desk.network.schoolKey)
            try await desk.server.house.delivery.sendWhatIsDue()
            let message = try #require(receiver.received.first)
            #expect(receiver.received.count == 1, "another organisation's event is not sent")
            #expect(try StandardSignature.verifies(message, secret: secret))
            #expect(try !StandardSignature.verifies(message, secret: "whsec_" + String(repeating: "A", count: 43) + "="))
            #expect(message.contentType == "application/json")
            #expect(message.json?["data"]?["subjectId"]?.text == booking)
            let listed = try await desk.events("?type=booking.created")
            #expect(message.json == listed["items", 0])
            #expect(message.id == listed["items", 0, "id"]?.text)
            let log = try await desk.deliveries(of: id)
            #expect(log.first?["state"] == "delivered")
            #expect(log.first?["attempts"]?.elements.first?["status"] == 204)
            try await DeliveryLog.shared.keep(message, secret: secret)
        }
    }

    @Test
    func `what fails is tried again after a while under the same id, and a redirect is not followed`() async throws {
        try await withReceiver { desk, receiver in
            let (id, secret) = try await desk.webhook(to: receiver.url)
            receiver.answer(with: [.internalServerError, .movedPermanently])
            try await desk.book(on: "2027-06-01")
            for offset in [0, 1, 10, 11, 400] {
                try await desk.server.database.setClock(offset: .seconds(offset))
                try await desk.server.house.delivery.sendWhatIsDue()
            }
            #expect(receiver.received.count == 3)
            #expect(Set(receiver.received.map(\.id)).count == 1)
            for message in receiver.received { #expect(try StandardSignature.verifies(message, secret: secret)) }
            let attempts = try await desk.deliveries(of: id).first?["attempts"]?.elements ?? []
            #expect(attempts.map { $0["outcome"] } == ["delivered", "redirected", "refused"])
        }
    }

    @Test
    func `ten tries over three days, then the webhook is disabled and its organisation told`() async throws {
        try await withReceiver { desk, receiver in
            let (id, _) = try await desk.webhook(to: receiver.url)
            receiver.answer(with: Array(repeating: .serviceUnavailable, count: 50))
            try await desk.book(on: "2027-06-01")
            for hours in [0, 1, 2, 5, 12, 24, 40, 65, 90, 120, 150] {
                try await desk.server.database.setClock(offset: .seconds(hours * 3_600))
                try await desk.server.house.delivery.sendWhatIsDue()
            }
            #expect(receiver.received.count == 10)
            #expect(try await desk.deliveries(of: id).first?["state"] == "failed")
            let webhook = try await desk.server.send(.get, "/v1/webhooks/\(id)", key: desk.adminKey)
            #expect(webhook["enabled"] == false)
            #expect(webhook["disabledBecause"] == "failing")
            let notice = try await desk.events("?type=webhook.disabled")
            #expect(notice["items", 0, "data", "subjectId"]?.text == id)
            #expect(notice["items", 0, "data", "because"] == "failing")
            let schedule = try await desk.server.database.owner.queryText(
                "select sum(delivery.pause_after(n))::text, count(delivery.pause_after(n))::text from generate_series(1, 20) n")
            #expect(schedule == [["75:35:05", "9"]])
        }
    }

    @Test
    func `a receiver that says 410 gets nothing more until it is enabled again`() async throws {
        try await withReceiver { desk, receiver in
            let (id, _) = try await desk.webhook(to: receiver.url)
            receiver.answer(with: [.gone])
            try await desk.book(on: "2027-06-01")
            try await desk.server.house.delivery.sendWhatIsDue()
            try await desk.book(on: "2027-06-02")
            try await desk.server.house.delivery.sendWhatIsDue()
            #expect(receiver.received.count == 1)
            let enabled = try await desk.server.send(
                .patch, "/v1/webhooks/\(id)", key: desk.adminKey, headers: [.ifMatch: "*"], json: #"{"enabled": true}"#)
            #expect(enabled["enabled"] == true, "\(enabled.body)")
            try await desk.book(on: "2027-06-03")
            try await desk.server.house.delivery.sendWhatIsDue()
            #expect(receiver.received.count == 2)
        }
    }

    @Test
    func `what a sender had when it was killed is sent by another after a minute`() async throws {
        try await withReceiver { desk, receiver in
            let (id, _) = try await desk.webhook(to: receiver.url)
            try await desk.book(on: "2027-06-01")
            let owner = desk.server.database.owner
            _ = try await owner.queryText("select delivery.publish(100)")
            let dead = "01a151c0-961c-7000-b369-637d609e467a"
            let lent = try await owner.queryText("select message_id::text from delivery.claim($1, 10, 60)", [dead])
            #expect(lent.count == 1)
            try await desk.server.house.delivery.sendWhatIsDue()
            #expect(receiver.received.count == 0, "it is lent")
            try await desk.server.database.setClock(offset: .seconds(61))
            try await desk.server.house.delivery.sendWhatIsDue()
            #expect(receiver.received.count == 1)
            let late = try await owner.queryText(
                "select delivery.record_attempt($1, $2, $3, 'refused', 500::int2, 1, 0)", [id, lent[0][0], dead])
            #expect(late == [["leaseLost"]])
            #expect(try await desk.deliveries(of: id).first?["state"] == "delivered")
        }
    }

    @Test
    func `two senders at once send each message once`() async throws {
        try await withReceiver { desk, receiver in
            _ = try await desk.webhook(to: receiver.url)
            for day in 10...29 { try await desk.book(on: "2027-06-\(day)") }
            let delivery = desk.server.house.delivery
            async let one = delivery.sendWhatIsDue()
            async let other = delivery.sendWhatIsDue()
            _ = try await (one, other)
            // Whoever came second may have found nothing to publish yet.
            try await delivery.sendWhatIsDue()
            #expect(receiver.received.count == 20)
            #expect(Set(receiver.received.map(\.id)).count == 20)
        }
    }

    @Test
    func `only the types that were asked for are sent`() async throws {
        try await withReceiver { desk, receiver in
            _ = try await desk.webhook(to: receiver.url, more: #", "types": ["booking.cancelled"]"#)
            try await desk.cancel(try await desk.book(on: "2027-06-01"))
            try await desk.server.house.delivery.sendWhatIsDue()
            #expect(receiver.received.map { $0.json?["type"] } == ["booking.cancelled"])
        }
    }

    @Test
    func `after a rotation both secrets hold for a while, then the new one alone`() async throws {
        try await withReceiver { desk, receiver in
            let (id, former) = try await desk.webhook(to: receiver.url)
            let rotated = try await desk.server.send(
                .post, "/v1/webhooks/\(id)/secret-rotation", key: desk.adminKey, json: #"{"overlapHours": 2}"#)
            let present = try #require(rotated["secret"]?.text)
            #expect(present != former)
            #expect(rotated["formerSecretUntil"]?.text != nil)
            for hours in [0, 3] {
                try await desk.server.database.setClock(offset: .seconds(hours * 3_600))
                try await desk.book(on: "2027-06-0\(hours + 1)")
                try await desk.server.house.delivery.sendWhatIsDue()
            }
            let (during, after) = (try #require(receiver.received.first), try #require(receiver.received.last))
            #expect(try StandardSignature.verifies(during, secret: former))
            #expect(try StandardSignature.verifies(during, secret: present))
            #expect(try !StandardSignature.verifies(after, secret: former))
            #expect(try StandardSignature.verifies(after, secret: present))
        }
    }

    @Test
    func `a delivery is sent again when asked, and a test arrives`() async throws {
        try await withReceiver { desk, receiver in
            let (id, _) = try await desk.webhook(to: receiver.url)
            try await desk.book(on: "2027-06-01")
            let delivery = desk.server.house.delivery
            try await delivery.sendWhatIsDue()
            let event = try #require(receiver.received.first?.id)
            let replayed = try await desk.server.send(
                .post, "/v1/webhooks/\(id)/deliveries/\(event)/replay", key: desk.adminKey)
            #expect(replayed.status == .accepted)
            #expect(replayed["state"] == "pending")
            let tested = try await desk.server.send(.post, "/v1/webhooks/\(id)/test", key: desk.adminKey)
            #expect(tested.status == .accepted)
            try await delivery.sendWhatIsDue()
            #expect(receiver.received.map(\.id).sorted() == [event, event, tested["id"]?.text ?? ""].sorted())
            #expect(receiver.received.contains { $0.json?["type"] == "webhook.test" })
        }
    }
}

/// A desk whose webhooks may lead to loopback, and a receiver there.
func withReceiver<T: Sendable>(_ body: @escaping @Sendable (DeliveryDesk, WebhookReceiver) async throws -> T) async throws -> T {
    try await WebhookReceiver.serving { receiver in
        try await withDesk(destinations: DestinationRules(allowsPrivate: true)) { desk in try await body(desk, receiver) }
    }
}
