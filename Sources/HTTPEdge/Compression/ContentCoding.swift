/// In which form a body can be sent smaller (RFC 9110, 8.4.1).
enum ContentCoding: String, CaseIterable {
    case gzip
    /// The zlib format, whatever its name says.
    case deflate

    /// The first of ours that is acceptable, unless as it is, is preferred; nil sends the body as it is.
    init?(acceptEncoding header: String?) {
        guard let header else { return nil }
        var weights: [String: Double] = [:]
        for item in header.split(separator: ",").prefix(32) {
            let parts = item.split(separator: ";").map { $0.trimmingSpaces().lowercased() }
            guard let name = parts.first else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }
            // A weight that is none makes the item nobody's wish.
            weights[name] = quality.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
        }
        let plain = weights["identity"] ?? 0
        func weight(of coding: ContentCoding) -> Double { weights[coding.rawValue] ?? weights["*"] ?? 0 }
        let wanted = Self.allCases.filter { weight(of: $0) > 0 && weight(of: $0) >= plain }
        guard let best = wanted.max(by: { weight(of: $0) < weight(of: $1) }) else { return nil }
        // Of equals the first.
        self = wanted.first { weight(of: $0) == weight(of: best) } ?? best
    }

    /// What a tag ends with when its representation is sent so.
    var tagEnd: String { "-\(rawValue)\"" }
}
