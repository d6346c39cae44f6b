import Access
import Composition
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Delivery

@Suite("Mail tells of what happens to bookings, once")
struct MailTests {
    @Test func `a booking made, then cancelled, is told to its contact with its time`() async throws {
        try await withMail { desk, mailbox in
            let booking = try await desk.bookWithContact(on: desk.day(7))
            let report = try await desk.server.house.delivery.sendMail(with: mailbox.settings())
            #expect(report.accepted == 1, "\(report)")
            let first = try #require(try mailbox.messages().first)
            #expect(first.arguments == ["-i", "-f", "plateau@reseau.example", "--", "anne@boulons.example"])
            #expect(first.headers["To"] == "<anne@boulons.example>")
            #expect(first.headers["Auto-Submitted"] == "auto-generated")
            #expect(first.subject.hasPrefix("Réservation confirmée : Soudage « TIG », "), "\(first.subject)")
            let text = try #require(first.parts("text/plain").first)
            #expect(text.contains("Bonjour Anne,") && text.contains("Hall fictif (Site fictif, Mons)"), "\(text)")
            let request = try #require(first.parts("text/calendar; charset=utf-8; method=REQUEST").first)
            let entry = try #require(ReadCalendar(request).events.first)
            #expect(entry["UID"] == "\(booking)-1@plateau")
            #expect(entry["STATUS"] == "CONFIRMED")
            #expect(request == first.parts("application/ics; name=\"plateau.ics\"").first)

            try await desk.cancel(booking)
            try await desk.server.house.delivery.sendMail(with: mailbox.settings())
            let second = try #require(try mailbox.messages().first { $0.message != first.message })
            #expect(second.subject.hasPrefix("Réservation annulée"))
            #expect(second.parts("text/plain").first?.contains("Raison donnée : malade") == true)
            let cancel = try #require(second.parts("text/calendar; charset=utf-8; method=CANCEL").first)
            #expect(ReadCalendar(cancel).events.first?["UID"] == entry["UID"])
            #expect(ReadCalendar(cancel).events.first?["SEQUENCE"] == "1")
            #expect(ReadCalendar(cancel).events.first?["STATUS"] == "CANCELLED")
            for mail in [first, second] { try await DeliveryLog.shared.keep(mail: mail.message, subject: mail.subject) }
            #expect(try await desk.server.house.delivery.sendMail(with: mailbox.settings()).accepted == 0, "once")
        }
    }

    @Test func `an organisation chooses addresses, language and what it is told`() async throws {
        try await withMail { desk, mailbox in
            let path = "/v1/organisations/\(desk.network.company)/notification-settings"
            let before = try await desk.server.send(.get, path, key: desk.adminKey)
            #expect(before["version"] == .number(0), "\(before.body)")
            let json = """
                {"addresses": ["planning@boulons.example", "PLANNING@boulons.example"], "kinds": ["cancelled"], "language": "en",
                 "writesToContacts": false}
                """
            #expect(try await desk.server.send(.put, path, key: desk.adminKey, json: json).status == .preconditionRequired)
            let changed = try await desk.server.send(.put, path, key: desk.adminKey, headers: [.ifMatch: "*"], json: json)
            #expect(changed["version"] == .number(1), "\(changed.body)")
            let tag = try #require(before.headers[.eTag])
            let stale = try await desk.server.send(.put, path, key: desk.adminKey, headers: [.ifMatch: tag], json: json)
            #expect(stale.status == .preconditionFailed)

            let booking = try await desk.bookWithContact(on: desk.day(7))
            #expect(try await desk.server.house.delivery.sendMail(with: mailbox.settings()).accepted == 0)
            try await desk.cancel(booking)
            #expect(try await desk.server.house.delivery.sendMail(with: mailbox.settings()).accepted == 1, "two spellings are one")
            let mail = try #require(try mailbox.messages().first)
            #expect(mail.subject.hasPrefix("Booking cancelled: Soudage « TIG », "))
            #expect(mail.headers["Content-Language"] == "en")
        }
    }

