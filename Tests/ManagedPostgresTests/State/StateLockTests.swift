import Foundation
import Testing

@testable import ManagedPostgres

@Suite struct StateLockTests {
    @Test func `a second holder is told who the first is, and the lock is free again afterwards`() throws {
        let directory = try ScratchDirectory()
        let path = directory.path + "/lock"
        try holdLock(path) {
            let error = #expect(throws: ManagedPostgresError.self) { try holdLock(path) {} }
            #expect(error?.code == .stateLocked)
            #expect(error?.message.contains("process \(ProcessInfo.processInfo.processIdentifier) ") == true)
        }
        try holdLock(path) {}
    }

    private func holdLock(_ path: String, _ body: () throws -> Void) throws {
        let lock = try StateLock(path)
        try body()
        withExtendedLifetime(lock) {}
    }
}
