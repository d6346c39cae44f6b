/// One value that is read when it is asked for.
package struct MetricSample: Sendable {
    let name: String
    let kind: MetricKind
    let help: String
    let labels: MetricLabels
    let value: Double

    package init(_ name: String, _ kind: MetricKind, _ help: String, labels: [(String, String)] = [], _ value: Double) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = MetricLabels(labels)
        self.value = value
    }
}

/// The text exposition format of Prometheus, version 0.0.4.
struct PrometheusText {
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    mutating func write(_ family: MetricFamily, name: String) {
        text += "# HELP \(name) \(MetricHelp.texts[name] ?? "As named.")\n# TYPE \(name) \(family.kind.rawValue)\n"
        for (labels, value) in family.series.sorted(by: { $0.key.text < $1.key.text }) {
            value.write(to: &self, name: name, labels: labels)
        }
    }

    mutating func write(_ sample: MetricSample) {
        text += "# HELP \(sample.name) \(sample.help)\n# TYPE \(sample.name) \(sample.kind.rawValue)\n"
        line(sample.name, sample.labels.text, sample.value)
    }

    mutating func line(_ name: String, _ labels: String, _ value: Double) {
        text += labels.isEmpty ? "\(name) \(Self.number(value))\n" : "\(name){\(labels)} \(Self.number(value))\n"
    }

    /// Whole numbers without a fraction.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: value).map(String.init) ?? String(value)
    }
}

/// What each metric of the service means.
enum MetricHelp {
    static let texts = [
        "http_server_request_duration_seconds": "From the head of a request to its answer, by method, route and status.",
        "http_server_active_requests": "Requests that are being answered.",
        "http_server_request_bytes_total": "Bytes of request bodies, as announced.",
        "http_server_response_bytes_total": "Bytes of answers' bodies, as sent.",
        "http_server_malformed_requests_total": "Requests refused before they were whole, by status.",
        "http_server_connections_refused_total": "Connections refused because their client had as many as it may.",
        "postgres_wait_seconds": "How long a request to the database waits for a connection, by kind.",
        "postgres_round_trip_seconds": "From sending to the database's answer, by kind.",
        "postgres_group_size": "Requests under one Sync, by kind.",
        "postgres_requests_in_flight": "Requests sent on shared connections and not answered.",
        "postgres_requests_waiting": "Requests that are not sent yet, by kind.",
        "postgres_connections_ready": "Shared connections that can take requests.",
        "postgres_connections_made_total": "Connections made, also those at the beginning.",
        "postgres_connections_lost_total": "Connections that broke; each is followed by a reconnect.",
        "postgres_connections_refused_total": "Tries to connect that failed.",
        "postgres_timeouts_total": "Requests that got no connection in time, and servers that fell silent.",
        "traces_dropped_spans_total": "Spans that were not sent because the queue was full or the collector failed.",
        "traces_sent_spans_total": "Spans that the collector took.",
    ]
}
