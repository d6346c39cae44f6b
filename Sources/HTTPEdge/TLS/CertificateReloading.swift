package import Logging
import ServiceLifecycle

/// Takes a new certificate when its files change, without a restart; one that can't be used is said and left.
package struct CertificateReloading: Service {
    let certificates: CertificateHolder
    let interval: Duration
    let logger: Logger

    package init(certificates: CertificateHolder, interval: Duration = .seconds(10), logger: Logger) {
        self.certificates = certificates
        self.interval = interval
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: interval)
                if certificates.hasChanged { reload() }
            }
        }
    }

    /// Reads the files now, whether they changed or not.
    package func reload() {
        do {
            try certificates.reload()
            logger.notice("Certificate reloaded")
        } catch {
            logger.error("Certificate not reloaded, the former one stays", metadata: ["error": "\(error)"])
        }
    }
}
