/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.operators.stream.StreamMetrics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.HistogramStatistics;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;

/**
 * The metrics of a job on the embedded Flink, which run in this process: looked at while it runs,
 * and kept when its tasks have ended.
 */
public final class RunMetrics implements MetricReporter {
    private static final String OPERATOR = "<operator_name>";
    private static final String MODEL = "model";
    private static final String SUBTASK = "<subtask_index>";

    private record Id(String operator, String metric, String subtask) {}

    private final Map<Id, Metric> metrics = new ConcurrentHashMap<>();

    @Override
    public void open(MetricConfig config) {
        // Needs nothing.
    }

    @Override
    public void close() {
        // Holds nothing but numbers.
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        Map<String, String> variables = group.getAllVariables();
        String operator = variables.get(OPERATOR);
        boolean told =
                metric instanceof Counter || metric instanceof Gauge || metric instanceof Histogram;
        if (operator != null && told) {
            metrics.put(new Id(operator, name, variables.get(SUBTASK)), metric);
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        // A counter keeps its last value, and a histogram its last values.
    }

    /** Frames that were read. */
    long frames() {
        return sum("order", "numRecordsIn");
    }

    /** Samples of each channel that were read. */
    long samples() {
        return sum("order", StreamMetrics.SAMPLES);
    }

    long windows() {
        return sum(MODEL, StreamMetrics.WINDOWS_INFERRED);
    }

    long skipped() {
        return sum(MODEL, StreamMetrics.WINDOWS_SKIPPED);
    }

    /** Anomalies that have started. */
    long anomalies() {
        return sum("detection", StreamMetrics.ANOMALY_EVENTS);
    }

    /** Missing values that the model has filled. */
    long filled() {
        return sum("imputation", StreamMetrics.FILLED_VALUES);
    }

    /** Values that stayed missing because the model had no window with them. */
    long unfilled() {
        return sum("imputation", StreamMetrics.UNFILLED_VALUES);
    }

    /** What was found wrong with the streams, by the metrics' names. */
    Map<String, Long> faults() {
        Map<String, Long> faults = new LinkedHashMap<>();
        StreamMetrics.FAULTS.forEach(
                fault -> faults.put(fault, sum("order", fault) + sum("align", fault)));
        return faults;
    }

    /** Frames that a sink was given. */
    long published() {
        return sum("sink: Writer", "numRecordsIn");
    }

    /** Annotations that a sink was given. */
    long annotations() {
        return sum("annotations: Writer", "numRecordsIn");
    }

    /** Pieces of the input that could not be used. */
    long refused() {
        return sum("ingest", "deadLetters");
    }

    /** Input, frames that came too late included, that was written as dead letters. */
    long deadLetters() {
        return sum("dead-letters: Writer", "numRecordsIn");
    }

    /** How far the results lie behind now, in milliseconds; 0 before the first. */
    long lagMillis() {
        return of(MODEL, StreamMetrics.EVENT_TIME_LAG_MILLIS)
                .mapToLong(metric -> metric instanceof Gauge<?> gauge ? (Long) gauge.getValue() : 0)
                .max()
                .orElse(0);
    }

    /**
     * How long the last calls of the network took, in microseconds; of one task where there are
     * several. Empty if there was none.
     */
    Optional<HistogramStatistics> inferenceLatencyMicros() {
        return of(MODEL, StreamMetrics.INFERENCE_LATENCY_MICROS)
                .filter(Histogram.class::isInstance)
                .map(metric -> ((Histogram) metric).getStatistics())
                .filter(statistics -> statistics.size() > 0)
                .findFirst();
    }

    private long sum(String operator, String metric) {
        return of(operator, metric)
                .mapToLong(one -> one instanceof Counter counter ? counter.getCount() : 0)
                .sum();
    }

    /** A metric of all subtasks. */
    private Stream<Metric> of(String operator, String metric) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().operator.equals(operator))
                .filter(entry -> entry.getKey().metric.equals(metric))
                .map(Map.Entry::getValue);
    }
}
