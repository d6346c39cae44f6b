import NIOPosix

/// Where passwords are hashed: outside the threads that answer requests, and one at a time, so that tries never take the whole machine.
struct PasswordDesk: Sendable {
    private let turns = PasswordTurns()
    let cost: PasswordHash.Cost
    let identifiers: IdentifierSource

    func hash(_ password: String) async throws -> PasswordHash {
        var random = identifiers.generator
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        return try await turns.take { [cost] in try PasswordHash.make(of: password, salt: salt, cost: cost) }
    }

    /// - Parameter kept: nil when nobody has a password there; it takes as long, and says no.
    func holds(_ kept: String?, _ password: String) async throws -> Bool {
        guard let kept else {
            _ = try await hash(password)
            return false
        }
        return try await turns.take { try PasswordHash(text: kept).holds(password) }
    }
}

/// One piece of work after the other.
private actor PasswordTurns {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

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
