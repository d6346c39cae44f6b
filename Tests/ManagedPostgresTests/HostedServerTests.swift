import Foundation
import Testing

@testable import ManagedPostgres

/// What the second copy of this program does, and nothing in an ordinary run.
@Suite(.enabled(if: HostedServer.assignment != nil, "only in the copy that another test starts")) struct HostedServerTests {
    @Test func `hosts a server until it is told to stop or killed`() async throws {
        let state = try #require(HostedServer.assignment)
        try await RunningServer.with(.init(stateDirectory: state)) { _ in
            while !FileManager.default.fileExists(atPath: HostedServer.stopRequest(state)) {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
