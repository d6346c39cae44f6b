import AsyncHTTPClient
import Foundation
import NIOCore

/// The service, as a process of its own.
struct ServedProgram: Sendable {
    let child: ChildProgram
    let address: String
    private let log: String

    var processID: Int32 { child.processID }

    /// Starts `plateau serve` on the measured database and waits until it is ready.
    static func start(_ surroundings: BenchmarkSurroundings) async throws -> ServedProgram {
        let port = try FreePort.find()
        let log = "\(surroundings.directory)/server.log"
        let environment = [
            "PLATEAU_DATABASE_URL": surroundings.connection, "PLATEAU_DATABASE_OWNER_URL": surroundings.ownerConnection,
            "PLATEAU_SECRETS_ROOT": surroundings.rootSecret, "PATH": "/usr/bin:/bin",
        ]
        let child = try ChildProgram(
            surroundings.program, ["serve", "--host", "127.0.0.1", "--port", "\(port)"], environment: environment, output: log)
        let server = ServedProgram(child: child, address: "http://127.0.0.1:\(port)", log: log)
        do {
            try await server.waitUntilReady()
        } catch {
            await server.stop()
            throw error
        }
        return server
    }

    private func waitUntilReady() async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let answer = try? await HTTPClient.shared.execute(HTTPClientRequest(url: "\(address)/readyz"), timeout: .seconds(2))
            if answer?.status == .ok { return }
            guard ContinuousClock.now < deadline, child.isRunning else {
                let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
                throw BenchmarkFault("The server did not become ready. Its log ends:\n\(text.suffix(2000))")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    func stop() async {
        child.stop()
        _ = await child.exit()
    }
}

/// A TCP port that nobody listens on at this moment.
enum FreePort {
    static func find() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let found = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard found else { throw BenchmarkFault("no free port was found") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
