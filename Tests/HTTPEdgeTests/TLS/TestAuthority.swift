import Foundation
import NIOSSL

/// An authority of our own and a server's certificate that it signed, as PEM files in a directory that is removed at the end.
struct TestAuthority {
    let directory: String

    var certificate: String { "\(directory)/server.pem" }
    var privateKey: String { "\(directory)/server.key" }

    /// Runs `body` with a fresh authority; needs the program openssl.
    static func with(_ body: (TestAuthority) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.path + "/authority-\(UUID())"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let authority = TestAuthority(directory: directory)
        try authority.openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=Test authority",
            "-keyout", "ca.key", "-out", "ca.pem")
        try authority.issue(name: "first")
        try await body(authority)
    }

    /// Writes a new key and certificate in the place of those there; the name is the certificate's subject.
    func issue(name: String) throws {
        try openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)", "-addext",
            "subjectAltName=DNS:localhost", "-keyout", "server.key", "-out", "server.csr")
        try openssl(
            "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "1", "-copy_extensions", "copy", "-out",
            "server.pem")
    }

    /// For a client that trusts this authority alone.
    func clientContext(minimum: TLSVersion = .tlsv12, maximum: TLSVersion? = nil) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file("\(directory)/ca.pem")
        configuration.minimumTLSVersion = minimum
        configuration.maximumTLSVersion = maximum
        return try NIOSSLContext(configuration: configuration)
    }

    private func openssl(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: directory)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(command: arguments.joined(separator: " ")) }
    }

    struct Failure: Error {
        let command: String
    }
}
