import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle
import Testing

@testable import HTTPEdge

@Suite struct TLSTests {
    private static let ask = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    private func holder(_ authority: TestAuthority) throws -> CertificateHolder {
        try CertificateHolder(certificate: authority.certificate, privateKey: authority.privateKey)
    }

    private func served(_ certificates: CertificateHolder, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        let listener = ListenerSettings(certificates: certificates, handshakeDeadline: .milliseconds(400))
        try await Workshop().application(listener: listener).test(.live) { client in try await body(try #require(client.port)) }
    }

    @Test func `who trusts the authority is answered, in both versions of the protocol and in no older one`() async throws {
        try await TestAuthority.with { authority in
            try await served(holder(authority)) { port in
                for version in [TLSVersion.tlsv12, .tlsv13] {
                    let context = try authority.clientContext(minimum: version, maximum: version)
                    let outcome = try await RawConnection.exchange(port: port, pieces: [Self.ask], tls: context)
                    #expect(outcome.statuses == [200], "\(version)")
                    #expect(outcome.isClosed)
                }
                let old = try authority.clientContext(minimum: .tlsv1, maximum: .tlsv11)
                #expect(try await RawConnection.exchange(port: port, pieces: [Self.ask], tls: old).statuses == [])
            }
        }
    }

    @Test func `without TLS nobody is answered, and who does not finish the handshake is cut off`() async throws {
        try await TestAuthority.with { authority in
            try await served(holder(authority)) { port in
                let plain = try await RawConnection.exchange(port: port, pieces: [Self.ask])
                #expect(plain.statuses == [])
                #expect(plain.isClosed)
                let start = ContinuousClock.now
                let silent = try await RawConnection.exchange(port: port, pieces: [])
                #expect(silent.isClosed)
                #expect(start.duration(to: .now) < .seconds(3))
            }
        }
    }

    @Test func `low-level refusals are said through TLS too`() async throws {
        try await TestAuthority.with { authority in
            try await served(holder(authority)) { port in
                let context = try authority.clientContext()
                let outcome = try await RawConnection.exchange(port: port, pieces: ["GET / HTTP/1.1\r\n\r\n"], tls: context)
                #expect(outcome.statuses == [400])
            }
        }
    }

    @Test func `a new certificate is for new connections, while those there go on`() async throws {
        try await TestAuthority.with { authority in
            let certificates = try holder(authority)
            try await served(certificates) { port in
                let first = try await Held.connect(port: port, tls: authority.clientContext())
                #expect(first.subject.contains("first"))
                #expect(!certificates.hasChanged)
                try authority.issue(name: "second")
                #expect(certificates.hasChanged)
                try certificates.reload()
                #expect(!certificates.hasChanged)
                let second = try await Held.connect(port: port, tls: authority.clientContext())
                #expect(second.subject.contains("second"))
                #expect(try await first.ask(Self.ask).hasPrefix("HTTP/1.1 200 "))
                #expect(try await second.ask(Self.ask).hasPrefix("HTTP/1.1 200 "))
            }
        }
    }

    @Test func `a bad new file is logged, the former certificate stays, and a good one is taken again`() async throws {
        try await TestAuthority.with { authority in
            let certificates = try holder(authority)
            let log = LogLines()
            let reloading = CertificateReloading(certificates: certificates, interval: .milliseconds(20), logger: log.logger())
            try await served(certificates) { port in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await reloading.run() }
                    try "rubbish".write(toFile: authority.certificate, atomically: true, encoding: .utf8)
                    try await Self.until { log.lines.contains { $0["level"] == "error" } }
                    let outcome = try await RawConnection.exchange(port: port, pieces: [Self.ask], tls: try authority.clientContext())
                    #expect(outcome.statuses == [200])
                    try authority.issue(name: "third")
                    try await Self.until { log.lines.last?["message"] == "Certificate reloaded" }
                    let third = try await Held.connect(port: port, tls: authority.clientContext())
                    #expect(third.subject.contains("third"))
                    #expect(try await third.ask(Self.ask).hasPrefix("HTTP/1.1 200 "))
                    group.cancelAll()
                }
                #expect(log.lines.first { $0["level"] == "error" }?["error"]?.contains("tls.certificate") == true)
            }
        }
    }

    @Test func `files that can't be used are named by their setting`() async throws {
        try await TestAuthority.with { authority in
            let other = "\(authority.directory)/ca.key"
            let rubbish = "\(authority.directory)/rubbish"
            try "rubbish".write(toFile: rubbish, atomically: true, encoding: .utf8)
            let cases = [
                ("/nowhere", authority.privateKey, "tls.certificate", "there is no file"),
                (rubbish, authority.privateKey, "tls.certificate", "is not PEM"),
                (authority.certificate, "/nowhere", "tls.privateKey", "there is no file"),
                (authority.certificate, rubbish, "tls.privateKey", "is not PEM"),
                (authority.certificate, other, "tls.privateKey", "is not the key"),
            ]
            for (certificate, key, setting, reason) in cases {
                let fault = #expect(throws: CertificateFault.self) { try CertificateHolder(certificate: certificate, privateKey: key) }
                #expect(fault?.setting == setting)
                #expect(fault?.reason.contains(reason) == true, "\(fault?.reason ?? "")")
            }
        }
    }

    private static func until(_ holds: () -> Bool) async throws {
        for _ in 1...300 where !holds() { try await Task.sleep(for: .milliseconds(10)) }
        #expect(holds())
    }
}

/// A connection that stays, and knows whose certificate it saw.
private struct Held {
    let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    let subject: String

    static func connect(port: Int, tls: NIOSSLContext) async throws -> Held {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: port) {
            channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: "localhost"))
                return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
        // The handshake is over when the certificate is there.
        for _ in 1...200 {
            let certificate = try await channel.channel.nioSSL_peerCertificate().get()
            if let certificate { return Held(channel: channel, subject: String(decoding: try certificate.toDERBytes(), as: UTF8.self)) }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw ChannelError.connectTimeout(.seconds(2))
    }

    /// Sends one request and reads until the server closes.
    func ask(_ text: String) async throws -> String {
        try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer = ""
            for try await buffer in inbound { answer += String(buffer: buffer) }
            return answer
        }
    }
}
