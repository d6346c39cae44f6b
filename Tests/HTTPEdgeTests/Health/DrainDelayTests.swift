import Logging
import ServiceLifecycle
import Testing

@testable import HTTPEdge

@Suite struct DrainDelayTests {
    private struct Listener: Service {
        let readiness: Readiness
        let sawDraining: AsyncStream<Bool>.Continuation

        func run() async throws {
            try await gracefulShutdown()
            sawDraining.yield(readiness.isDraining)
            sawDraining.finish()
        }
    }

    @Test func `readiness is off before the listener is told to stop`() async throws {
        let readiness = Readiness()
        readiness.becomeReady()
        let (stream, continuation) = AsyncStream.makeStream(of: Bool.self)
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: Listener(readiness: readiness, sawDraining: continuation)),
                    .init(
                        service: DrainDelay(readiness: readiness, delay: .milliseconds(1)), successTerminationBehavior: .ignore),
                ], logger: Logger(label: "test")))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await group.triggerGracefulShutdown()
            var seen: [Bool] = []
            for await isDraining in stream { seen.append(isDraining) }
            #expect(seen == [true])
            try await tasks.waitForAll()
        }
    }
}
