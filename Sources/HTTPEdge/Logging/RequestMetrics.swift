import HTTPTypes
import Metrics
import Locking

/// `http.server.request.duration` by route, method and status, and `http.server.active_requests`.
final class RequestMetrics: Sendable {
    private struct Label: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private struct Timers {
        var byLabel: [Label: Metrics.Timer] = [:]
        var active = 0
    }

    /// The route of what no route fits: paths that clients make up are not repeated.
    static let noRoute = "NotFound"

    private static let knownMethods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]
    private let timers = Mutex(Timers())
    private let meter = Meter(label: "http.server.active_requests")
    private let requestBytes = Counter(label: "http.server.request.bytes")
    private let responseBytes = Counter(label: "http.server.response.bytes")

    func started() {
        let active = timers.withLock { timers in
            timers.active += 1
            return timers.active
        }
        meter.set(active)
    }

    /// A method that clients make up counts as `_OTHER`, so that they can't make series up.
    func ended(method: HTTPRequest.Method, route: String, status: HTTPResponse.Status, duration: Duration) {
        let method = Self.knownMethods.contains(method) ? method.rawValue : "_OTHER"
        let label = Label(method: method, route: route, status: status.code)
        let (timer, active) = timers.withLock { timers in
            timers.active -= 1
            return (timers.byLabel[label] ?? Self.timer(for: label, in: &timers.byLabel), timers.active)
        }
        timer.recordNanoseconds(Int64(duration.seconds * 1_000_000_000))
        meter.set(active)
    }

    func moved(requestBytes: Int, responseBytes: Int) {
        if requestBytes > 0 { self.requestBytes.increment(by: requestBytes) }
        self.responseBytes.increment(by: responseBytes)
    }

    private static func timer(for label: Label, in timers: inout [Label: Metrics.Timer]) -> Metrics.Timer {
        let timer = Metrics.Timer(
            label: "http.server.request.duration",
            dimensions: [
                ("http.request.method", label.method), ("http.route", label.route),
                ("http.response.status_code", String(label.status)),
            ],
            preferredDisplayUnit: .seconds)
        timers[label] = timer
        return timer
    }
}
