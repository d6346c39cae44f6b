import NIOPosix

/// Where passwords are hashed: outside the threads that answer requests, and one at a time, so that tries never take the whole machine.
struct PasswordDesk: Sendable {
    private let turns = PasswordTurns()
    let cost: PasswordHash.Cost
    let identifiers: IdentifierSource

    /// Waits for its turn, however long.
    func hash(_ password: String) async throws -> PasswordHash {
        let salt = salt()
        return try await turns.take { [cost] in try PasswordHash.make(of: password, salt: salt, cost: cost) }
    }

    /// - Parameter kept: nil when nobody has a password there; it takes as long, and says no.
    /// - Returns: nil when so many wait already that this one would wait for seconds.
    func holds(_ kept: String?, _ password: String) async throws -> Bool? {
        let salt = salt()
        return try await turns.takeSoon { [cost] in
            guard let kept else {
                _ = try PasswordHash.make(of: password, salt: salt, cost: cost)
                return false
            }
            return try PasswordHash(text: kept).holds(password)
        }
    }

    private func salt() -> [UInt8] {
        var random = identifiers.generator
        return (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }
}

/// One piece of work after the other.
actor PasswordTurns {
    /// At a fifth of a second each, the last of so many waits as long as people do.
    static let longestQueue = 24

    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// - Returns: nil, at once, when the queue is full.
    func takeSoon<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T? {
        guard waiting.count < Self.longestQueue else { return nil }
        return try await take(work)
    }

    func take<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        if isTaken { await withCheckedContinuation { waiting.append($0) } }
        isTaken = true
        defer {
            isTaken = !waiting.isEmpty
            if !waiting.isEmpty { waiting.removeFirst().resume() }
        }
        return try await NIOThreadPool.singleton.runIfActive { try work() }
    }
}
