/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import java.util.List;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * All metrics of this package; {@link #ALL} says what each is. None is kept by stream: figures of
 * single streams are records.
 */
public final class StreamMetrics {
    public static final String SAMPLES = "samples";
    public static final String GAPS = "gaps";
    public static final String LOST_SAMPLES = "lostSamples";
    public static final String CLOCK_JUMPS = "clockJumps";
    public static final String LATE_FRAMES = "lateFrames";
    public static final String DUPLICATE_SAMPLES = "duplicateSamples";
    public static final String DEAD_LETTERS = "deadLetters";
    public static final String MISSING_PARTNERS = "missingPartners";
    public static final String MISSING_PARTNER_SAMPLES = "missingPartnerSamples";
    public static final String PARTIAL_WINDOWS = "partialWindows";
    public static final String PADDED_WINDOWS = "paddedWindows";
    public static final String STEP_LATENCY_MICROS = "stepLatencyMicros";
    public static final String INFERENCE_LATENCY_MICROS = "inferenceLatencyMicros";
    public static final String BATCH_SIZE = "batchSize";
    public static final String WINDOWS_INFERRED = "windowsInferred";
    public static final String WINDOWS_SKIPPED = "windowsSkipped";
    public static final String EVENT_TIME_LAG_MILLIS = "eventTimeLagMillis";
    public static final String FORECASTS_SCORED = "forecastsScored";
    public static final String FORECASTS_UNSCORED = "forecastsUnscored";

    /** What the order step counts against the streams that come to it. */
    public static final List<String> FAULTS =
            List.of(GAPS, LOST_SAMPLES, CLOCK_JUMPS, LATE_FRAMES, DUPLICATE_SAMPLES);

    /** Group of the model step's metrics; its value is the model's name. */
    public static final String MODEL = "model";

    /** What each metric is, in the order of the pipeline's steps. */
    static final List<Description> ALL =
            List.of(
                    counter(
                            "ingest, order, align, transforms, window, model",
                            DEAD_LETTERS,
                            "records, frames or windows that became dead letters"),
                    counter("order", SAMPLES, "samples of each channel that came in"),
                    counter(
                            "order",
                            GAPS,
                            "breaks after which a stream went on with its next segment"),
                    counter(
                            "order",
                            LOST_SAMPLES,
                            "samples of each channel that are missing there"),
                    counter("order", CLOCK_JUMPS, "gaps of which all that is wrong is the time"),
                    counter(
                            "order, align",
                            LATE_FRAMES,
                            "frames, or parts of frames, that came too late"),
                    counter(
                            "order",
                            DUPLICATE_SAMPLES,
                            "samples that had come before and were dropped"),
                    counter(
                            "align",
                            MISSING_PARTNERS,
                            "times that a partner was missing, once they are over"),
                    counter(
                            "align",
                            MISSING_PARTNER_SAMPLES,
                            "samples of the joined stream's clock that a partner was missing at and"
                                    + " another was not"),
                    new Description(
                            "align, transforms, window",
                            STEP_LATENCY_MICROS,
                            "histogram",
                            "the time that the step itself takes for one frame, in microseconds"),
                    counter(
                            "window",
                            PARTIAL_WINDOWS,
                            "windows that the end of a segment left incomplete and that were"
                                    + " dropped"),
                    counter(
                            "window",
                            PADDED_WINDOWS,
                            "windows that the end of a segment left incomplete and that were filled"
                                    + " up"),
                    counter("model", WINDOWS_INFERRED, "windows with a result"),
                    counter(
                            "model",
                            WINDOWS_SKIPPED,
                            "windows without a result because values are missing or infinite"),
                    new Description(
                            "model", BATCH_SIZE, "histogram", "windows in one call of the network"),
                    new Description(
                            "model",
                            INFERENCE_LATENCY_MICROS,
                            "histogram",
                            "the time of one call of the network, in microseconds"),
                    new Description(
                            "model",
                            EVENT_TIME_LAG_MILLIS,
                            "gauge",
                            "how far the end of the last window lies behind now, in milliseconds"),
                    counter(
                            "scoring",
                            FORECASTS_SCORED,
                            "forecasts that were compared with what came"),
                    counter(
                            "scoring",
                            FORECASTS_UNSCORED,
                            "forecasts whose segment ended before their whole horizon had come"));

    static final int HISTOGRAM_WINDOW = 1000;

    /**
     * A metric.
     *
     * @param step the step that has it
     * @param name its name
     * @param kind counter, gauge or histogram
     * @param meaning what it tells, with its unit
     */
    record Description(String step, String name, String kind, String meaning) {}

    private StreamMetrics() {}

    private static Description counter(String step, String name, String meaning) {
        return new Description(step, name, "counter", meaning);
    }

    /** A histogram over the last thousand values. */
    static Histogram histogram(MetricGroup group, String name) {
        return group.histogram(name, new DescriptiveStatisticsHistogram(HISTOGRAM_WINDOW));
    }
}
