/// Where people reach the service, for addresses that leave it: on paper, in a code to be read by a telephone.
package struct ServiceAddress: Sendable {
    private let site: String?
    private let scheme: String

    /// - Parameters:
    ///   - site: such as `https://plateau.example`; nil where nobody said: it is then the one under which the request came.
    ///   - isSecure: whether pages are reached over TLS, here or before a proxy.
    package init(site: String?, isSecure: Bool) {
        var site = site ?? ""
        while site.hasSuffix("/") { site.removeLast() }
        self.site = site.isEmpty ? nil : site
        scheme = isSecure ? "https" : "http"
    }

    /// The whole address of a path.
    /// - Parameter host: under which the service was asked. Whoever asked chose it, where no site is set: the address is for nobody else.
    package func of(_ path: String, host: String?) -> String {
        (site ?? "\(scheme)://\(host ?? "localhost")") + path
    }
}
