import CLibPQ

/// What it takes to cancel a connection's statement from another thread.
///
/// `@unchecked Sendable`: libpq makes a PGcancel for just that, and nothing changes it after.
@safe
final class CancellationHandle: @unchecked Sendable {
    private let raw: OpaquePointer

    init(owning raw: OpaquePointer) { unsafe self.raw = unsafe raw }

    deinit { unsafe PQfreeCancel(raw) }

    /// Opens a connection of its own, and blocks meanwhile.
    func cancel() {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
            _ = unsafe PQcancel(raw, message.baseAddress, 256)
        }
    }
}
