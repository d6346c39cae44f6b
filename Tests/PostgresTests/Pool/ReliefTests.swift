import Postgres
import Testing

/// Reads that take long, or for ever, on every connection for reads.
@Suite(.serialized) struct ReliefTests {
    /// Runs `body` while each of two connections for reads is at a statement for three seconds.
    private func whileHeldUp(
        relief: Int, ahead: Int = 1, _ body: @escaping @Sendable (PostgresPool) async throws -> Void
    ) async throws {
        try await withPool({
            $0.pipelinedConnections = 2
            $0.reliefConnections = relief
            $0.aheadConnections = ahead
            $0.reliefLinger = .milliseconds(300)
            $0.acquireTimeout = .milliseconds(700)
            $0.shutdownTimeout = .milliseconds(50)
        }) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { _ = try await pool.one(Sleep(seconds: 3)) } }
                while pool.statistics.requestsInFlight < 4 { await Task.yield() }
                try await Task.sleep(for: .milliseconds(150))
                try await body(pool)
                group.cancelAll()
            }
        }
    }

    private func refusal(_ body: () async throws -> some Any) async -> PostgresError.Code? {
        do { _ = try await body() } catch { return (error as? PostgresError)?.code }
        return nil
    }

    @Test func `others go around, over connections opened for the time`() async throws {
        try await whileHeldUp(relief: 2) { pool in
            let before = pool.statistics.connectionsReady
            let start = ContinuousClock.now
            for number in 0..<50 as Range<Int64> {
                let answer = try await pool.one(Double2(number: number))
                #expect(answer == 2 * number)
            }
            #expect(ContinuousClock.now - start < .seconds(1))
            #expect(pool.statistics.reliefsOpened == 1)
            #expect(pool.statistics.connectionsReady == before + 1)
            #expect(pool.statistics.requestsInFlight == 4)
        }
    }

    @Test func `a statement that is stuck there too stands in its own way only`() async throws {
        try await whileHeldUp(relief: 2) { pool in
            async let stuck = refusal { try await pool.one(Sleep(seconds: 3)) }
            async let refused = refusal { try await pool.one(Sleep(seconds: 3)) }
            while pool.statistics.reliefsOpened == 0 { await Task.yield() }
            try await Task.sleep(for: .milliseconds(100))
            let answer = try await pool.one(Double2(number: 4))
            #expect(answer == 8)
            let codes = await [stuck, refused]
            #expect(codes.contains(nil) && codes.contains(.poolExhausted), "\(codes)")
        }
    }

    @Test func `without connections to go around, others are refused in time`() async throws {
        try await whileHeldUp(relief: 0) { pool in
            let start = ContinuousClock.now
            #expect(await refusal { try await pool.one(Double2(number: 1)) } == .poolExhausted)
            #expect(ContinuousClock.now - start < .seconds(2))
        }
    }

    @Test func `what others wait for has its own connection`() async throws {
        try await whileHeldUp(relief: 0) { pool in
            let start = ContinuousClock.now
            let answer = try await pool.first(Double2(number: 5), isAhead: true)
            #expect(answer == 10)
            #expect(ContinuousClock.now - start < .milliseconds(500))
        }
        try await whileHeldUp(relief: 0, ahead: 0) { pool in
            #expect(await refusal { try await pool.first(Double2(number: 5), isAhead: true) } == .poolExhausted)
        }
    }

    @Test func `they are closed when everything moves again`() async throws {
        try await withPool({
            $0.pipelinedConnections = 1
            $0.reliefLinger = .milliseconds(200)
        }) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await pool.one(Sleep(seconds: 0.5)) }
                try await Task.sleep(for: .milliseconds(250))
                _ = try await pool.one(Double2(number: 1))
                try await group.waitForAll()
            }
            let opened = pool.statistics
            #expect(opened.reliefsOpened == 1)
            while pool.statistics.connectionsReady == opened.connectionsReady { try await Task.sleep(for: .milliseconds(20)) }
            #expect(pool.statistics.connectionsReady == opened.connectionsReady - 1)
            #expect(pool.statistics.connectionsLost == 0)
        }
    }
}
