import Postgres
import Testing

/// Five hundred callers at once on ten connections: each gets an answer or a clear error, in time.
@Suite(.serialized) struct CrowdTests {
    private enum Answer {
        case done
        case refused(PostgresError)
    }

    private static let patience: Duration = .milliseconds(500)

    private func configuration() -> PostgresPool.Configuration {
        var configuration = PostgresPool.Configuration(connectionString: TestServer.shared.connectionString)
        configuration.pipelinedConnections = 10
        configuration.groupConnections = 10
        configuration.exclusiveConnections = 10
        configuration.acquireTimeout = Self.patience
        configuration.statementTimeout = .seconds(2)
        return configuration
    }

    /// What became of five hundred calls, and how long the longest took.
    private func crowd(
        _ call: @escaping @Sendable (PostgresPool, Int64) async throws -> Void
    ) async throws -> (answers: [Answer], longest: Duration) {
        try await withPool(configuration()) { pool in
            await withTaskGroup(of: (Answer, Duration).self) { group in
                for number in 0..<500 as Range<Int64> {
                    group.addTask {
                        let start = ContinuousClock.now
                        do {
                            try await call(pool, number)
                            return (.done, ContinuousClock.now - start)
                        } catch {
                            let failure = error as? PostgresError ?? PostgresError(.misuse, "another error: \(error)")
                            return (.refused(failure), ContinuousClock.now - start)
                        }
                    }
                }
                return await group.reduce(into: (answers: [], longest: .zero)) { sum, next in
                    sum.answers.append(next.0)
                    sum.longest = max(sum.longest, next.1)
                }
            }
        }
    }

    private func check(_ answers: [Answer], longest: Duration, someRefused: Bool) {
        #expect(answers.count == 500)
        var done = 0
        for answer in answers {
            guard case .refused(let error) = answer else {
                done += 1
                continue
            }
            #expect(error.code == .poolExhausted, "\(error)")
            #expect(error.isRetryable)
        }
        #expect(done > 0)
        if someRefused { #expect(done < 500) } else { #expect(done == 500) }
        // The patience for a connection, then what is in flight before and with the call; and a busy machine.
        #expect(longest < Self.patience + .seconds(2) + .seconds(2))
    }

    @Test func `reads of a fast server are all answered`() async throws {
        let (answers, longest) = try await crowd { pool, number in
            let answer = try await pool.one(Double2(number: number))
            #expect(answer == 2 * number)
        }
        check(answers, longest: longest, someRefused: false)
    }

    @Test func `writes of a fast server are all done`() async throws {
        let (answers, longest) = try await crowd { pool, number in
            let answer = try await pool.write(Double2(number: number), locks: [PostgresLock(key: number % 5, mode: .exclusive)]).get()
            #expect(answer == 2 * number)
        }
        check(answers, longest: longest, someRefused: false)
    }

    @Test func `reads of a slow server are answered, or refused when their patience ends`() async throws {
        let (answers, longest) = try await crowd { pool, _ in _ = try await pool.one(Sleep(seconds: 0.1)) }
        check(answers, longest: longest, someRefused: true)
    }

    @Test func `transactions on a slow server are answered, or refused when their patience ends`() async throws {
        let (answers, longest) = try await crowd { pool, _ in
            _ = try await pool.transaction { try await $0.one(Sleep(seconds: 0.1)) }
        }
        check(answers, longest: longest, someRefused: true)
    }

    @Test func `writes of a slow server are answered, or refused when their patience ends`() async throws {
        let (answers, longest) = try await crowd { pool, _ in _ = try await pool.write(Sleep(seconds: 0.1), locks: nil).get() }
        check(answers, longest: longest, someRefused: true)
    }

    @Test func `one slow read holds up no quick ones`() async throws {
        try await withPool({ $0.pipelinedConnections = 2 }) { pool in
            for _ in 0..<5 { _ = try await pool.one(Double2(number: 1)) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await pool.one(Sleep(seconds: 3)) }
                while pool.statistics.requestsInFlight == 0 { await Task.yield() }
                try await Task.sleep(for: .milliseconds(100))
                let start = ContinuousClock.now
                try await withThrowingTaskGroup(of: Void.self) { quick in
                    for number in 0..<200 as Range<Int64> { quick.addTask { _ = try await pool.one(Double2(number: number)) } }
                    try await quick.waitForAll()
                }
                #expect(ContinuousClock.now - start < .seconds(2))
                try await group.waitForAll()
            }
        }
    }
}
