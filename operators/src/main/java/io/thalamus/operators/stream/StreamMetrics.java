/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * The names of all metrics of this package. None is kept by stream: figures of single streams are
 * records.
 */
public final class StreamMetrics {
    /** Counter of the order step: breaks after which a stream went on with its next segment. */
    public static final String GAPS = "gaps";

    /** Counter of the order step: frames, or parts of frames, that came too late. */
    public static final String LATE_FRAMES = "lateFrames";

    /** Counter of the order step: samples that had come before and were dropped. */
    public static final String DUPLICATE_SAMPLES = "duplicateSamples";

    /** Counter of every step: frames or windows that became dead letters. */
    public static final String DEAD_LETTERS = "deadLetters";

    /** Counter of the window step: windows that the end of a segment left incomplete. */
    public static final String PARTIAL_WINDOWS = "partialWindows";

    /** Group of the model step's metrics; its value is the model's name. */
    public static final String MODEL = "model";

    /** Histogram of the model step: the time of one call of the network, in microseconds. */
    public static final String INFERENCE_LATENCY_MICROS = "inferenceLatencyMicros";

    /** Histogram of the model step: windows in one call of the network. */
    public static final String BATCH_SIZE = "batchSize";

    /** Counter of the model step: windows with a result. */
    public static final String WINDOWS_INFERRED = "windowsInferred";

    /** Counter of the model step: windows without a result because values are missing. */
    public static final String WINDOWS_SKIPPED = "windowsSkipped";

    /** Gauge of the model step: how far the last window's end lies behind now, in milliseconds. */
    public static final String EVENT_TIME_LAG_MILLIS = "eventTimeLagMillis";

    /** Counter of the scoring step: forecasts that were compared with what came. */
    public static final String FORECASTS_SCORED = "forecastsScored";

    /** Counter of the scoring step: forecasts of values that never came. */
    public static final String FORECASTS_UNSCORED = "forecastsUnscored";

    private static final int HISTOGRAM_WINDOW = 1000;

    private StreamMetrics() {}

    /** A histogram over the last thousand values. */
    static Histogram histogram(MetricGroup group, String name) {
        return group.histogram(name, new DescriptiveStatisticsHistogram(HISTOGRAM_WINDOW));
    }
}
