import Composition
import HTTPTypes
import Kernel
import Maintenance
import Postgres
import TestSupport
import Testing

@testable import Delivery

@Suite("Mail about what is to come back")
struct MailOfThingsTests {
    @Test func `who has it is reminded before, and told once that it is late, in their language`() async throws {
        try await withMail { desk, mailbox in
            let stock = try await desk.enterStock()
            let settings = try await desk.server.send(
                .put, "/v1/organisations/\(desk.network.company)/notification-settings", key: desk.adminKey, headers: [.ifMatch: "*"],
                json: #"{"addresses": ["planning@boulons.example"], "language": "en", "writesToContacts": true}"#)
            #expect(settings.status == .ok, "\(settings.body)")
            try await desk.handOut(stock, more: #", "organisationId": "\#(desk.network.company)""#)
            try await desk.pass(hours: 7)
            try await desk.warn()
            let delivery = desk.server.house.delivery
            #expect(try await delivery.sendMail(with: mailbox.settings()).accepted == 2)
            let first = try mailbox.messages()
            #expect(Set(first.compactMap(\.arguments.last)) == ["planning@boulons.example", "marie@boulons.example"])
            #expect(first.allSatisfy { $0.subject.hasPrefix("To be returned: 4 × Casques, ") }, "\(first.map(\.subject))")
            try await desk.pass(hours: 10)
            try await desk.warn()
            #expect(try await delivery.sendMail(with: mailbox.settings()).accepted == 2)
            let late = try mailbox.messages().filter { $0.subject.hasPrefix("Late return: 4 × Casques, ") }
            #expect(late.count == 2 && late.allSatisfy { $0.headers["Content-Language"] == "en" })
            let text = late.first?.parts("text/plain").first ?? ""
            #expect(text.contains("4 × Casques (Site fictif, Mons)") && text.contains("Taken by: Marie (fictif)"), "\(text)")
            for mail in late { try await DeliveryLog.shared.keep(mail: mail.message, subject: mail.subject) }
            try await desk.warn()
            #expect(try await delivery.sendMail(with: mailbox.settings()).accepted == 0, "once")
        }
    }

    @Test func `who has it alone is written to in French, and not when it is back before the mail goes`() async throws {
        try await withMail { desk, mailbox in
            let stock = try await desk.enterStock()
            let delivery = desk.server.house.delivery
            try await desk.handOut(stock)
            try await desk.pass(hours: 9)
            try await desk.warn()
            #expect(try await delivery.sendMail(with: mailbox.settings()).accepted == 1)
            let mail = try #require(try mailbox.messages().first)
            #expect(mail.arguments.last == "marie@boulons.example" && mail.subject.hasPrefix("Retour en retard : 4 × Casques, "))
            try await DeliveryLog.shared.keep(mail: mail.message, subject: mail.subject)

            try await desk.handOut(stock, 2)
            try await desk.pass(hours: 20)
            try await desk.warn()
            let custody = try await desk.server.send(.get, "/v1/custodies?late=true", key: desk.network.managerKey)["items", 0]
            let back = try await desk.server.send(
                .post, "/v1/custodies/\(custody?["id"]?.text ?? "")/returns", key: desk.network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"stocks": [{"stockId": "\#(stock)", "amount": 2}]}"#)
            #expect(back.status == .ok, "\(back.body)")
            #expect(try await delivery.sendMail(with: mailbox.settings()).accepted == 0, "it is back")
            let last = try await desk.server.database.owner.queryText("select state from delivery.mail order by created_at desc limit 1")
            #expect(last == [["superseded"]], "it is back")
        }
    }

    @Test func `the contact of the booking is written to, who did not fetch it`() async throws {
        try await withMail { desk, mailbox in
            let booking = try await desk.bookWithContact(on: desk.day(1))
            let owner = desk.server.database.owner
            // As if the booking were of a truck that somebody fetched.
            _ = try await owner.queryText("update inventory.asset set is_mobile = true, platform_id = null")
            _ = try await owner.queryText(
                """
                insert into maintenance.custody (
                    centre_id, id, booking_id, organisation_id, taken_by, due_at, handed_out_at, handed_out_by)
                select b.centre_id, $1::uuid, b.id, b.organisation_id, 'M', plateau.clock() - interval '1 minute',
                       plateau.clock() - interval '1 hour', b.created_by
                from bookings.booking b where b.id = $2::uuid
                """, ["01990000-0000-7000-8400-0000000000f1", booking])
            _ = try await owner.queryText(
                """
                insert into maintenance.custody_item (centre_id, custody_id, asset_id, condition_out)
                select 1, $1::uuid, a.id, 'good' from inventory.asset a limit 1
                """, ["01990000-0000-7000-8400-0000000000f1"])
            try await desk.settle()
            _ = try await desk.server.house.delivery.sendMail(with: mailbox.settings(reminderHours: 0))
            try await desk.warn()
            _ = try await desk.server.house.delivery.sendMail(with: mailbox.settings(reminderHours: 0))
            let late = try mailbox.messages().filter { $0.subject.hasPrefix("Retour en retard") }
            #expect(late.map { $0.arguments.last } == ["anne@boulons.example"])
        }
    }
}

extension DeliveryDesk {
    fileprivate func enterStock() async throws -> String {
        let made = try await server.send(
            .post, "/v1/centres/\(network.centre)/stocks", key: network.managerKey,
            json: #"{"name": "Casques", "siteId": "\#(network.site)", "visibility": "shared", "amount": 10}"#)
        return try #require(made["id"]?.text, "\(made.body)")
    }

    /// Due in eight hours.
    fileprivate func handOut(_ stock: String, _ amount: Int = 4, more: String = "") async throws {
        let now = try await server.database.owner.queryText("select plateau.rfc3339(plateau.clock() + interval '8 hours')")[0][0] ?? ""
        let out = try await server.send(
            .post, "/v1/centres/\(network.centre)/custodies", key: network.managerKey,
            json: """
                {"takenBy": "Marie (fictif)", "contactEmail": "marie@boulons.example", "dueAt": "\(now)",
                 "stocks": [{"stockId": "\(stock)", "amount": \(amount)}]\(more)}
                """)
        #expect(out.status == .created, "\(out.body)")
    }

    /// It is so many hours after the test began.
    fileprivate func pass(hours: Int) async throws {
        _ = try await server.database.owner.queryText("call plateau.set_clock_offset(make_interval(hours => $1::integer))", ["\(hours)"])
    }

    fileprivate func warn() async throws {
        _ = try await server.house.maintenance.warnOfCustodies()
        try await settle()
    }
}
