/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;

/**
 * Measures what a step takes for one frame, without the steps behind it: it ends before anything is
 * handed on.
 */
final class StepLatency {
    private static final long NANOS_PER_MICRO = 1_000;

    private final Histogram micros;
    private long start;

    StepLatency(MetricGroup metrics) {
        micros = StreamMetrics.histogram(metrics, StreamMetrics.STEP_LATENCY_MICROS);
    }

    void begin() {
        start = System.nanoTime();
    }

    void end() {
        micros.update((System.nanoTime() - start) / NANOS_PER_MICRO);
    }
}
