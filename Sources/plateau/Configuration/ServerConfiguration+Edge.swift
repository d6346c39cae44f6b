import Delivery
import HTTPEdge
import Hummingbird

extension AddressRange {
    /// One item of a list, with spaces around it.
    init?(list item: Substring) {
        self.init(item.filter { $0 != " " })
    }
}

/// What the edge is told.
extension ServerConfiguration {
    var limits: RateLimits {
        RateLimits(
            perKey: requestsPerKey, perAddress: requestsPerAddress, failuresPerAddress: failuresPerAddress, burst: burst)
    }

    var forwarding: Forwarding {
        let proxies = (trustedProxies ?? "").split(separator: ",").compactMap { AddressRange(list: $0) }
        return Forwarding(proxies: proxies, field: Forwarding.Field(rawValue: forwardedHeader) ?? .xForwardedFor)
    }

    /// Nil without TLS.
    /// - Throws: ``ConfigurationFault`` that names the setting whose file can't be used.
    func certificates() throws(ConfigurationFault) -> CertificateHolder? {
        guard let certificate, let privateKey else { return nil }
        do {
            return try CertificateHolder(certificate: certificate, privateKey: privateKey)
        } catch {
            throw ConfigurationFault(faults: ["\(error)"])
        }
    }

    func listener(_ certificates: CertificateHolder?) -> ListenerSettings {
        ListenerSettings(
            address: .hostname(host, port: port), maximumConnections: connections, maximumConnectionsPerAddress: connectionsPerAddress,
            forwarding: forwarding, certificates: certificates, idleTimeout: .seconds(idleSeconds),
            handshakeDeadline: .seconds(handshakeSeconds), headDeadline: .seconds(headSeconds), bodyDeadline: .seconds(bodySeconds),
            writeStallDeadline: .seconds(writeSeconds))
    }
}

extension ServerConfiguration {
    /// Nil: no mail is sent.
    var mail: MailSettings? {
        guard let sendmail, let mailSender else { return nil }
        return MailSettings(program: sendmail, sender: mailSender, reminderHours: Int32(reminderHours))
    }
}
