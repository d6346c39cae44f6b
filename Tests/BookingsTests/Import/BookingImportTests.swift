import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Bookings from tables")
struct BookingImportTests {
    private static let count = "select count(*) from bookings.booking"

    @Test
    func `a dry run says of every line what a booking would answer, each counting against the next, and makes nothing`() async throws {
        try await withDesk { desk in
            let lines = [
                BookingDesk.line("A", "INV-1"), BookingDesk.line("B", "INV-1"), BookingDesk.line("C", seats: "13"),
                BookingDesk.line("D", audiences: "teacher:4"), BookingDesk.line("E", hour: 10, seats: "12"),
            ]
            let dry = try await desk.enter(lines, dryRun: true)
            #expect(dry.status == .ok && dry["applied"] == false && dry["dryRun"] == true, "\(dry.body)")
            #expect(dry.outcomes == ["created", "refused", "refused", "refused", "created"])
            #expect(
                dry.faults == ["3 resource unitTaken", "4 seats quantityTooLarge", "5 audiences audienceNotTargeted"], "\(dry.body)")
            #expect(dry["faults", 1, "detail"]?.text?.contains("13") == true, "\(dry.body)")
            #expect(dry["lines", 0, "booking", "state"] == "confirmed" && dry["lines", 0, "booking", "bookingId"] == nil)
            // The machine beside it is free at that time.
            #expect(dry["lines", 1, "booking", "alternatives", 0, "resourceId"]?.text == "\(desk.network.units[1])", "\(dry.body)")
            for (index, seats, audience) in [(2, 13, nil), (3, 1, "teacher" as String?)] {
                let alone = try await desk.book(
                    from: "2027-06-01T07:00:00Z", to: "2027-06-01T08:00:00Z", seats: seats, audience: audience, query: "?dryRun=true")
                #expect(alone.status == .conflict && alone["rules"] == dry["lines", index, "booking", "rules"], "\(alone.body) \(dry.body)")
                #expect(alone["alternatives"] == dry["lines", index, "booking", "alternatives"], "\(alone.body) \(dry.body)")
            }
            #expect(try await desk.column(Self.count) == ["0"])
            #expect(try await desk.column("select count(*) from bookings.imported") == ["0"])
            #expect(try await desk.column("select count(*) from bookings.unmet_demand") == ["0"])
            let whole = try await desk.enter(lines, "allOrNothing", dryRun: true)
            #expect(whole.status == .ok && whole.faults == dry.faults && whole["applied"] == false)
        }
    }

    @Test func `what can be had is made, and the same table again answers with it`() async throws {
        try await withDesk { desk in
            let lines = [
                BookingDesk.line("A", "INV-1"), BookingDesk.line("B", "INV-1"), BookingDesk.line("C", audiences: "worker:2 jobSeeker:3"),
            ]
            let first = try await desk.enter(lines)
            #expect(first.status == .ok && first["applied"] == true, "\(first.body)")
            #expect(first.outcomes == ["created", "refused", "created"])
            let id = try #require(first["lines", 2, "booking", "bookingId"]?.text)
            let read = try await desk.server.send(.get, "/v1/bookings/\(id)", key: desk.network.companyKey)
            #expect(read["reference"] == first["lines", 2, "booking", "reference"])
            #expect(read["lines", 0, "start"] == "2027-06-01T07:00:00Z" && read["audiences"]?.elements.count == 2, "\(read.body)")
            // What was turned away is known.
            #expect(try await desk.column("select cause from bookings.unmet_demand") == ["refused"])
            let again = try await desk.enter(lines)
            #expect(again.outcomes == ["unchanged", "refused", "unchanged"], "\(again.body)")
            #expect(again["lines", 2, "booking", "bookingId"]?.text == id && again["lines", 2, "booking", "state"] == "confirmed")
            // As other hands write it: other order, spelling, offset and column order, the resource by its id.
            let other = try await desk.enter(
                ["\"jobSeeker:3  worker:2\",demonstration,,2027-06-01 10:00,2027-06-01T07:00:00Z,\(desk.network.platform), C "],
                head: "audiences,activity,seats,end,start,resource,ownReference")
            #expect(other.outcomes == ["unchanged"], "\(other.body)")
            #expect(try await desk.column(Self.count) == ["2"])
        }
    }

    @Test func `an accent spelt in one scalar or in two is the same`() async throws {
        try await withDesk { desk in
            _ = try await desk.column(
                "update platforms.resource set name = $2 where id = $1::uuid returning id::text",
                ["\(desk.network.platform)", "Hall de me\u{301}tal"])
            let head = "\(BookingDesk.importHead);title"
            let first = try await desk.enter([BookingDesk.line("\u{C9}t\u{E9}-1", "Hall de m\u{E9}tal") + ";\u{E9}t\u{E9}"], head: head)
            #expect(first.outcomes == ["created"], "\(first.body)")
            let other = BookingDesk.line("E\u{301}te\u{301}-1", "Hall de me\u{301}tal") + ";e\u{301}te\u{301}"
            let again = try await desk.enter([other], head: head)
            #expect(again.outcomes == ["unchanged"], "\(again.body)")
            #expect(try await desk.column("select octet_length(own_reference)::text from bookings.imported") == ["7"])
        }
    }

    @Test func `what was entered for a machine that is retired since is known, and a new line for it says that it is`() async throws {
        try await withDesk { desk in
            _ = try await desk.column(
                "update platforms.resource set name = 'Hall' where id = $1::uuid returning id::text", ["\(desk.network.platform)"])
            #expect(try await desk.enter([BookingDesk.line("A", "Hall")]).outcomes == ["created"])
            _ = try await desk.column(
                "update platforms.resource set retired_at = now() where id = $1::uuid returning id::text", ["\(desk.network.platform)"])
            let again = try await desk.enter([BookingDesk.line("A", "Hall"), BookingDesk.line("B", "Hall")])
            #expect(again.outcomes == ["unchanged", "refused"], "\(again.body)")
            #expect(again.faults.contains { $0.hasSuffix("resourceRetired") }, "\(again.faults)")
        }
    }

    @Test func `a line in the same words stays what it made when its names mean something else, or nothing, by now`() async throws {
        try await withDesk { desk in
            let (platform, unit) = ("\(desk.network.platform)", "\(desk.network.units[0])")
            func call(_ resource: String, _ name: String) async throws {
                _ = try await desk.column(
                    "update platforms.resource set name = $2 where id = $1::uuid returning id::text", [resource, name])
            }
            try await call(platform, "Hall")
            let made = try await desk.enter([BookingDesk.line("A", "Hall")])
            #expect(made.outcomes == ["created"], "\(made.body)")
            // Another thing has the name, then both, then none.
            try await call(platform, "Ancien hall")
            try await call(unit, "Hall")
            for name in ["Hall", "Ancien hall"] {
                let again = try await desk.enter([BookingDesk.line("A", "Hall")], "allOrNothing")
                #expect(again.outcomes == ["unchanged"] && again["lines", 0, "booking", "resourceId"]?.text == platform, "\(again.body)")
                #expect(again["lines", 0, "booking", "start"] == "2027-06-01T07:00:00Z", "\(again.body)")
                try await call(unit, name == "Hall" ? "Machine" : "Autre")
            }
            let both = try await desk.enter([BookingDesk.line("A", "Hall"), BookingDesk.line("B", "Hall")])
            #expect(both.outcomes == ["unchanged", "refused"] && both.faults == ["3 resource resourceUnknown"], "\(both.body)")
            // Other words for another thing are another line.
            let other = try await desk.enter([BookingDesk.line("A", "Autre")])
            #expect(other.faults == ["2 ownReference rowChanged"], "\(other.body)")
        }
    }

    @Test func `a line that says something else under the same reference is refused, and names what it made`() async throws {
        try await withDesk { desk in
            let first = try await desk.enter([BookingDesk.line("A")])
            let reference = try #require(first["lines", 0, "booking", "reference"]?.text)
            let changed = try await desk.enter([BookingDesk.line("A", seats: "2"), BookingDesk.line("B")])
            #expect(changed.faults == ["2 ownReference rowChanged"] && changed.outcomes == ["refused", "created"], "\(changed.body)")
            #expect(changed["faults", 0, "detail"]?.text?.contains(reference) == true)
            #expect(changed["lines", 0, "booking", "reference"]?.text == reference)
            // A cancelled booking stays what its line made, and answers so for longer than keys are kept.
            let id = try #require(first["lines", 0, "booking", "bookingId"]?.text)
            _ = try await desk.server.send(
                .post, "/v1/bookings/\(id)/cancellation", key: desk.network.companyKey, headers: [.ifMatch: "*"],
                json: #"{"reason": "planning"}"#)
            _ = try await desk.column("delete from access.idempotency returning key")
            let later = try await desk.enter([BookingDesk.line("A")], idempotencyKey: "table-1")
            #expect(later.outcomes == ["unchanged"] && later["lines", 0, "booking", "state"] == "cancelledByUser", "\(later.body)")
            // Another organisation has references of its own.
            let school = try await desk.enter([BookingDesk.line("A", seats: "2")], key: desk.network.schoolKey)
            #expect(school.outcomes == ["created"], "\(school.body)")
        }
    }

    @Test func `all or nothing: one line that is refused undoes the others, and what was turned away is known`() async throws {
        try await withDesk { desk in
            let lines = [BookingDesk.line("A", "INV-1"), BookingDesk.line("B", "INV-1"), BookingDesk.line("C")]
            let refused = try await desk.enter(lines, "allOrNothing", idempotencyKey: "table-1")
            #expect(refused.status == .unprocessableContent && refused.problem == "importRefused", "\(refused.body)")
            #expect(refused.reportedFaults == ["3 resource unitTaken"], "\(refused.body)")
            #expect(refused["report", "lines", 1, "booking", "alternatives", 0, "resourceId"]?.text == "\(desk.network.units[1])")
            #expect(try await desk.column(Self.count) == ["0"])
            #expect(try await desk.column("select count(*) from bookings.imported") == ["0"])
            #expect(try await desk.column("select resource_id from bookings.unmet_demand") == ["\(desk.network.units[0])"])
            // A refusal leaves no key.
            let right = [lines[0], BookingDesk.line("B", "INV-2"), lines[2]]
            let made = try await desk.enter(right, "allOrNothing", idempotencyKey: "table-1")
            #expect(made.status == .ok && made["created"] == 3 && made["applied"] == true, "\(made.body)")
            let again = try await desk.enter(right, "allOrNothing", idempotencyKey: "table-1")
            #expect(again.body == made.body && again.headers[.idempotentReplayed] == "true")
            #expect(try await desk.enter(lines, "allOrNothing", idempotencyKey: "table-1").problem == "idempotencyKeyReused")
            #expect(try await desk.enter(right, "allOrNothing")["unchanged"] == 3)
        }
    }

    @Test func `tables as spreadsheets save them are read`() async throws {
        try await withDesk { desk in
            let head = "start;end;ownReference;resource;centre;site;activity;exclusive;title;contactName;contactEmail;;"
            let place = "Hall fictif;Centre fictif;Site fictif;demonstration"
            let table =
                "\u{FEFF}\(head)\r\n;;;;;;;;;;;;\r\n"
                + "01/06/2027 9:00;01/06/2027 11:00:00;'=A1;\(place);VRAI;\"'=Sum(1)\nnext \"\"one\"\"\";Ada;ada@example.org;;\r\n"
                + "2027-10-31 02:30;2027-10-31 04:00;'-2;\(place);faux;;;;;\r\n"
            let answer = try await desk.enter(table: table)
            #expect(answer.outcomes == ["created", "created"] && answer["lines", 0, "line"] == 3, "\(answer.body)")
            #expect(answer["lines", 0, "booking", "ownReference"] == "=A1" && answer["lines", 1, "booking", "ownReference"] == "-2")
            let id = try #require(answer["lines", 0, "booking", "bookingId"]?.text)
            let read = try await desk.server.send(.get, "/v1/bookings/\(id)", key: desk.network.companyKey)
            #expect(read["title"] == "=Sum(1)\nnext \"one\"" && read["lines", 0, "seats"] == 12, "\(read.body)")
            #expect(read["contact", "email"] == "ada@example.org", "\(read.body)")
            // Half past two happens twice: the first, an hour and a half and one more before four.
            let starts = "select starts from bookings.booking order by starts desc limit 1"
            #expect(try await desk.column(starts) == ["2027-10-31 00:30:00+00"])
        }
    }

    @Test(arguments: [
        ("A;Nowhere;01/06/2027 09:00;01/06/2027 10:00;1;demonstration;", "2 resource resourceUnknown"),
        ("A;Robot fictif;01/06/2027 09:00;01/06/2027 10:00;1;demonstration;", "2 resource nameAmbiguous"),
        ("A;01990000-0000-7000-8400-00000000ffff;01/06/2027 09:00;01/06/2027 10:00;1;demonstration;", "2 resource resourceUnknown"),
        ("A;Hall fictif;01/06/2027;01/06/2027 10:00;1;demonstration;", "2 start tableMoment"),
        ("A;Hall fictif;01/06/2027 10:00;01/06/2027 10:00;1;demonstration;", "2 end period"),
        ("A;Hall fictif;01/06/2027 10:00;01/09/2027 10:00;1;demonstration;", "2 end windowTooLong"),
        ("A;Hall fictif;01/06/2027 09:00;01/06/2027 10:00;0;demonstration;", "2 seats range"),
        ("A;Hall fictif;01/06/2027 09:00;01/06/2027 10:00;1,5;demonstration;", "2 seats integer"),
        ("A;Hall fictif;01/06/2027 09:00;01/06/2027 10:00;1;welding;", "2 activity choice"),
        (";Hall fictif;01/06/2027 09:00;01/06/2027 10:00;1;demonstration;", "2 ownReference missing"),
        ("A;Hall fictif;01/06/2027 09:00;01/06/2027 10:00;1;demonstration;jobSeeker", "2 audiences audienceWord"),
        ("A;Hall fictif;01/06/2027 09:00;01/06/2027 10:00;1;demonstration;jobSeeker:0", "2 audiences range"),
        ("A;Hall fictif;01/06/2027 09:00;01/06/2027 10:00;1;demonstration;worker:1 worker:2", "2 audiences duplicate"),
        ("A;Hall fictif;01/06/2027 09:00;01/06/2027 10:00;1;catalogueTraining;", "2 audiences participantsRequired"),
        ("A;Hall fictif;01/06/2020 09:00;01/06/2020 10:00;1;demonstration;", "2 start inThePast"),
    ])
    func `a line at fault says where and why, and the others are entered`(line: String, fault: String) async throws {
        try await withDesk { desk in
            let answer = try await desk.enter([line, BookingDesk.line("Z")])
            #expect(answer.faults.contains(fault), "\(answer.body)")
            #expect(answer.outcomes == ["refused", "created"], "\(answer.body)")
        }
    }

    @Test func `two lines of one reference are both refused, and further columns are read as a booking's members are`() async throws {
        try await withDesk { desk in
            let twice = try await desk.enter([BookingDesk.line("A"), BookingDesk.line("A", hour: 12)])
            #expect(twice.faults == ["2 ownReference keyTwice", "3 ownReference keyTwice"], "\(twice.body)")
            let head = "\(BookingDesk.importHead);exclusive;contactEmail;offer;organisation;holders"
            let wrong = try await desk.enter(
                [
                    BookingDesk.line("A") + ";oui;;;;", BookingDesk.line("B") + ";;nobody;;;", BookingDesk.line("C") + ";;;NO-1;;",
                    BookingDesk.line("D") + ";;;;x;", BookingDesk.line("E") + ";;;;;driver",
                ], head: head)
            #expect(
                wrong.faults == [
                    "2 exclusive seatsOrExclusive", "3 contactEmail email", "3 contactName missing", "4 offer offerCodeUnknown",
                    "5 organisation identifier", "6 holders holderWord",
                ], "\(wrong.body)")
            #expect(try await desk.column(Self.count) == ["0"])
        }
    }

    @Test func `what is no table of bookings is refused`() async throws {
        try await withDesk { desk in
            let unknown = try await desk.enter(table: "ownReference;resource;start;end;colour\n")
            #expect(unknown.status == .badRequest, "\(unknown.body)")
            #expect(unknown["issues"]?.elements.compactMap { $0["code"]?.text } == ["columnUnknown", "columnMissing"], "\(unknown.body)")
            let many = try await desk.enter((0...1_000).map { BookingDesk.line("R\($0)") }, dryRun: true)
            #expect(many["issues", 0, "code"] == "tableTooLong", "\(many.body)")
            let long = (0..<40).map { "R\($0);Hall fictif;01/06/2027 09:00;28/06/2027 09:00;1;demonstration;" }
            #expect(try await desk.enter(long)["issues", 0, "code"] == "tooManyLineDays")
            let empty = try await desk.enter([])
            #expect(empty.status == .ok && empty.outcomes == [], "\(empty.body)")
        }
    }
}
