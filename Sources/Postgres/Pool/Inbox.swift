import Synchronization

/// What tasks and connecting threads ask of the loop.
enum LoopCommand: Sendable {
    case read(PostgresRequest)
    case write(PendingWrite)
    case lease(LeaseRequest)
    case converse(UInt64, PostgresRequest)
    case endLease(UInt64, isBroken: Bool)
    case connected(UInt64, ConnectionTransfer)
    case refused(UInt64, PostgresError)
    case stop
}

extension LoopCommand {
    /// Tells who asked that nothing will come of it.
    func refuse(_ failure: PostgresError) {
        switch self {
        case .read(let request), .converse(_, let request): request.fail(failure)
        case .write(let write): write.request.fail(failure)
        case .lease(let request): _ = request.settle(.failure(failure))
        case .endLease, .connected, .refused, .stop: break
        }
    }
}

/// Commands that the loop could do nothing with at the moment.
struct Postponable: Equatable {
    var reads: Bool
    var writes: Bool

    static let none = Postponable(reads: false, writes: false)

    func covers(_ command: LoopCommand) -> Bool {
        switch command {
        case .read(let request): reads && !request.isAhead
        case .write: writes
        default: false
        }
    }
}

/// Hands a connection from the thread that opened it to the loop.
final class ConnectionTransfer: Sendable {
    private let handle: Mutex<ConnectionHandle?>

    init(_ handle: consuming ConnectionHandle) { self.handle = Mutex(handle) }

    func take() -> ConnectionHandle? { handle.withLock { $0.take() } }
}

/// Where commands wait for the loop; wakes it when it sleeps.
final class Inbox: Sendable {
    private struct State {
        var commands: [LoopCommand] = []
        var isSleeping = false
        /// What may lie there until the loop wakes for another reason.
        var canWait = Postponable.none
        var isClosed = false
    }

    private let state = Mutex(State())
    let signal: WakeSignal

    init() throws(PostgresError) { signal = try WakeSignal() }

    /// False when the loop has ended and takes no more.
    func post(_ command: LoopCommand) -> Bool {
        let (isTaken, mustWake) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.commands.append(command)
            guard state.isSleeping, !state.canWait.covers(command) else { return (true, false) }
            state.isSleeping = false
            return (true, true)
        }
        if mustWake { signal.raise() }
        return isTaken
    }

    func take(into commands: inout [LoopCommand]) {
        state.withLock { state in
            state.isSleeping = false
            swap(&state.commands, &commands)
        }
    }

    /// False when something has come since the last `take`.
    ///
    /// - Parameter canWait: what does not wake the loop, because every connection for it has enough to do.
    func mayFallAsleep(postponing canWait: Postponable) -> Bool {
        state.withLock { state in
            state.canWait = canWait
            state.isSleeping = state.commands.allSatisfy(canWait.covers)
            return state.isSleeping
        }
    }

    /// From now on nothing is taken; gives what still lay there.
    func close() -> [LoopCommand] {
        state.withLock { state in
            state.isClosed = true
            defer { state.commands = [] }
            return state.commands
        }
    }
}
