import Kernel
import Locking

/// Whose some keys are, as the database said a moment ago.
///
/// Answers only while a ``KeyWatch`` hears of changes, and for a few seconds at most. What was asked before a change is never kept
/// after it. Holds digests, no keys.
final class KnownKeys: Sendable {
    /// What to do about a key.
    enum Finding {
        case known(Principal)
        /// Ask the database, and bring the question back with the answer.
        case ask(Question)
    }

    /// When the database was asked.
    struct Question: Sendable {
        fileprivate let generation: UInt64?
        fileprivate let asked: ContinuousClock.Instant
    }

    private struct Entry {
        let principal: Principal
        let end: ContinuousClock.Instant
    }

    private struct Memory {
        /// Grows with each change; nil while nobody would hear of one.
        var generation: UInt64?
        var lastGeneration: UInt64 = 0
        var entries: [[UInt8]: Entry] = [:]
    }

    private let memory = Mutex(Memory())
    private let lifetime: Duration
    private let capacity: Int

    /// - Parameters:
    ///   - lifetime: after which the database is asked again, whatever was heard.
    ///   - capacity: keys held at once.
    init(lifetime: Duration = .seconds(5), capacity: Int = 10_000) {
        self.lifetime = lifetime
        self.capacity = capacity
    }

    var isListening: Bool { memory.withLock { $0.generation != nil } }

    func principal(of digest: [UInt8], at now: ContinuousClock.Instant) -> Finding {
        memory.withLock { memory in
            if let entry = memory.entries[digest], now < entry.end { return .known(entry.principal) }
            return .ask(Question(generation: memory.generation, asked: now))
        }
    }

    /// - Parameter duration: how long the key itself is still good; nil is for ever.
    func keep(_ principal: Principal, of digest: [UInt8], for duration: Duration?, answering question: Question) {
        let end = question.asked + min(lifetime, duration ?? lifetime)
        memory.withLock { memory in
            guard let generation = question.generation, generation == memory.generation else { return }
            if memory.entries.count >= capacity { memory.entries = memory.entries.filter { $0.value.end > question.asked } }
            if memory.entries.count >= capacity { memory.entries = [:] }
            memory.entries[digest] = Entry(principal: principal, end: end)
        }
    }

    /// A key has changed, or may have.
    func forgetAll() {
        memory.withLock { memory in
            memory.entries = [:]
            memory.lastGeneration += 1
            if memory.generation != nil { memory.generation = memory.lastGeneration }
        }
    }

    /// From now on every change is heard of.
    func beginListening() {
        memory.withLock { memory in
            memory.lastGeneration += 1
            memory.generation = memory.lastGeneration
        }
    }

    /// Changes may go unheard: nothing is remembered any more.
    func endListening() {
        memory.withLock { memory in
            memory.generation = nil
            memory.entries = [:]
        }
    }
}
