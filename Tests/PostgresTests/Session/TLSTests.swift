import Postgres
import Testing

/// Encrypted connections to a server whose certificate an authority of this test signed.
@Suite(.serialized) struct TLSTests {
    private static let certificates = """
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.crt &&
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=other -keyout x.key -out other.crt &&
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout server.key -out server.csr &&
        echo subjectAltName=DNS:localhost > names &&
        openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.crt &&
        chmod 600 server.key && cp ca.crt other.crt .. && chmod 644 ../*.crt
        """

    @Test func `the authority and the name of the server are verified when the connection string says so`() async throws {
        let port = try SilentHost().port
        let server = TestServer(
            name: "tls", settings: "listen_addresses = '127.0.0.1'\nssl = on", port: Int(port), preparation: Self.certificates)
        func parameters(host: String, authority: String) -> String {
            """
            host=\(host) hostaddr=127.0.0.1 port=\(port) dbname=postgres user=postgres sslmode=verify-full \
            sslrootcert=\(server.directory)/\(authority).crt
            """
        }
        let good = PostgresPool.Configuration(connectionString: parameters(host: "localhost", authority: "ca"))
        try await withPool(good) { pool in
            let isEncrypted = try await pool.one(EncryptedHere())
            #expect(isEncrypted == 1)
            let inside = try await pool.transaction { try await $0.one(EncryptedHere()) }
            #expect(inside == 1)
        }
        for (host, authority) in [("elsewhere.example", "ca"), ("localhost", "other")] {
            let error = await #expect(throws: PostgresError.self) {
                try await PostgresSession.connect(parameters(host: host, authority: authority), logger: quiet)
            }
            #expect(error?.code == .connectionRefused)
            #expect(error?.message.contains("cert") == true, "\(error?.message ?? "")")
        }
    }
}

struct EncryptedHere: NumberStatement {
    static let text = "select ssl::int::int8 as number from pg_stat_ssl where pid = pg_backend_pid()"
}
