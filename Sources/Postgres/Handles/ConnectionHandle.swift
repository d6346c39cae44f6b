import CLibPQ
import Logging

/// One libpq connection, closed with the value.
///
/// `@unchecked Sendable`: libpq allows any thread, one at a time; the value is not copyable and each use of it is exclusive.
@safe
struct ConnectionHandle: ~Copyable, @unchecked Sendable {
    let raw: OpaquePointer
    let notices: NoticeReceiver

    private init(owning raw: OpaquePointer, logger: Logger) {
        unsafe self.raw = unsafe raw
        notices = NoticeReceiver(logger: logger)
        unsafe notices.attach(to: raw)
    }

    deinit { unsafe PQfinish(raw) }

    /// Connects; blocks this thread for `timeout` at most (name resolution may take longer: libpq cannot bound it).
    static func open(_ options: ConnectionOptions, timeout: Duration, logger: Logger) throws(PostgresError) -> ConnectionHandle {
        guard let raw = unsafe startConnecting(options.keywords) else {
            throw PostgresError(.connectionRefused, "out of memory")
        }
        var handle = unsafe ConnectionHandle(owning: raw, logger: logger)
        try handle.finishConnecting(until: ContinuousClock.now + timeout)
        return handle
    }

    private mutating func finishConnecting(until deadline: ContinuousClock.Instant) throws(PostgresError) {
        guard unsafe PQstatus(raw) != CONNECTION_BAD else { throw refusal() }
        var toWrite = true
        while true {
            let left = (deadline - ContinuousClock.now).wholeMilliseconds
            guard left > 0, waitForSocket(socket, toWrite: toWrite, milliseconds: left) else {
                throw PostgresError(.timedOut, "the server did not answer in time")
            }
            switch unsafe PQconnectPoll(raw) {
            case PGRES_POLLING_OK: return
            case PGRES_POLLING_READING: toWrite = false
            case PGRES_POLLING_WRITING: toWrite = true
            default: throw refusal()
            }
        }
    }

    private func refusal() -> PostgresError { PostgresError(.connectionRefused, errorMessage) }

    var socket: CInt { unsafe PQsocket(raw) }

    var isBroken: Bool { unsafe PQstatus(raw) != CONNECTION_OK }

    var processID: Int32 { unsafe PQbackendPID(raw) }

    var serverVersion: Int32 { unsafe PQserverVersion(raw) }

    /// Neither inside a transaction nor waiting for an answer.
    var isIdle: Bool { unsafe PQtransactionStatus(raw) == PQTRANS_IDLE }

    var errorMessage: String {
        unsafe firstLine(of: PQerrorMessage(raw).map { unsafe String(cString: $0) } ?? "")
    }

    /// The failure of a call that libpq refused.
    func localFailure(statement: String? = nil) -> PostgresError {
        let code: PostgresError.Code = isBroken ? .connectionLost : .protocolViolation
        return PostgresError(code, errorMessage, effect: isBroken ? .unknown : .nothingHappened, statement: statement)
    }
}

/// Begins to connect; nil when libpq is out of memory.
private func startConnecting(_ keywords: [(String, String)]) -> OpaquePointer? {
    let names = CStringList(keywords.map(\.0))
    let values = CStringList(keywords.map(\.1))
    return unsafe names.withPointers { names in
        unsafe values.withPointers { values in unsafe PQconnectStartParams(names, values, 1) }
    }
}
