package import CoreMetrics
import Locking

/// Keeps every metric of the process, and writes them as Prometheus reads them.
///
/// Bounded: a metric has so many series at most; what would be one more is counted as dropped.
package final class MetricsRegistry: MetricsFactory {
    private struct Families {
        var byName: [MetricName: MetricFamily] = [:]
    }

    private let families = Mutex(Families())
    private let maximumSeries: Int
    private let dropped = CountedValue()

    /// - Parameter maximumSeries: of each metric.
    package init(maximumSeries: Int = 1_000) {
        self.maximumSeries = maximumSeries
    }

    // MARK: MetricsFactory

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(MetricName(label, end: "_total"), .counter, dimensions) { CountedValue() } ?? CountedValue()
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(MetricName(label), .gauge, dimensions) { GaugeValue() } ?? GaugeValue()
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return series(MetricName(label), .gauge, dimensions) { GaugeValue() } ?? GaugeValue() }
        return series(MetricName(label), .histogram, dimensions) { HistogramValue(bounds: .sizes) } ?? HistogramValue(bounds: .sizes)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let name = MetricName(label, end: "_seconds")
        return series(name, .histogram, dimensions) { HistogramValue(bounds: .seconds) } ?? HistogramValue(bounds: .seconds)
    }

    /// A series that nobody writes to any more is still true: what was counted stays counted.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    // MARK: Reading

    /// The text exposition format, version 0.0.4.
    package func text(with others: [MetricSample] = []) -> String {
        let all = families.withLock { $0.byName }
        var text = PrometheusText()
        for (name, family) in all.sorted(by: { $0.key.text < $1.key.text }) { text.write(family, name: name.text) }
        text.write(
            MetricSample("plateau_metrics_dropped_series_total", .counter, "Series refused because a metric had too many.", dropped.value))
        for sample in others { text.write(sample) }
        return text.text
    }

    /// The series of a metric with these labels, made when there is room for it; nil drops it.
    ///
    /// The same name for another kind of metric is dropped too: Prometheus could not read both.
    private func series<Value: SeriesValue>(
        _ name: MetricName, _ kind: MetricKind, _ dimensions: [(String, String)], make: () -> Value
    ) -> Value? {
        let labels = MetricLabels(dimensions)
        let found: Value? = families.withLock { families in
            var family = families.byName[name] ?? MetricFamily(kind: kind)
            if let known = family.series[labels] { return known as? Value }
            guard family.kind == kind, family.series.count < maximumSeries else { return nil }
            let value = make()
            family.series[labels] = value
            families.byName[name] = family
            return value
        }
        if found == nil { dropped.increment(by: 1) }
        return found
    }
}

/// Every series of one metric.
struct MetricFamily: Sendable {
    let kind: MetricKind
    var series: [MetricLabels: any SeriesValue] = [:]
}

package enum MetricKind: String, Sendable {
    case counter, gauge, histogram
}
