import Foundation
import Logging
import Postgres

/// Fills the databases of a benchmark, the smallest first: each larger one begins as a copy of it.
struct Filling: Sendable {
    /// Sessions that add up totals beside the one that books.
    private static let helpers = 1
    /// On disk, indexes included: an estimate, which the size that is told after filling corrects.
    ///
    /// What is counted has rows in the totals too.
    private static let (bytesPerBooking, bytesPerCountedBooking) = (2_000.0, 5_000.0)
    /// The write-ahead log, and what measuring adds.
    private static let spareBytes = 6e9

    let surroundings: [BenchmarkSurroundings]
    let logger: Logger
    let say: @Sendable (String) -> Void

    /// - Throws: ``BenchmarkFault`` when the disk is too small.
    func checkSpace() throws {
        guard let place = surroundings.first else { return }
        let bookings = surroundings.reduce(0) { $0 + $1.bookings }
        let each = place.works.shape.isCounted ? Self.bytesPerCountedBooking : Self.bytesPerBooking
        let needed = each * Double(bookings) + Self.spareBytes
        let facts = try FileManager.default.attributesOfFileSystem(forPath: place.directory)
        let free = (facts[.systemFreeSize] as? NSNumber)?.doubleValue ?? 0
        say("Needs about \(Self.gigabytes(needed)) of disk; \(Self.gigabytes(free)) are free.")
        guard needed <= free else { throw BenchmarkFault("The disk is too small for \(bookings) bookings. TMPDIR chooses another one.") }
    }

    func fill() async throws {
        var former: SyntheticNetwork?
        for place in surroundings {
            let started = ContinuousClock.now
            let beginning = former.map { ", beginning with a copy of those of \($0.bookings)" } ?? ""
            say("Filling a database with \(place.bookings) bookings\(beginning)…")
            try await place.make()
            let network = place.network
            let bytes = try await withSessions(place, count: 1 + Self.helpers) { sessions in
                try await network.load(
                    into: sessions[0], helpers: Array(sessions.dropFirst()), credentials: place.credentials, former: former
                ) { say("\($0), \(Self.seconds(since: started)) s") }
                return try await sessions[0].query(SQL.DatabaseSize()).first?.bytes ?? 0
            }
            say("  \(Self.seconds(since: started)) s, \(Self.gigabytes(Double(bytes)))")
            former = network
        }
    }

    /// Opens sessions of the owner, and closes them whatever happens: a database in use cannot be copied.
    private func withSessions<Value: Sendable>(
        _ place: BenchmarkSurroundings, count: Int, _ body: ([PostgresSession]) async throws -> Value
    ) async throws -> Value {
        var sessions: [PostgresSession] = []
        for _ in 0..<count { sessions.append(try await PostgresSession.connect(place.ownerConnection, logger: logger)) }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(sessions))
        } catch {
            result = .failure(error)
        }
        for session in sessions { await session.close() }
        return try result.get()
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Int64 { (ContinuousClock.now - start).components.seconds }

    private static func gigabytes(_ bytes: Double) -> String { String(format: "%.1f GB", bytes / 1e9) }
}
