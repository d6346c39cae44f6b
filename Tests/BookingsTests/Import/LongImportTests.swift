import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Long tables of bookings")
struct LongImportTests {
    /// A thousand lines of a seat each, twelve hours a day.
    private static let thousand = (0..<1_000).map { number in
        BookingDesk.line("R\(number)", day: 1 + number / 12 % 28, hour: 8 + number % 12)
    }

    private static let breakingOff = """
        create function public.break_off() returns trigger language plpgsql as $$
        begin
            if new.own_reference = 'R60' then raise 'broken off'; end if;
            return new;
        end
        $$;
        create trigger breaks before insert on bookings.imported for each row execute function public.break_off()
        """

    @Test func `a thousand lines are made, and made once, however they are entered`() async throws {
        try await withDesk { desk in
            let dry = try await desk.enter(Self.thousand, dryRun: true)
            #expect(dry["created"] == 1_000 && dry["applied"] == false, "\(dry.faults.prefix(5))")
            let first = try await desk.enter(Self.thousand)
            #expect(first["created"] == 1_000, "\(first.faults.prefix(5))")
            let again = try await desk.enter(Self.thousand, "allOrNothing")
            #expect(again["unchanged"] == 1_000, "\(again.faults.prefix(5))")
            #expect(try await desk.column("select count(*) from bookings.booking") == ["1000"])
            // No transaction makes more than a portion of them.
            let portions = try await desk.column("select max(n) from (select count(*) n from bookings.imported group by xmin) p")
            #expect(portions == ["50"])
        }
    }

    @Test func `where a table broke off, the same table again goes on`() async throws {
        try await withDesk { desk in
            try await desk.server.database.owner.execute(script: Self.breakingOff)
            let lines = Array(Self.thousand.prefix(120))
            let broken = try await desk.enter(lines, idempotencyKey: "table-1")
            #expect(broken.status == .internalServerError, "\(broken.body)")
            #expect(try await desk.column("select count(*) from bookings.booking") == ["50"])
            try await desk.server.database.owner.execute(script: "drop trigger breaks on bookings.imported")
            let again = try await desk.enter(lines, idempotencyKey: "table-1")
            #expect(again["unchanged"] == 50 && again["created"] == 70, "\(again.body)")
            let replayed = try await desk.enter(lines, idempotencyKey: "table-1")
            #expect(replayed.body == again.body && replayed.headers[.idempotentReplayed] == "true")
            #expect(try await desk.column("select count(*) from bookings.booking") == ["120"])
        }
    }

    @Test func `a key stands for its table from the first line on that it makes, and not before`() async throws {
        try await withDesk { desk in
            let wrong = [BookingDesk.line("W", seats: "13")]
            #expect(try await desk.enter(wrong, idempotencyKey: "table-1")["refused"] == 1)
            _ = try await desk.column("delete from access.idempotency returning key")
            try await desk.server.database.owner.execute(script: Self.breakingOff)
            let lines = Array(Self.thousand.prefix(120))
            #expect(try await desk.enter(lines, idempotencyKey: "table-1").status == .internalServerError)
            let other = try await desk.enter(Array(Self.thousand.suffix(60)), idempotencyKey: "table-1")
            #expect(other.problem == "idempotencyKeyReused", "\(other.body)")
            #expect(try await desk.column("select count(*) from bookings.booking") == ["50"])
            // Where nothing was made yet, nothing is taken.
            let first = Array(Self.thousand[55..<65])
            #expect(try await desk.enter(first, idempotencyKey: "table-2").status == .internalServerError)
            #expect(try await desk.enter(Array(first.prefix(3)), idempotencyKey: "table-2")["created"] == 3)
        }
    }

    @Test func `the same table four times at once makes each booking once`() async throws {
        try await withDesk { desk in
            let lines = Array(Self.thousand.prefix(110))
            try await withThrowingTaskGroup(of: TestAnswer.self) { group in
                for turn in 0..<4 {
                    let order = turn < 2 ? lines : lines.reversed()
                    group.addTask { try await desk.enter(order, turn == 0 ? "allOrNothing" : "acceptedLines") }
                }
                for try await answer in group {
                    let isEntered = answer.status == .ok && answer["refused"] == 0
                    #expect(isEntered || answer.problem == "importInProgress", "\(answer.body.prefix(500))")
                }
            }
            // Whoever was told to come again finds what the others made.
            let again = try await desk.enter(lines)
            #expect(again.status == .ok && again["refused"] == 0, "\(again.body.prefix(500))")
            #expect(try await desk.enter(lines, "allOrNothing")["unchanged"] == 110)
            #expect(try await desk.column("select count(*) from bookings.booking") == ["110"])
        }
    }

    @Test func `while another table of the organisation is entered, one is told to come again`() async throws {
        try await withDesk { desk in
            let lines = Array(Self.thousand.prefix(60))
            _ = try await desk.column(
                "select pg_advisory_lock(50, (plateau.low_bits($1::uuid) & 2147483647)::integer)", ["\(desk.network.company)"])
            for (mode, isDry) in [("allOrNothing", false), ("acceptedLines", true), ("acceptedLines", false)] {
                let told = try await desk.enter(lines, mode, dryRun: isDry, idempotencyKey: "table-1")
                #expect(told.status == .conflict && told.problem == "importInProgress", "\(mode): \(told.body)")
                #expect(told.headers[.retryAfter] != nil)
            }
            #expect(try await desk.enter([BookingDesk.line("A")], key: desk.network.schoolKey)["created"] == 1)
            // A portion that finds the way free in time goes on.
            async let entering = desk.enter(lines, idempotencyKey: "table-1")
            try await Task.sleep(for: .milliseconds(150))
            _ = try await desk.column(
                "select pg_advisory_unlock(50, (plateau.low_bits($1::uuid) & 2147483647)::integer)", ["\(desk.network.company)"])
            let entered = try await entering
            #expect(entered["created"] == 60, "\(entered.body)")
        }
    }
}
