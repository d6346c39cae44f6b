import CoreMetrics
import Testing

@testable import Telemetry

@Suite struct PrometheusTextTests {
    @Test func `each kind of metric is written as Prometheus reads it`() {
        let registry = MetricsRegistry()
        let counter = Counter(label: "http.server.response.bytes", dimensions: [("b", "2"), ("a", "1\"\\\n")], factory: registry)
        counter.increment(by: 3)
        counter.increment(by: 4)
        let meter = Meter(label: "http.server.active_requests", factory: registry)
        meter.set(7)
        let timer = CoreMetrics.Timer(label: "http.server.request.duration", dimensions: [("http.route", "/v1/a")], factory: registry)
        for nanoseconds: Int64 in [50_000, 100_000, 3_000_000, 20_000_000_000] { timer.recordNanoseconds(nanoseconds) }
        let lines = registry.text().split(separator: "\n").map(String.init)
        #expect(lines.contains(#"http_server_response_bytes_total{a="1\"\\\n",b="2"} 7"#))
        #expect(lines.contains("http_server_active_requests 7"))
        #expect(lines.contains("# TYPE http_server_request_duration_seconds histogram"))
        let buckets = lines.filter { $0.hasPrefix("http_server_request_duration_seconds_") }
        #expect(buckets.count == 19)
        #expect(buckets.first == #"http_server_request_duration_seconds_bucket{http_route="/v1/a",le="0.0001"} 2"#)
        #expect(buckets.contains(#"http_server_request_duration_seconds_bucket{http_route="/v1/a",le="0.0025"} 2"#))
        #expect(buckets.contains(#"http_server_request_duration_seconds_bucket{http_route="/v1/a",le="0.005"} 3"#))
        #expect(buckets.contains(#"http_server_request_duration_seconds_bucket{http_route="/v1/a",le="10"} 3"#))
        #expect(buckets.contains(#"http_server_request_duration_seconds_bucket{http_route="/v1/a",le="+Inf"} 4"#))
        #expect(buckets.contains(#"http_server_request_duration_seconds_count{http_route="/v1/a"} 4"#))
        #expect(buckets.contains { $0.hasPrefix(#"http_server_request_duration_seconds_sum{http_route="/v1/a"} 20.00315"#) })
    }

    @Test func `a metric has no more series than allowed, and what is dropped is counted`() {
        let registry = MetricsRegistry(maximumSeries: 10)
        for number in 0..<50 { Counter(label: "many", dimensions: [("n", String(number))], factory: registry).increment() }
        let lines = registry.text().split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("many_total{") } == 10)
        #expect(lines.contains("plateau_metrics_dropped_series_total 40"))
    }

    @Test func `one name is one kind of metric, and the same series is one series`() {
        let registry = MetricsRegistry()
        for _ in 1...3 { Counter(label: "one", factory: registry).increment() }
        Meter(label: "one_total", factory: registry).set(9)
        let lines = registry.text().split(separator: "\n").filter { $0.hasPrefix("one_total") }
        #expect(lines == ["one_total 3"])
    }

    @Test func `counting from many tasks loses nothing`() async {
        let registry = MetricsRegistry()
        let timer = CoreMetrics.Timer(label: "t", factory: registry)
        await withDiscardingTaskGroup { group in
            for _ in 1...8 {
                group.addTask {
                    let counter = Counter(label: "c", factory: registry)
                    for _ in 1...10_000 {
                        counter.increment()
                        timer.recordNanoseconds(1)
                    }
                }
            }
        }
        let lines = registry.text().split(separator: "\n")
        #expect(lines.contains("c_total 80000"))
        #expect(lines.contains("t_seconds_count 80000"))
    }

    @Test func `the process is known by memory, processor time and files`() throws {
        let samples = ProcessMetrics().samples
        func value(_ name: String) throws -> Double { try #require(samples.first { $0.name == name }).value }
        #expect(try value("process_resident_memory_bytes") > 1_000_000)
        #expect(try value("process_cpu_seconds_total") > 0)
        #expect(try value("process_open_fds") >= 3)
        #expect(try value("process_max_fds") >= value("process_open_fds"))
        #expect(ProcessMetrics(directory: "/nowhere").samples.isEmpty)
    }
}
