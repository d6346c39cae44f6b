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
            try await desk.server.database.owner.execute(
                script: """
                    create function public.break_off() returns trigger language plpgsql as $$
                    begin
                        if new.own_reference = 'R60' then raise 'broken off'; end if;
                        return new;
                    end
                    $$;
                    create trigger breaks before insert on bookings.imported for each row execute function public.break_off()
                    """)
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

    @Test func `the same table twice at once makes each booking once`() async throws {
        try await withDesk { desk in
            let lines = Array(Self.thousand.prefix(110))
            try await withThrowingTaskGroup(of: TestAnswer.self) { group in
                for turn in 0..<4 {
                    let order = turn < 2 ? lines : lines.reversed()
                    group.addTask { try await desk.enter(order, turn == 0 ? "allOrNothing" : "acceptedLines") }
                }
                var created = 0.0
                for try await answer in group {
                    #expect(answer.status == .ok && answer["refused"] == 0, "\(answer.body.prefix(500))")
                    if case .number(let number)? = answer["created"] { created += number }
                }
                #expect(created == 110)
            }
            #expect(try await desk.column("select count(*) from bookings.booking") == ["110"])
        }
    }
}
