import HTTPEdge
import ServiceLifecycle
import UnixSignals

/// Reads the certificate again on SIGHUP, as `systemctl reload` sends it.
struct Hangup: Service {
    let reloading: CertificateReloading?

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() { reloading?.reload() }
    }
}
