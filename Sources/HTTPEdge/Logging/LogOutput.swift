import Locking

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where log lines go: whole lines, in their order.
///
/// Each is written at once, or, while a ``LogWriter`` runs, a few milliseconds later together with others.
package final class LogOutput: Sendable {
    private struct Lines {
        var isCollecting = false
        var waiting: [UInt8] = []
    }

    private let lines = Mutex(Lines())
    private let writing = Mutex(())
    private let write: @Sendable ([UInt8]) -> Void
    /// Bytes that may wait; whoever adds a line to more than these writes them itself.
    private let limit: Int
    /// One element for each time that lines begin to wait.
    let arrivals: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    /// - Parameter write: takes one line or more, with their ends of line; never called twice at once.
    package init(limit: Int = 262_144, write: @escaping @Sendable ([UInt8]) -> Void) {
        self.limit = limit
        self.write = write
        (arrivals, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package static let standardOutput = LogOutput { LogOutput.send($0, to: STDOUT_FILENO) }
    package static let standardError = LogOutput { LogOutput.send($0, to: STDERR_FILENO) }

    /// - Parameter isUrgent: whether it is written before the call returns, after those that wait.
    func put(_ line: [UInt8], isUrgent: Bool = false) {
        let (mustFlush, mustRing) = lines.withLock { lines in
            defer { lines.waiting += line }
            return (isUrgent || !lines.isCollecting || lines.waiting.count >= limit, lines.waiting.isEmpty)
        }
        if mustFlush {
            flush()
        } else if mustRing {
            bell.yield()
        }
    }

    /// Writes what waits.
    func flush() {
        writing.withLock { _ in
            let waiting = lines.withLock { lines in
                defer { lines.waiting = [] }
                return lines.waiting
            }
            if !waiting.isEmpty { write(waiting) }
        }
    }

    /// From now on lines may wait for somebody to flush them, or no longer.
    func collect(_ isCollecting: Bool) {
        lines.withLock { $0.isCollecting = isCollecting }
        if !isCollecting { flush() }
    }

    /// A line that can't be written is lost: logging stops nothing.
    private static func send(_ line: [UInt8], to descriptor: Int32) {
        var rest = line[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                return
            }
        }
    }
}

/// The C function, under a name that the class doesn't have.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
