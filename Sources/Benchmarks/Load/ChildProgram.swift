import Foundation
import Synchronization

/// A program that this one starts and waits for.
final class ChildProgram: Sendable {
    private let process: Mutex<Process>
    private let ended: AsyncStream<Int32>
    let processID: Int32

    /// - Parameters:
    ///   - output: a file for all its text, made anew.
    /// - Throws: ``BenchmarkFault`` when it cannot be started.
    init(_ program: String, _ arguments: [String], environment: [String: String], output: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = environment
        guard FileManager.default.createFile(atPath: output, contents: nil), let file = FileHandle(forWritingAtPath: output) else {
            throw BenchmarkFault("cannot write \(output)")
        }
        process.standardOutput = file
        process.standardError = file
        process.standardInput = FileHandle.nullDevice
        let (ended, continuation) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { process in
            continuation.yield(process.terminationStatus)
            continuation.finish()
        }
        do {
            try process.run()
        } catch {
            throw BenchmarkFault("cannot start \(program): \(error)")
        }
        processID = process.processIdentifier
        self.ended = ended
        self.process = Mutex(process)
    }

    var isRunning: Bool { process.withLock { $0.isRunning } }

    /// Asks it to end (SIGTERM).
    func stop() {
        process.withLock { if $0.isRunning { $0.terminate() } }
    }

    /// Waits for its end, once; cancellation asks for it.
    func exit() async -> Int32 {
        await withTaskCancellationHandler {
            for await status in ended { return status }
            // The stream ends early only for a task that is cancelled.
            return -1
        } onCancel: {
            stop()
        }
    }
}
