import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where log lines go: whole lines, one at a time.
package final class LogOutput: Sendable {
    private let lines = Mutex(())
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameter write: takes one line, its end of line included; never called twice at once.
    package init(write: @escaping @Sendable ([UInt8]) -> Void) {
        self.write = write
    }

    package static let standardOutput = LogOutput { LogOutput.send($0, to: STDOUT_FILENO) }
    package static let standardError = LogOutput { LogOutput.send($0, to: STDERR_FILENO) }

    func put(_ line: [UInt8]) {
        lines.withLock { _ in write(line) }
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
