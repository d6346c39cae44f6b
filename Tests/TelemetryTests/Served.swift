import Hummingbird
import Logging
import ServiceLifecycle

/// Runs a service while `body` runs, once it has told its port.
func serving<Value: Sendable>(
    _ make: (@escaping @Sendable (Int) async -> Void) -> any Service, _ body: @escaping @Sendable (Int) async throws -> Value
) async throws -> Value {
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    let service = make { bound in port.yield(bound) }
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await service.run() }
        var bound: Int?
        for await port in ports {
            bound = port
            break
        }
        let value = try await body(bound ?? 0)
        group.cancelAll()
        return value
    }
}

extension Logger {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
