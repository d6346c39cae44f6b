import Foundation
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Delivery

@Suite("A message cannot be made to say more than it should")
struct MailMessageTests {
    private static let addresses: [(text: String, isGood: Bool)] = [
        ("anne@boulons.example", true), ("a.b+c@x-y.example.org", true), ("o'neil@a.b", true), ("A@B.C", true),
        ("a@b", false), ("@a.b", false), ("a@", false), ("a@b@c.d", false), ("a b@c.d", false), ("-oQ/tmp@a.b", false), (".a@b.c", false),
        ("a@b..c", false), ("a@-b.c", false), ("a@b-.c", false), ("é@a.b", false), ("a@é.b", false), ("a\n@b.c", false), ("a@b.c\n", false),
        ("a@b.c\r\nBcc: x@y.z", false), ("\"a\"@b.c", false), ("a(b)@c.d", false), ("a,b@c.d", false), ("a@b.c>", false), ("", false),
        (String(repeating: "a", count: 64) + "@b.c", true), (String(repeating: "a", count: 65) + "@b.c", false),
        ("a@" + String(repeating: "b", count: 251) + ".c", false),
    ]

    @Test func `the program and the database know the same addresses`() async throws {
        try await withTestDatabase { database in
            for (text, isGood) in Self.addresses {
                #expect((MailAddress(text) != nil) == isGood, "\(text)")
                let row = try await database.owner.queryText("select delivery.is_address($1)", [text])
                #expect(row == [[isGood ? "t" : "f"]], "\(text)")
            }
        }
    }

    @Test(arguments: [0, 1, 2, 3])
    func `a hostile text stays in its place`(seed: UInt64) async throws {
        var random = SplitMix64(seed: 77 + seed)
        let pieces = [
            "\r\n", "\n", "\r", "Bcc: x@y.z", "--=_plateau_", "é", "😀", " ", "=?utf-8?B?", "?=", "\u{0}", "MIME-Version: 1.0",
            ";", "a",
        ]
        let hostile = (0..<120).map { _ in pieces.randomElement(using: &random) ?? "a" }.joined()
        let now = try #require(Instant(rfc3339: "2026-11-28T14:54:11Z"))
        let period = try #require(Period(start: now, end: now + .seconds(3_600)))
        let event = CalendarEvent(
            uid: "1@plateau", sequence: 0, stamp: now, period: period, zone: Zone("Europe/Brussels"), summary: hostile, location: hostile,
            description: hostile, status: .confirmed,
            invitation: .init(organizer: "a@b.example", organizerName: hostile, attendee: "c@d.example"))
        let sender = try #require(MailAddress("a@b.example"))
        let recipient = try #require(MailAddress("c@d.example"))
        let message = MailMessage(
            id: MailID.make(centre: 0, at: now, random: &random), sender: sender, recipient: recipient, date: now, language: "fr",
            subject: hostile, text: hostile,
            calendars: [.init(method: .request, bytes: CalendarDocument(method: .request, events: [event]).bytes)])
        let text = String(decoding: message.bytes, as: UTF8.self)
        let lines = text.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 78 && $0.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } })
        #expect(!text.contains("Bcc"))
        #expect(lines.count { $0.hasPrefix("MIME-Version:") } == 1)
        let mail = TestMail("\n" + text)
        let kept = String(String.UnicodeScalarView(hostile.unicodeScalars.filter { $0.value >= 0x20 }))
        #expect(mail.subject == kept, "seed \(seed)")
        try await DeliveryLog.shared.keep(mail: text, subject: kept)
    }

    @Test func `a date is written as RFC 5322 has it`() throws {
        let instant = try #require(Instant(rfc3339: "2026-11-28T14:54:11Z"))
        #expect(MailMessage.date(instant) == "Sat, 28 Nov 2026 14:54:11 +0000")
    }
}
