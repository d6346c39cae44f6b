import Foundation
import NIOSSL
import Locking

/// A certificate or key that can't be used, with the setting that names it.
package struct CertificateFault: Error, CustomStringConvertible {
    /// `tls.certificate` or `tls.privateKey`.
    package let setting: String
    package let reason: String

    package var description: String { "\(setting): \(reason)" }
}

/// The certificate with which new connections are met; replaced while the others go on with theirs.
package final class CertificateHolder: Sendable {
    private let certificate: String
    private let privateKey: String
    private let held: Mutex<NIOSSLContext>
    private let stamps: Mutex<[FileStamp]>

    /// - Parameters: paths of PEM files; the certificate's holds the chain, its own first.
    /// - Throws: ``CertificateFault``.
    package init(certificate: String, privateKey: String) throws(CertificateFault) {
        self.certificate = certificate
        self.privateKey = privateKey
        stamps = Mutex([FileStamp(certificate), FileStamp(privateKey)])
        held = Mutex(try Self.context(certificate: certificate, privateKey: privateKey))
    }

    var current: NIOSSLContext {
        held.withLock { $0 }
    }

    /// Reads both files again.
    ///
    /// What is held stays when they can't be used.
    /// - Throws: ``CertificateFault``.
    package func reload() throws(CertificateFault) {
        stamps.withLock { $0 = [FileStamp(certificate), FileStamp(privateKey)] }
        let context = try Self.context(certificate: certificate, privateKey: privateKey)
        held.withLock { $0 = context }
    }

    /// Whether a file is another one than at the last reading, good or bad.
    var hasChanged: Bool {
        stamps.withLock { $0 != [FileStamp(certificate), FileStamp(privateKey)] }
    }

    private static func context(certificate: String, privateKey: String) throws(CertificateFault) -> NIOSSLContext {
        let chain = try read(certificate, "tls.certificate") { try NIOSSLCertificate.fromPEMBytes($0) }
        guard !chain.isEmpty else { throw CertificateFault(setting: "tls.certificate", reason: "'\(certificate)' has no certificate") }
        let key = try read(privateKey, "tls.privateKey") { try NIOSSLPrivateKey(bytes: $0, format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            let reason = "'\(privateKey)' is not the key of the certificate '\(certificate)'"
            throw CertificateFault(setting: "tls.privateKey", reason: reason)
        }
    }

    private static func read<Value>(
        _ path: String, _ setting: String, as parse: ([UInt8]) throws -> Value
    ) throws(CertificateFault) -> Value {
        guard let content = FileManager.default.contents(atPath: path) else {
            throw CertificateFault(setting: setting, reason: "there is no file '\(path)' that can be read")
        }
        do {
            return try parse(Array(content))
        } catch {
            throw CertificateFault(setting: setting, reason: "'\(path)' is not PEM that can be used")
        }
    }
}

/// Which file stands under a path, as far as its directory tells.
private struct FileStamp: Equatable {
    private let changed: Date?
    private let size: Int?
    private let number: Int?

    init(_ path: String) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: (path as NSString).resolvingSymlinksInPath)
        changed = attributes?[.modificationDate] as? Date
        size = (attributes?[.size] as? NSNumber)?.intValue
        number = (attributes?[.systemFileNumber] as? NSNumber)?.intValue
    }
}
