import Kernel
import Locking
import Logging
import Postgres
import TestSupport
import Testing

@Suite("No event is skipped, whatever commits first")
struct EventOrderTests {
    @Test
    func `an event that was written earlier and commits later is not skipped`() async throws {
        try await withDesk { desk in
            let start = try await desk.readOn(key: desk.network.networkKey)
            try await withSession(to: desk) { slow in
                _ = try await desk.server.database.owner.queryText("select delivery.publish(100)")
                try await slow.execute(script: "begin; " + Self.write("early.written", desk))
                try await desk.server.database.owner.execute(script: Self.write("late.written", desk))
                // The later one is there, but the order is not certain yet: both are withheld.
                let withheld = try await desk.readOn(from: start.next, key: desk.network.networkKey)
                #expect(withheld.ids.count == 0)
                let early = try await desk.server.database.owner.queryText("select delivery.publish(100)")
                #expect(early == [["0"]], "published too early")
                try await slow.execute(script: "commit")
                try await desk.settle()
                let all = try await desk.readOn(from: withheld.next, key: desk.network.networkKey)
                #expect(all.ids.count == 2)
                #expect(try await desk.readOn(from: all.next, key: desk.network.networkKey).ids.count == 0)
            }
        }
    }

    @Test
    func `a transaction that rolls back holds up nothing for good`() async throws {
        try await withDesk { desk in
            let start = try await desk.readOn(key: desk.network.networkKey)
            try await withSession(to: desk) { slow in
                try await slow.execute(script: "begin; " + Self.write("never.written", desk))
                try await desk.book(on: "2027-06-01", isSettled: false)
                try await slow.execute(script: "rollback")
            }
            try await desk.settle()
            #expect(try await desk.readOn(from: start.next, key: desk.network.networkKey).ids.count == 1)
        }
    }

    @Test(arguments: [UInt64(20_261_128)])
    func `a reader beside six writers, each in its own time, gets every event once`(seed: UInt64) async throws {
        try await withDesk { desk in
            let start = try await desk.readOn(key: desk.network.networkKey)
            let writing = Writing()
            async let reading: [String] = {
                var ids: [String] = []
                var next = start.next
                var isLast = false
                while true {
                    let page = try await desk.readOn(from: next, key: desk.network.networkKey)
                    ids += page.ids
                    next = page.next
                    if isLast { return ids }
                    isLast = !writing.isUnderWay.withLock { $0 }
                }
            }()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<6 {
                    group.addTask {
                        var random = SplitMix64(seed: seed &+ UInt64(writer))
                        try await withSession(to: desk) { session in
                            for _ in 0..<20 {
                                let pause = Double.random(in: 0...0.02, using: &random)
                                let ending = Int.random(in: 0..<5, using: &random) == 0 ? "rollback" : "commit"
                                try await session.execute(
                                    script: "begin; \(Self.write("writer.done", desk)); select pg_sleep(\(pause)); \(ending)")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await desk.settle()
            writing.isUnderWay.withLock { $0 = false }
            let ids = try await reading
            let written = try await desk.server.database.owner.queryText("select count(*) from jobs.event where type = 'writer.done'")
            #expect("\(ids.count)" == written[0][0], "seed \(seed)")
            #expect(Set(ids).count == ids.count, "seed \(seed)")
        }
    }

    @Test
    func `numbers go on after a restore into a cluster that counts from less`() async throws {
        try await withDesk { desk in
            let owner = desk.server.database.owner
            // As a dump from a busier cluster leaves them.
            try await owner.execute(script: "update jobs.event set xact = xact + 1000000")
            #expect(try await desk.readOn(key: desk.network.networkKey).ids.count == 0)
            try await owner.execute(script: "call jobs.resume_numbering()")
            try await desk.settle()
            let old = try await desk.readOn(key: desk.network.networkKey)
            #expect(old.ids.count > 0)
            try await desk.book(on: "2027-06-01")
            #expect(try await desk.readOn(from: old.next, key: desk.network.networkKey).ids.count == 1)
            try await owner.execute(script: "call jobs.resume_numbering()")
            #expect(try await desk.readOn(key: desk.network.networkKey).ids.count == old.ids.count + 1)
        }
    }

    @Test
    func `every recorded transition of a booking has its event, in the same transaction`() async throws {
        try await withDesk { desk in
            let kept = try await desk.book(on: "2027-06-01")
            try await desk.cancel(try await desk.book(on: "2027-06-02"))
            #expect(!kept.isEmpty)
            let orphans = try await desk.server.database.owner.queryText(
                """
                select t.booking_id::text, t.version::text from bookings.transition t
                where not exists (select from jobs.event e where e.centre_id = t.centre_id and e.subject_id = t.booking_id
                                  and e.version = t.version and e.xact::text::xid = t.xmin)
                """)
            #expect(orphans == [])
        }
    }

    private static func write(_ type: String, _ desk: DeliveryDesk) -> String {
        """
        insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
        values (1, '\(type)', '\(desk.network.centre)', 1, now())
        """
    }
}

/// Whether somebody still writes.
private final class Writing: Sendable {
    let isUnderWay = Mutex(true)
}

/// A connection of its own, as the owner.
func withSession<T>(to desk: DeliveryDesk, _ body: (PostgresSession) async throws -> T) async throws -> T {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let session = try await PostgresSession.connect(
        try await TestCluster.shared.connectionString(role: "plateau_owner", database: desk.server.database.name), logger: logger)
    let result: Result<T, any Error>
    do {
        result = .success(try await body(session))
    } catch {
        result = .failure(error)
    }
    await session.close()
    return try result.get()
}
