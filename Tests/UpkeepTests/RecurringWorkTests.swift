import Locking
import Logging
import ServiceLifecycle
import Testing
import Upkeep

@Suite("Recurring work", .timeLimit(.minutes(1)))
struct RecurringWorkTests {
    private struct Unlucky: Error {}

    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test
    func `a turn that fails is followed by another`() async throws {
        let turns = Mutex(0)
        let (stream, done) = AsyncStream<Void>.makeStream()
        let work = RecurringWork("test", every: .seconds(3_600), afterFailure: .milliseconds(1), logger: Self.quiet) {
            let turn = turns.withLock { count in
                count += 1
                return count
            }
            if turn < 3 { throw Unlucky() }
            done.yield()
            return 0
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await work.run() }
            for await _ in stream { break }
            // The third did not fail: the next would come in an hour.
            try? await Task.sleep(for: .milliseconds(50))
            group.cancelAll()
        }
        #expect(turns.withLock { $0 } == 3)
    }

    @Test
    func `it ends with the service, in the middle of a pause`() async throws {
        let (stream, done) = AsyncStream<Void>.makeStream()
        let work = RecurringWork("test", every: .seconds(3_600), logger: Self.quiet) {
            done.yield()
            return 1
        }
        let group = ServiceGroup(services: [work], logger: Self.quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await _ in stream { break }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
