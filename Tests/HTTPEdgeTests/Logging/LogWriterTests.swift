import Logging
import ServiceLifecycle
import Locking
import Testing

@testable import HTTPEdge

@Suite struct LogWriterTests {
    /// What was written, one element for each call.
    private final class Paper: Sendable {
        private let written = Mutex<[[UInt8]]>([])

        var calls: [String] { written.withLock { $0.map { String(decoding: $0, as: UTF8.self) } } }
        var text: String { calls.joined() }

        func write(_ bytes: [UInt8]) { written.withLock { $0.append(bytes) } }
    }

    @Test func `lines of many tasks are written together, each whole, and none is lost when the service stops`() async throws {
        let paper = Paper()
        let output = LogOutput(limit: 4_000, write: paper.write)
        // As the writer does when it starts: on a busy machine that may be after the last of the lines.
        output.collect(true)
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: LogWriter(output: output, pause: .milliseconds(1)))], logger: Logger(label: "test")))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await withTaskGroup(of: Void.self) { writers in
                for writer in 0..<20 {
                    writers.addTask {
                        for line in 0..<500 { output.put(Array("\(writer) \(line)\n".utf8)) }
                    }
                }
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        output.put(Array("after\n".utf8))
        let lines = paper.text.split(separator: "\n")
        #expect(lines.count == 10_001)
        for writer in 0..<20 {
            #expect(lines.filter { $0.hasPrefix("\(writer) ") } == (0..<500).map { "\(writer) \($0)" }, "in its own order")
        }
        #expect(lines.last == "after")
        #expect(paper.calls.count < 10_000, "some were written together")
    }

    @Test func `without a writer each line is written at once, and with one a warning is`() {
        let paper = Paper()
        let output = LogOutput(write: paper.write)
        output.put(Array("one\n".utf8))
        #expect(paper.text == "one\n")
        output.collect(true)
        output.put(Array("two\n".utf8))
        #expect(paper.text == "one\n", "it waits")
        output.put(Array("three\n".utf8), isUrgent: true)
        #expect(paper.text == "one\ntwo\nthree\n")
        output.put(Array("four\n".utf8))
        output.collect(false)
        #expect(paper.text == "one\ntwo\nthree\nfour\n")
    }
}