    @Test func `a request asks the centre to decide, and the answer is told`() async throws {
        try await withMail { desk, mailbox in
            try await desk.askApproval()
            let own = "/v1/organisations/\(desk.network.centreOrganisation)/notification-settings"
            let set = try await desk.server.send(
                .put, own, key: desk.network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"addresses": ["bureau@centre.example"], "language": "fr", "writesToContacts": true}"#)
            #expect(set.status == .ok, "\(set.body)")
            let booking = try await desk.bookWithContact(on: desk.day(7))
            try await desk.server.house.delivery.sendMail(with: mailbox.settings())
            #expect(
                Set(try mailbox.messages().map { "\($0.arguments.last ?? "") \($0.subject.prefix(16))" })
                    == ["anne@boulons.example Demande reçue : ", "bureau@centre.example Demande à décide"])
            let approved = try await desk.server.send(
                .post, "/v1/bookings/\(booking)/approval", key: desk.network.managerKey, headers: [.ifMatch: "*"], json: "{}")
            #expect(approved.status == .ok, "\(approved.body)")
            try await desk.settle()
            try await desk.server.house.delivery.sendMail(with: mailbox.settings())
            #expect(try mailbox.messages().contains { $0.subject.hasPrefix("Demande acceptée") })
        }
    }

    @Test func `who decides is reminded once when half of the time has passed, and what lapses is told`() async throws {
        try await withMail { desk, mailbox in
            try await desk.askApproval()
            let delivery = desk.server.house.delivery
            let own = "/v1/organisations/\(desk.network.centreOrganisation)/notification-settings"
            _ = try await desk.server.send(
                .put, own, key: desk.network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"addresses": ["bureau@centre.example"], "language": "en", "writesToContacts": true}"#)
            let booking = try await desk.bookWithContact(on: desk.day(7))
            #expect(try await delivery.sendMail(with: mailbox.settings(reminderHours: 0)).accepted == 2)
            let owner = desk.server.database.owner
            _ = try await owner.queryText("update bookings.approval set asked_at = asked_at - interval '20 days'")
            #expect(try await delivery.sendMail(with: mailbox.settings(reminderHours: 0)).accepted == 1, "whoever decides, alone")
            let reminder = try #require(try mailbox.messages().first { $0.subject.hasPrefix("Reminder, request to decide") })
            #expect(reminder.arguments.last == "bureau@centre.example")
            #expect(try await delivery.sendMail(with: mailbox.settings(reminderHours: 0)).accepted == 0, "once")
            _ = try await owner.queryText(
                "update bookings.booking set expires_at = plateau.clock() - interval '1 second' where id = $1::uuid", [booking])
            _ = try await owner.queryText("select bookings.sweep(100)")
            try await desk.settle()
            #expect(try await delivery.sendMail(with: mailbox.settings(reminderHours: 0)).accepted == 1)
            let lapsed = try #require(try mailbox.messages().first { $0.subject.hasPrefix("Sans suite") })
            #expect(lapsed.arguments.last == "anne@boulons.example")
        }
    }

    @Test func `what the program cannot take now is tried again, what it refuses is not`() async throws {
        try await withMail { desk, mailbox in
            let delivery = desk.server.house.delivery
            try mailbox.become(exitCode: 75)
            try await desk.bookWithContact(on: desk.day(7))
            let failed = try await delivery.sendMail(with: mailbox.settings())
            #expect((failed.accepted, failed.failed) == (0, 1))
            #expect(try await delivery.sendMail(with: mailbox.settings()).failed == 0, "not at once")
            #expect(try await desk.mailStates() == ["pending 1 exit code 75"])
            try mailbox.become(exitCode: 0)
            try await desk.hurryMail()
            #expect(try await delivery.sendMail(with: mailbox.settings()).accepted == 1)
            #expect(Set(try mailbox.messages().map { $0.headers["Message-ID"] ?? "" }).count == 1, "the same in each try")
            try await desk.hurryMail()
            #expect(try await delivery.sendMail(with: mailbox.settings()).accepted == 0, "never twice")

            try mailbox.become(exitCode: 67)
            try await desk.bookWithContact(on: desk.day(8))
            #expect(try await delivery.sendMail(with: mailbox.settings()).failed == 1)
            #expect(try await desk.mailStates() == ["failed 1 exit code 67", "sent 2 "])
        }
    }

    @Test func `what another sender has is not sent, and what is no longer true is dropped`() async throws {
        try await withMail { desk, mailbox in
            let delivery = desk.server.house.delivery
            let booking = try await desk.bookWithContact(on: desk.day(7))
            let owner = desk.server.database.owner
            _ = try await owner.queryText("select delivery.write_mail(100)")
            let lent = try await owner.queryText("select count(*) from delivery.claim_mail(gen_random_uuid(), 10, 60)")
            #expect(lent == [["1"]])
            #expect(try await delivery.sendMail(with: mailbox.settings()).accepted == 0, "it is lent")
            _ = try await owner.queryText("update delivery.mail set lease_until = now() - interval '1 second'")
            try await desk.cancel(booking)
            #expect(try await delivery.sendMail(with: mailbox.settings()).accepted == 1, "only the cancellation")
            #expect(try mailbox.messages().map { $0.subject.prefix(19) } == ["Réservation annulée"])
            #expect(try await desk.mailStates() == ["sent 1 ", "superseded 0 "])
        }
    }

    @Test func `an event read again makes no further message, and the functions refuse by themselves`() async throws {
        try await withMail { desk, mailbox in
            try await desk.bookWithContact(on: desk.day(7))
            let owner = desk.server.database.owner
            for _ in 0..<2 {
                _ = try await owner.queryText("update delivery.progress set xact = 0, id = 0 where consumer = 'mail'")
                _ = try await owner.queryText("select delivery.write_mail(1000)")
            }
            #expect(try await desk.mailStates().count == 1, "not as it must be: a message made twice")
            func choose(_ organisation: OrganisationID, _ addresses: String, by key: String) async throws -> String? {
                let rows = try? await owner.queryText(
                    "select delivery.set_notifications($1, 0, $2::text[], null, 'fr', true, $3)", ["\(organisation)", addresses, key])
                return rows?.first?.first ?? nil
            }
            let manager = "\(try #require(desk.network.keys["manager"]))"
            let foreign = try await choose(desk.network.company, "{}", by: manager)
            #expect(foreign == "forbidden", "not as it must be: chosen by another organisation")
            let broken = try await choose(desk.network.centreOrganisation, "{\"a@b.c\nBcc: x@y.z\"}", by: manager)
            #expect(broken == nil, "not as it must be: an address with a line break")
        }
    }

    @Test func `a reminder comes once, before the time, and not to who has just booked`() async throws {
        try await withMail { desk, mailbox in
            let delivery = desk.server.house.delivery
            try await desk.bookWithContact(on: desk.day(3))
            try await delivery.sendMail(with: mailbox.settings())
            #expect(try await delivery.sendMail(with: mailbox.settings(reminderHours: 0)).accepted == 0)
            // Nobody booked this a moment ago.
            _ = try await desk.server.database.owner.queryText("update bookings.booking set created_at = created_at - interval '30 days'")
            #expect(try await delivery.sendMail(with: mailbox.settings(reminderHours: 120)).accepted == 1)
            #expect(try await delivery.sendMail(with: mailbox.settings(reminderHours: 120)).accepted == 0)
            #expect(try mailbox.messages().count { $0.subject.hasPrefix("Rappel : ") } == 1)
            try await desk.bookWithContact(on: desk.day(4))
            let report = try await delivery.sendMail(with: mailbox.settings(reminderHours: 130))
            #expect(report.accepted == 1, "its confirmation alone")
        }
    }

    @Test func `a series is told in one message`() async throws {
        try await withMail { desk, mailbox in
            let made = try await desk.server.send(
                .post, "/v1/booking-series", key: desk.network.companyKey,
                json: """
                    {"activity": "demonstration", "contact": {"name": "Anne", "email": "anne@boulons.example"},
                     "rule": "FREQ=DAILY;COUNT=4",
                     "lines": [{"resourceId": "\(desk.network.platform)", "start": "\(desk.day(7))T10:00:00Z",
                                "end": "\(desk.day(7))T11:00:00Z", "seats": 1}]}
                    """)
            #expect(made.status == .created, "\(made.body)")
            try await desk.settle()
            #expect(try await desk.server.house.delivery.sendMail(with: mailbox.settings()).accepted == 1)
            let mail = try #require(try mailbox.messages().first)
            #expect(mail.subject == "Réservation confirmée : démonstration, 4 dates")
            let calendar = try #require(mail.parts("application/ics; name=\"plateau.ics\"").first)
            #expect(ReadCalendar(calendar).events.count == 4)
            #expect(ReadCalendar(calendar).properties["METHOD"] == "PUBLISH")
            try await DeliveryLog.shared.keep(mail: mail.message, subject: mail.subject)
        }
    }

    @Test func `the program gets nothing of this one but the message`() async throws {
        try await withMail { desk, mailbox in
            try await desk.bookWithContact(on: desk.day(7))
            try await desk.server.house.delivery.sendMail(with: mailbox.settings())
            let environment = try mailbox.text(of: "environment").split(separator: "\n").map { $0.prefix { $0 != "=" } }
            #expect(Set(environment).isSubset(of: ["PATH", "LC_ALL", "PWD", "_", "SHLVL", "OLDPWD"]), "\(environment)")
            let descriptors = try mailbox.text(of: "open").split(separator: "\n").filter { $0.contains("->") }
            #expect(!descriptors.contains { $0.contains("socket:") }, "\(descriptors)")
        }
    }
}

