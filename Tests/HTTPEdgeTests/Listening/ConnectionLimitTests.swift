import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import HTTPEdge

@Suite struct ConnectionLimitTests {
    private static let ask = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    private func ask(_ port: Int?, patience: Duration = .milliseconds(300)) async throws -> RawConnection.Outcome {
        try await RawConnection.exchange(port: try #require(port), pieces: [Self.ask], patience: patience)
    }

    @Test func `one client has no more connections than allowed, and gets further ones when it lets go`() async throws {
        try await Workshop().application(listener: ListenerSettings(maximumConnectionsPerAddress: 3)).test(.live) { client in
            let port = try #require(client.port)
            try await RawConnection.holding(3, port: port) { held in
                try await Task.sleep(for: .milliseconds(100))
                let refused = try await ask(port)
                #expect(refused.statuses == [])
                #expect(refused.isClosed)
                try await held[0].close().get()
                try await Task.sleep(for: .milliseconds(100))
                #expect(try await ask(port).statuses == [200])
            }
        }
    }

    @Test func `a believed proxy has as many as it likes`() async throws {
        let forwarding = Forwarding(proxies: ["127.0.0.0/8"].compactMap { AddressRange($0) })
        let listener = ListenerSettings(maximumConnectionsPerAddress: 1, forwarding: forwarding)
        try await Workshop().application(listener: listener).test(.live) { client in
            let port = try #require(client.port)
            try await RawConnection.holding(5, port: port) { _ in
                let statuses = try await ask(port).statuses
                #expect(statuses == [200])
            }
        }
    }

    @Test func `past the total, connections wait until another ends`() async throws {
        try await Workshop().application(listener: ListenerSettings(maximumConnections: 2)).test(.live) { client in
            let port = try #require(client.port)
            try await RawConnection.holding(2, port: port) { held in
                try await Task.sleep(for: .milliseconds(100))
                async let waiting = ask(port, patience: .seconds(5))
                try await Task.sleep(for: .milliseconds(200))
                try await held[0].close().get()
                #expect(try await waiting.statuses == [200])
            }
        }
    }

    @Test func `clients that are gone are not remembered`() {
        let register = ConnectionRegister(most: 2)
        let clients = (0..<1_000).compactMap { IPAddress("10.0.\($0 / 256).\($0 % 256)") }
        for client in clients + clients { #expect(register.admit(client)) }
        #expect(clients.allSatisfy { !register.admit($0) })
        for client in clients + clients { register.release(client) }
        #expect(register.count == 0)
    }
}
