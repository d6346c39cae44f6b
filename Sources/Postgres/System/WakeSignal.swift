import Glibc

/// Lets any thread wake the one that polls `readEnd`: a pipe to oneself.
struct WakeSignal: ~Copyable, Sendable {
    let readEnd: CInt
    private let writeEnd: CInt

    init() throws(PostgresError) {
        var ends: (CInt, CInt) = (-1, -1)
        let status = unsafe withUnsafeMutableBytes(of: &ends) { unsafe pipe($0.assumingMemoryBound(to: CInt.self).baseAddress) }
        guard status == 0 else { throw PostgresError(.misuse, "no file descriptors left: errno \(errno)") }
        (readEnd, writeEnd) = ends
        for end in [readEnd, writeEnd] {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// A full pipe wakes as well as one more byte, so the result does not matter.
    func raise() {
        var byte: UInt8 = 1
        _ = unsafe write(writeEnd, &byte, 1)
    }

    func clear() {
        unsafe withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
            _ = unsafe read(readEnd, buffer.baseAddress, 64)
        }
    }
}
