import HTTPEdge
import HTTPTypes
import TestSupport
import Testing

@Suite("Tables of bookings")
struct BookingExportTests {
    private func export(_ desk: BookingDesk, _ query: String = "", key: String? = nil) async throws -> TestAnswer {
        try await desk.server.send(.get, "/v1/bookings.csv\(query)", key: key ?? desk.network.companyKey)
    }

    @Test func `what is exported is known, whoever made it and however it was changed, to who books and to the centre`() async throws {
        try await withDesk { desk in
            let head = "\(BookingDesk.importHead);title;contactName;contactEmail;exclusive"
            let made = try await desk.enter(
                [
                    BookingDesk.line("A", "INV-1") + ";=Sum(1);Ada;ada@example.org;",
                    BookingDesk.line("B", audiences: "worker:2 jobSeeker:3") + ";\"two;\nlines\";;;",
                    BookingDesk.line("'-C", hour: 12, seats: "") + ";;;;oui",
                ], head: head)
            #expect(made["created"] == 3, "\(made.body)")
            #expect(try await desk.enter(events: [BookingDesk.event("e", day: 3, "RRULE:FREQ=DAILY;COUNT=2")])["created"] == 2)
            // Made without a table, one of them with two lines; and one that was moved since.
            let line = { (hour: Int, resource: String) in
                #"{"resourceId": "\#(resource)", "start": "2027-06-07T\#(hour):00:00Z", "end": "2027-06-07T\#(hour + 1):00:00Z"}"#
            }
            let lines = [line(10, "\(desk.network.platform)"), line(12, "\(desk.network.units[0])")].joined(separator: ",")
            let two = try await desk.book(lines: lines)
            #expect(two.status == .created, "\(two.body)")
            let id = try #require(made["lines", 1, "booking", "bookingId"]?.text)
            let moved = try await desk.server.send(
                .post, "/v1/bookings/\(id)/change", key: desk.network.companyKey, headers: [.ifMatch: "*"],
                json: """
                    {"activity": "demonstration", "audiences": [{"audience": "worker", "headCount": 2}], "lines": [{"resourceId": \
                    "\(desk.network.platform)", "start": "2027-06-02T07:00:00Z", "end": "2027-06-02T08:30:00Z", "seats": 2}]}
                    """)
            #expect(moved.status == .ok, "\(moved.body)")
            for key in [desk.network.companyKey, desk.network.managerKey] {
                let table = try await export(desk, key: key)
                #expect(table.status == .ok && table.headers[.contentType]?.hasPrefix("text/csv") == true)
                #expect(table.body.contains("'=Sum(1)"), "\(table.body)")
                for mode in ["allOrNothing", "acceptedLines"] {
                    let again = try await desk.enter(table: table.body, mode, dryRun: true, key: key)
                    #expect(again["unchanged"] == 7 && again["refused"] == 0, "\(again.body)\n\(table.body)")
                }
                let entered = try await desk.enter(table: table.body, key: key)
                #expect(entered["unchanged"] == 7, "\(entered.body)")
            }
            #expect(try await desk.column("select count(*) from bookings.booking") == ["6"])
            // References of one organisation are not another's, and what another may not see is in no table.
            #expect(try await export(desk, key: desk.network.managerKey).body.contains("e/2027") == false)
            #expect(try await export(desk).body.contains("e/20270603T070000Z;"))
            let school = try await export(desk, key: desk.network.schoolKey)
            #expect(school.status == .ok && school.body.split(separator: "\r\n").count == 1, "\(school.body)")
            let changed = try await export(desk, "?state=confirmed&from=2027-06-03T00:00:00Z&to=2027-06-05T00:00:00Z")
            #expect(changed.body.split(separator: "\r\n").count == 3, "\(changed.body)")
        }
    }

    @Test func `another time or place under the reference of a booking is refused`() async throws {
        try await withDesk { desk in
            let made = try await desk.book(from: "2027-06-01T07:00:00Z", to: "2027-06-01T08:00:00Z")
            let reference = try #require(made["reference"]?.text)
            #expect(try await desk.enter([BookingDesk.line(reference)]).outcomes == ["unchanged"])
            let other = try await desk.enter([BookingDesk.line(reference, hour: 10)])
            #expect(other.faults == ["2 ownReference rowChanged"], "\(other.body)")
            // To who may not book for its organisation it is a reference as any other.
            let school = try await desk.enter([BookingDesk.line(reference, hour: 10)], key: desk.network.schoolKey)
            #expect(school.outcomes == ["created"], "\(school.body)")
        }
    }

    @Test func `a long list comes in files that follow each other, each of which is taken as it is`() async throws {
        try await withDesk { desk in
            let lines = (0..<1_010).map { number in
                BookingDesk.line("R\(number)", day: 1 + number / 12 % 28, hour: 8 + number % 12)
            }
            #expect(try await desk.enter(Array(lines.prefix(1_000)))["created"] == 1_000)
            #expect(try await desk.enter(Array(lines.suffix(10)))["created"] == 10)
            let first = try await export(desk, "?state=confirmed")
            let link = try #require(first.headers[.link])
            let address = try #require(link.split(separator: ">").first?.dropFirst())
            #expect(address.hasPrefix("/v1/bookings.csv?state=confirmed&after=") && link.hasSuffix("rel=\"next\""), "\(link)")
            let second = try await desk.server.send(.get, String(address), key: desk.network.companyKey)
            #expect(second.headers[.link] == nil)
            #expect(try await desk.enter(table: first.body, dryRun: true)["unchanged"] == 1_000)
            #expect(try await desk.enter(table: second.body, dryRun: true)["unchanged"] == 10)
            #expect(try await desk.server.send(.get, String(address) + "x", key: desk.network.companyKey).problem == "cursorInvalid")
        }
    }
}
