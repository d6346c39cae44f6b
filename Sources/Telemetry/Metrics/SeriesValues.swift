import CoreMetrics
import Locking
import struct Synchronization.Atomic

/// What a series holds.
protocol SeriesValue: AnyObject, Sendable {
    func write(to text: inout PrometheusText, name: String, labels: MetricLabels)
}

/// What only grows.
final class CountedValue: CounterHandler, SeriesValue {
    private let count = Atomic<Int64>(0)

    var value: Double { Double(count.load(ordering: .relaxed)) }

    func increment(by amount: Int64) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    func reset() {
        count.store(0, ordering: .relaxed)
    }

    func write(to text: inout PrometheusText, name: String, labels: MetricLabels) {
        text.line(name, labels.text, value)
    }
}

/// What goes up and down.
final class GaugeValue: MeterHandler, RecorderHandler, SeriesValue {
    private let held = Mutex(0.0)

    func set(_ value: Int64) { held.withLock { $0 = Double(value) } }
    func set(_ value: Double) { held.withLock { $0 = value } }
    func increment(by amount: Double) { held.withLock { $0 += amount } }
    func decrement(by amount: Double) { held.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }

    func write(to text: inout PrometheusText, name: String, labels: MetricLabels) {
        text.line(name, labels.text, held.withLock { $0 })
    }
}

/// How often values of which size came.
final class HistogramValue: TimerHandler, RecorderHandler, SeriesValue {
    /// The upper ends of the buckets, ascending; above the last is one more.
    struct Bounds: Sendable {
        let ends: [Double]

        /// From a tenth of a millisecond to 10 s.
        static let seconds = Bounds(
            ends: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
        /// From one to a million of whatever is counted.
        static let sizes = Bounds(ends: [1, 2, 4, 8, 16, 32, 64, 128, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576])
    }

    private struct Content {
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: Bounds
    private let content: Mutex<Content>

    init(bounds: Bounds) {
        self.bounds = bounds
        content = Mutex(Content(counts: Array(repeating: 0, count: bounds.ends.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = bounds.ends.firstIndex { value <= $0 } ?? bounds.ends.count
        content.withLock { content in
            content.counts[bucket] += 1
            content.sum += value
        }
    }

    func write(to text: inout PrometheusText, name: String, labels: MetricLabels) {
        let content = content.withLock { $0 }
        var total: UInt64 = 0
        for (index, count) in content.counts.enumerated() {
            total += count
            let end = index < bounds.ends.count ? PrometheusText.number(bounds.ends[index]) : "+Inf"
            text.line("\(name)_bucket", labels.text.isEmpty ? "le=\"\(end)\"" : "\(labels.text),le=\"\(end)\"", Double(total))
        }
        text.line("\(name)_sum", labels.text, content.sum)
        text.line("\(name)_count", labels.text, Double(total))
    }
}
