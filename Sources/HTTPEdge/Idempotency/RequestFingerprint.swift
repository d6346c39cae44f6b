import Crypto

/// What makes two requests the same: SHA-256 over method, path and canonical body.
package struct RequestFingerprint: Hashable, Sendable {
    /// 32 bytes.
    package let bytes: [UInt8]

    /// White space and the order of members do not count.
    package init(method: String, path: String, body: [String: JSONValue]) {
        var json = JSONWriter()
        JSONValue.object(body).write(to: &json)
        self.init(method: method, path: path, bytes: json.bytes)
    }

    /// For a body that is not JSON, such as an imported file.
    package init(method: String, path: String, bytes: some Sequence<UInt8>) {
        var hash = SHA256()
        hash.update(data: Array("\(method)\n\(path)\n".utf8))
        hash.update(data: Array(bytes))
        self.bytes = Array(hash.finalize())
    }
}
