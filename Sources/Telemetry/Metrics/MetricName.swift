/// A metric's name as Prometheus takes it: `http.server.request.duration` of a timer is `http_server_request_duration_seconds`.
struct MetricName: Hashable, Sendable {
    let text: String

    /// - Parameter end: the unit or kind that the name ends with, added unless it is there.
    init(_ label: String, end: String = "") {
        let name = Self.sanitised(label)
        text = name.hasSuffix(end) ? name : name + end
    }

    /// Letters, digits and underscores, not beginning with a digit.
    static func sanitised(_ label: String) -> String {
        let name = String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        guard let first = name.first, !first.isNumber else { return "_" + name }
        return name
    }
}

/// The labels of a series, as they are written: `{http_route="/v1/bookings"}`.
struct MetricLabels: Hashable, Sendable {
    /// Without the braces; empty without labels.
    let text: String

    init(_ dimensions: [(String, String)]) {
        text = dimensions.map { "\(MetricName.sanitised($0.0))=\"\(Self.escaped($0.1))\"" }.sorted().joined(separator: ",")
    }

    private static func escaped(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": escaped += #"\\"#
            case "\"": escaped += #"\""#
            case "\n": escaped += #"\n"#
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
