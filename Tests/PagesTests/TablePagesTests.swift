import Composition
import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Files by pages")
struct TablePagesTests {
    private static let head = "ownReference;resource;start;end;activity;title"

    /// Presses the button of a page that shows what would become of a file.
    private func press(_ browser: TestBrowser, _ page: TestAnswer, _ path: String, mode: String) async throws -> TestAnswer {
        let fields: KeyValuePairs = [
            "formToken": page.field("formToken") ?? "", "kind": page.field("kind") ?? "", "fileName": page.field("fileName") ?? "",
            "content": page.field("content") ?? "", "idempotencyKey": page.field("idempotencyKey") ?? "", "mode": mode,
        ]
        return try await browser.upload(path, fields, file: nil)
    }

    @Test func `a table is checked line by line, then entered once however often the button is pressed`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.companyKey)
            #expect(try await desk.get("/bookings").body.contains("href=\"/booking-tables\""))
            let form = try await desk.get("/booking-tables")
            #expect(form.status == .ok && form.body.contains("Calendar of bookings"), "\(form.body)")
            let table = """
                \(Self.head)
                A;Hall fictif;01/06/2027 09:00;01/06/2027 10:00;demonstration;"two
                lines <b>"
                B;Nowhere;01/06/2027 09:00;01/06/2027 10:00;demonstration;
                """
            let token = form.field("formToken") ?? ""
            let checked = try await desk.upload(
                "/booking-tables", ["formToken": token, "kind": "bookings"], file: (name: "plan <1>.csv", text: table))
            #expect(checked.status == .ok, "\(checked.body)")
            for text in ["plan &lt;1&gt;.csv", "To create: 1", "refused: 1", "resource", "Enter the 1 line that can be"] {
                #expect(checked.body.contains(text), "\(text): \(checked.body)")
            }
            #expect(try await count(server) == ["0"])
            // Pressed twice, and once more after going back: the same answer, one booking.
            let first = try await press(desk, checked, "/booking-tables/entry", mode: "acceptedLines")
            #expect(first.status == .ok && first.body.contains("It is entered. Created: 1"), "\(first.body)")
            #expect(first.body.contains("href=\"/bookings/"), "\(first.body)")
            let second = try await press(desk, checked, "/booking-tables/entry", mode: "acceptedLines")
            #expect(second.status == .ok && second.body.contains("It is entered. Created: 1"), "\(second.body)")
            #expect(try await count(server) == ["1"])
            #expect(try await server.database.owner.queryText("select title from bookings.booking")[0][0] == "two\nlines <b>")
            // Checked again it is there already, and there is nothing to press.
            let again = try await desk.upload(
                "/booking-tables", ["formToken": token, "kind": "bookings"], file: (name: "plan.csv", text: table))
            #expect(again.body.contains("there already: 1") && !again.body.contains("name=\"content\""), "\(again.body)")
            let export = try await desk.get("/bookings.csv?first=2027-06-01&last=2027-06-01")
            #expect(export.headers[.contentType]?.hasPrefix("text/csv") == true && export.body.contains("A;"), "\(export.body)")
            let none = try await desk.get("/bookings.csv?first=2027-06-02")
            #expect(!none.body.contains("A;"), "\(none.body)")
        }
    }

    @Test func `a calendar takes what its form says, and all of it is entered or nothing is`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.companyKey)
            let token = try await desk.get("/booking-tables").field("formToken") ?? ""
            let calendar = """
                BEGIN:VCALENDAR
                BEGIN:VEVENT
                UID:a
                DTSTART:20270601T070000Z
                DURATION:PT1H
                RRULE:FREQ=DAILY
                END:VEVENT
                END:VCALENDAR
                """
            let fields: KeyValuePairs = [
                "formToken": token, "kind": "bookingCalendar", "resource": "INV-1", "activity": "demonstration", "audiences": "",
                "firstDay": "", "lastDay": "2027-06-02",
            ]
            let checked = try await desk.upload("/booking-tables", fields, file: (name: "plan.ics", text: calendar))
            #expect(checked.body.contains("To create: 2") && checked.body.contains("Enter all of it"), "\(checked.body)")
            let carried: KeyValuePairs = [
                "formToken": token, "kind": "bookingCalendar", "resource": "INV-1", "activity": "demonstration", "lastDay": "2027-06-02",
                "content": checked.field("content") ?? "", "idempotencyKey": checked.field("idempotencyKey") ?? "", "mode": "allOrNothing",
            ]
            // Somebody was faster.
            let other = try await server.send(
                .post, "/v1/bookings", key: network.schoolKey,
                json: """
                    {"activity": "demonstration", "audiences": [], "lines": [{"resourceId": "\(network.units[0])", \
                    "start": "2027-06-02T07:00:00Z", "end": "2027-06-02T08:00:00Z"}]}
                    """)
            #expect(other.status == .created, "\(other.body)")
            let refused = try await desk.upload("/booking-tables/entry", carried, file: nil)
            #expect(refused.status == .unprocessableContent && refused.body.contains("Nothing was entered"), "\(refused.body)")
            #expect(refused.body.contains("Enter the 1 line that can be"), "\(refused.body)")
            #expect(try await count(server) == ["1"])
            // What the form said goes on with the file.
            for name in ["resource", "activity", "lastDay"] { #expect(refused.field(name) != nil, "\(refused.body)") }
        }
    }

    @Test func `what is no file of its kind is said at the form, and a centre's files are its managers'`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let address = "/centres/\(network.centre)/tables"
            #expect(try await desk.get("/centres/\(network.centre)/inventory").body.contains("href=\"\(address)\""))
            let form = try await desk.get(address)
            #expect(form.body.contains("Closed days") && !form.body.contains("Calendar of bookings"), "\(form.body)")
            let token = form.field("formToken") ?? ""
            let none = try await desk.upload(address, ["formToken": token, "kind": "closedDays"], file: nil)
            #expect(none.status == .unprocessableContent && none.body.contains("No file"), "\(none.body)")
            let wrong = try await desk.upload(
                address, ["formToken": token, "kind": "closedDays"], file: (name: "a.csv", text: "colour\nred\n"))
            #expect(wrong.status == .badRequest && wrong.body.contains("unknown column: colour"), "\(wrong.body)")
            let large = try await desk.upload(
                address, ["formToken": token, "kind": "closedDays"], file: (name: "a.csv", text: String(repeating: "x", count: 1_100_000)))
            #expect(large.status == .unprocessableContent && large.body.contains("File too large: At most 1 mebibyte:"), "\(large.status)")
            // Of what may be larger it is the API that says what is wrong.
            let long = try await desk.upload(
                address, ["formToken": token, "kind": "platforms"],
                file: (name: "a.csv", text: "colour\n" + String(repeating: String(repeating: "x", count: 10_000) + "\n", count: 180)))
            #expect(long.status == .badRequest && long.body.contains("unknown column: colour"), "\(long.status)")
            let huge = try await desk.upload(
                address, ["formToken": token, "kind": "closedDays"], file: (name: "a.csv", text: String(repeating: "x", count: 3_000_000)))
            #expect(huge.status == .contentTooLarge, "\(huge.status)")
            let checked = try await desk.upload(
                address, ["formToken": token, "kind": "closedDays"], file: (name: "a.csv", text: "day;reason\n2040-02-03;closure\n"))
            #expect(checked.body.contains("To create: 1"), "\(checked.body)")
            let done = try await press(desk, checked, "\(address)/entry", mode: "allOrNothing")
            #expect(done.body.contains("It is entered. Created: 1"), "\(done.body)")
            let kind = try await desk.upload(address, ["formToken": token, "kind": "bookings"], file: (name: "a.csv", text: "x"))
            #expect(kind.status == .notFound, "\(kind.body)")
            // Without the token of the session, as another form, or by another role nothing is read.
            let foreign = try await desk.upload(address, ["formToken": "00", "kind": "closedDays"], file: (name: "a.csv", text: "x"))
            #expect(foreign.status == .forbidden)
            let plain = try await desk.submit(address, ["formToken": token, "kind": "closedDays"])
            #expect(plain.status == .unsupportedMediaType)
            let company = TestBrowser(server)
            _ = try await company.signIn(with: network.companyKey)
            #expect(try await company.get(address).status == .forbidden)
        }
    }

    @Test func `what was filled in is there again beside what is wrong, and a file goes on while another one is entered`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.companyKey)
            let token = try await desk.get("/booking-tables").field("formToken") ?? ""
            let fields: KeyValuePairs = [
                "formToken": token, "kind": "bookingCalendar", "resource": "INV-1 \"x\"", "activity": "demonstration",
                "audiences": "worker:3", "firstDay": "2027-06-01", "lastDay": "2027-06-02",
            ]
            let wrong = try await desk.upload("/booking-tables", fields, file: nil)
            #expect(wrong.status == .unprocessableContent && wrong.body.contains("No file"), "\(wrong.body)")
            for kept in ["INV-1 &quot;x&quot;", "worker:3", "2027-06-01", "2027-06-02"] {
                #expect(wrong.body.contains("value=\"\(kept)\""), "\(kept): \(wrong.body)")
            }
            #expect(wrong.body.contains("<option value=\"demonstration\" selected>"), "\(wrong.body)")
            let table = (name: "plan.csv", text: "\(Self.head)\nA;Hall fictif;01/06/2027 09:00;01/06/2027 10:00;demonstration;\n")
            let checked = try await desk.upload("/booking-tables", ["formToken": token, "kind": "bookings"], file: table)
            // Another file of the organisation is entered just now.
            _ = try await server.database.owner.queryText(
                "select pg_advisory_lock(50, (plateau.low_bits($1::uuid) & 2147483647)::integer)", ["\(network.company)"])
            let later = try await desk.upload("/booking-tables", ["formToken": token, "kind": "bookings"], file: table)
            #expect(later.status == .conflict && later.body.contains("action=\"/booking-tables\""), "\(later.body)")
            let told = try await press(desk, checked, "/booking-tables/entry", mode: "allOrNothing")
            #expect(told.status == .conflict && told.body.contains("Try again"), "\(told.body)")
            for name in ["content", "fileName", "kind", "idempotencyKey"] {
                #expect(told.field(name) != nil && told.field(name) == checked.field(name), "\(name): \(told.body)")
            }
            _ = try await server.database.owner.queryText(
                "select pg_advisory_unlock(50, (plateau.low_bits($1::uuid) & 2147483647)::integer)", ["\(network.company)"])
            let entered = try await press(desk, told, "/booking-tables/entry", mode: "allOrNothing")
            #expect(entered.status == .ok && entered.body.contains("It is entered. Created: 1"), "\(entered.body)")
            let looked = try await press(desk, later, "/booking-tables", mode: "")
            #expect(looked.status == .ok && looked.body.contains("there already: 1"), "\(looked.body)")
        }
    }

    @Test func `a calendar of closures says what it opens again, and is entered for that alone`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let address = "/centres/\(network.centre)/tables"
            let token = try await desk.get(address).field("formToken") ?? ""
            func calendar(_ days: String...) -> (name: String, text: String) {
                let events = days.map { "BEGIN:VEVENT\nUID:\($0)\nDTSTART;VALUE=DATE:\($0)\nEND:VEVENT\n" }.joined()
                return (name: "closed.ics", text: "BEGIN:VCALENDAR\n\(events)END:VCALENDAR\n")
            }
            let plain: KeyValuePairs = ["formToken": token, "kind": "closureCalendar"]
            let complete: KeyValuePairs = ["formToken": token, "kind": "closureCalendar", "complete": "true"]
            let first = try await desk.upload(address, plain, file: calendar("20270602", "20270603"))
            #expect(!first.body.contains("opening hours") && !first.body.contains("other calendars"), "\(first.body)")
            let entered = try await press(desk, first, "\(address)/entry", mode: "allOrNothing")
            #expect(entered.status == .ok && entered.body.contains("Created: 2"), "\(entered.body)")
            let other = try await desk.upload(address, plain, file: calendar("20270601", "20270602"))
            #expect(other.body.contains("left as it is: 1 closure."), "\(other.body)")
            let same = try await desk.upload(address, plain, file: calendar("20270602"))
            #expect(same.body.contains("left as it is: 1 closure.") && same.field("content") == nil, "\(same.body)")
            let reopening = try await desk.upload(address, complete, file: calendar("20270602"))
            #expect(reopening.body.contains("no longer names would be open again: 1 closure."), "\(reopening.body)")
            #expect(reopening.body.contains("Enter all of it") && reopening.field("complete") == "true", "\(reopening.body)")
            let carried: KeyValuePairs = [
                "formToken": token, "kind": "closureCalendar", "complete": "true", "content": reopening.field("content") ?? "",
                "idempotencyKey": reopening.field("idempotencyKey") ?? "", "mode": "allOrNothing",
            ]
            let done = try await desk.upload("\(address)/entry", carried, file: nil)
            #expect(done.status == .ok && done.body.contains("no longer names is open again: 1 closure."), "\(done.body)")
            let nothing = try await desk.upload(address, complete, file: calendar("20270602"))
            #expect(nothing.body.contains("there already: 1") && nothing.field("content") == nil, "\(nothing.body)")
            // What was ticked stays so beside what is wrong.
            let wrong = try await desk.upload(address, complete, file: nil)
            #expect(wrong.body.contains("value=\"true\" checked>"), "\(wrong.body)")
        }
    }

    private func count(_ server: TestServer) async throws -> [String?] {
        try await server.database.owner.queryText("select count(*) from bookings.booking").map { $0[0] }
    }
}