extension DeliveryDesk {
    /// One seat for an hour, with a title and a contact.
    @discardableResult
    func bookWithContact(on day: String, email: String = "anne@boulons.example") async throws -> String {
        let answer = try await server.send(
            .post, "/v1/bookings", key: network.companyKey,
            json: """
                {"activity": "demonstration", "title": "Soudage « TIG »", "contact": {"name": "Anne", "email": "\(email)"},
                 "lines": [{"resourceId": "\(network.platform)", "start": "\(day)T10:00:00Z", "end": "\(day)T11:00:00Z", "seats": 1}]}
                """)
        #expect(answer.status == .created, "\(answer.body)")
        try await settle()
        return try #require(answer["id"]?.text)
    }

    /// From now on the platform's centre approves what is booked.
    func askApproval() async throws {
        let answer = try await server.send(
            .put, "/v1/resources/\(network.platform)/booking-terms", key: network.managerKey, headers: [.ifMatch: "*"],
            json: """
                {"approvalFor": ["always"], "selfService": false, "freeWorkingDays": 0, "lateFeePercent": 0, "noShowFeePercent": 0}
                """)
        #expect(answer.status == .ok, "\(answer.body)")
    }

    func mailStates() async throws -> [String] {
        let rows = try await server.database.owner.queryText(
            "select format('%s %s %s', state, tries, last_error) from delivery.mail order by 1")
        return rows.compactMap { $0.first ?? nil }
    }

    /// What waits is due.
    func hurryMail() async throws {
        _ = try await server.database.owner.queryText("update delivery.mail set next_at = now() where state = 'pending'")
    }
}

/// Serves a small network to `body`, with a mail program that keeps what it gets.
func withMail(_ body: @escaping @Sendable (DeliveryDesk, TestMailbox) async throws -> Void) async throws {
    let mailbox = try TestMailbox.open()
    defer { mailbox.close() }
    try await withDesk { desk in try await body(desk, mailbox) }
}
