/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * All metrics of this package; {@link #ALL} says what each is. None is kept by stream: figures of
 * single streams are records.
 */
public final class StreamMetrics {
    public static final String SAMPLES = "samples";
    public static final String BREAKS = "breaks";
    public static final String GAPS = "gaps";
    public static final String LOST_SAMPLES = "lostSamples";
    public static final String FILLED_SAMPLES = "filledSamples";
    public static final String CLOCK_JUMPS = "clockJumps";
    public static final String SHAPE_CHANGES = "shapeChanges";
    public static final String RESTARTS = "restarts";
    public static final String DRIFT_REPORTS = "driftReports";
    public static final String CLOCK_DRIFT_PPM = "clockDriftPpm";
    public static final String LATE_FRAMES = "lateFrames";
    public static final String DUPLICATE_SAMPLES = "duplicateSamples";
    public static final String MISSING_VALUES = "missingValues";
    public static final String INFINITE_VALUES = "infiniteValues";
    public static final String SATURATED_VALUES = "saturatedValues";
    public static final String FLAT_VALUES = "flatValues";
    public static final String CHANNEL_FAILURES = "channelFailures";
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
    public static final String REMARKS = "remarks";
    public static final String EVENT_TIME_LAG_MILLIS = "eventTimeLagMillis";
    public static final String UPDATES = "updates";
    public static final String BUNDLE_SWAPS = "bundleSwaps";
    public static final String RESETS = "resets";
    public static final String ROLL_BACKS = "rollBacks";
    public static final String GATE_THOUSANDTHS = "gateThousandths";
    public static final String DRIFT_THOUSANDTHS = "driftThousandths";
    public static final String FILLED_VALUES = "filledValues";
    public static final String UNFILLED_VALUES = "unfilledValues";
    public static final String ANOMALY_EVENTS = "anomalyEvents";
    public static final String SAMPLES_ABOVE = "samplesAbove";
    public static final String SCORE_THOUSANDTHS = "scoreThousandths";
    public static final String THRESHOLD_THOUSANDTHS = "thresholdThousandths";
    public static final String FORECASTS_SCORED = "forecastsScored";
    public static final String FORECASTS_UNSCORED = "forecastsUnscored";
    public static final String FORECAST_MSE = "forecastMse";
    public static final String FORECAST_MAE = "forecastMae";

    /** What the order step counts against the streams that come to it. */
    static final List<String> ORDER_FAULTS =
            List.of(
                    BREAKS,
                    GAPS,
                    LOST_SAMPLES,
                    FILLED_SAMPLES,
                    CLOCK_JUMPS,
                    SHAPE_CHANGES,
                    RESTARTS,
                    DRIFT_REPORTS,
                    LATE_FRAMES,
                    DUPLICATE_SAMPLES,
                    MISSING_VALUES,
                    INFINITE_VALUES,
                    SATURATED_VALUES,
                    FLAT_VALUES,
                    CHANNEL_FAILURES);

    /** What the steps before the transforms count against the streams that come to them. */
    public static final List<String> FAULTS =
            Stream.concat(
                            ORDER_FAULTS.stream(),
                            Stream.of(MISSING_PARTNERS, MISSING_PARTNER_SAMPLES))
                    .toList();

    /** Group of the model step's metrics; its value is the model's name. */
    public static final String MODEL = "model";

    /** What each metric is, in the order of the pipeline's steps. */
    static final List<Description> ALL =
            List.of(
                    counter(
                            "ingest, order, align, transforms, window, model, join",
                            DEAD_LETTERS,
                            "records, frames or windows that became dead letters; of"
                                    + " `control-check`, commands"),
                    counter("order", SAMPLES, "samples of each channel that came in"),
                    counter(
                            "order",
                            BREAKS,
                            "breaks after which a stream went on with its next segment"),
                    counter(
                            "order",
                            GAPS,
                            "places where samples are missing, whether they were filled in or"
                                    + " the stream broke"),
                    counter(
                            "order",
                            LOST_SAMPLES,
                            "samples of each channel that are missing there"),
                    counter(
                            "order",
                            FILLED_SAMPLES,
                            "samples of each channel that were filled in there"),
                    counter(
                            "order",
                            CLOCK_JUMPS,
                            "frames whose time strays too far from where it is expected"),
                    counter("order", SHAPE_CHANGES, "changes of the rate or the channels"),
                    counter("order", RESTARTS, "sources that began to count their samples anew"),
                    counter(
                            "order",
                            DRIFT_REPORTS,
                            "times that the drift of a sample clock was told of"),
                    new Description(
                            "order",
                            CLOCK_DRIFT_PPM,
                            "histogram",
                            "the drift of the sample clocks, where it is known, at each frame, in"
                                    + " parts per million; positive if a clock is slow"),
                    counter(
                            "order, align",
                            LATE_FRAMES,
                            "frames, or parts of frames, that came too late"),
                    counter(
                            "order",
                            DUPLICATE_SAMPLES,
                            "samples that had come before and were dropped"),
                    counter("order", MISSING_VALUES, "values that came as NaN"),
                    counter(
                            "order",
                            INFINITE_VALUES,
                            "values that came infinite and were made missing"),
                    counter("order", SATURATED_VALUES, "values at the end of a sensor's range"),
                    counter("order", FLAT_VALUES, "values of channels that no longer change"),
                    counter(
                            "order",
                            CHANNEL_FAILURES,
                            "times that a channel has stayed flat, at the end of its range or"
                                    + " missing for `order.flat-line.length`"),
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
                            "order, align, transforms, window, join, detection, imputation,"
                                    + " scoring",
                            STEP_LATENCY_MICROS,
                            "histogram",
                            "the time that the step itself takes for one frame, window or result,"
                                    + " in microseconds"),
                    counter(
                            "window",
                            PARTIAL_WINDOWS,
                            "windows that the end of a segment left incomplete and that were"
                                    + " dropped, and windows of triggers that are not wholly in"
                                    + " their segment"),
                    counter(
                            "window",
                            PADDED_WINDOWS,
                            "windows that the end of a segment left incomplete and that were filled"
                                    + " up, moved back or trimmed"),
                    counter("model", WINDOWS_INFERRED, "windows with a result"),
                    counter(
                            "model",
                            WINDOWS_SKIPPED,
                            "windows without a result because values are missing or infinite: any,"
                                    + " or, where the model masks channels, some of every"
                                    + " channel"),
                    counter(
                            "model",
                            REMARKS,
                            "what the model has remarked on windows, each an annotation too: of a"
                                    + " separator, that voices were exchanged"),
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
                    counter("model", UPDATES, "updates of what a stream has learned"),
                    counter(
                            "model",
                            BUNDLE_SWAPS,
                            "streams that went on with another bundle than they had learned with,"
                                    + " by a command or a restart"),
                    counter("model", RESETS, "returns of a stream to the bundle's weights"),
                    counter(
                            "model",
                            ROLL_BACKS,
                            "returns of a stream to what it knew when that was good"),
                    new Description(
                            "model",
                            GATE_THOUSANDTHS,
                            "histogram",
                            "how far learning was open at each window of a pipeline with"
                                    + " adaptation, times 1000; 0 where nothing was learned"),
                    new Description(
                            "model",
                            DRIFT_THOUSANDTHS,
                            "histogram",
                            "how far streams are from the bundle's weights at each window, as a"
                                    + " share of these weights' norm, times 1000"),
                    counter("detection", ANOMALY_EVENTS, "anomalies that have started"),
                    counter("detection", SAMPLES_ABOVE, "scores that exceed the threshold"),
                    new Description(
                            "detection",
                            SCORE_THOUSANDTHS,
                            "histogram",
                            "the mean score of each window, times 1000"),
                    new Description(
                            "detection",
                            THRESHOLD_THOUSANDTHS,
                            "histogram",
                            "the thresholds of the streams, where they are known, at each window,"
                                    + " times 1000"),
                    counter(
                            "imputation",
                            FILLED_VALUES,
                            "missing values that the model has filled"),
                    counter(
                            "imputation",
                            UNFILLED_VALUES,
                            "values that stay missing because no window has them that the model"
                                    + " takes"),
                    counter(
                            "scoring",
                            FORECASTS_SCORED,
                            "forecasts that were compared with what came"),
                    counter(
                            "scoring",
                            FORECASTS_UNSCORED,
                            "forecasts whose segment ended before their whole horizon had come, or"
                                    + " of which every value is missing in what came"),
                    new Description(
                            "scoring",
                            FORECAST_MSE,
                            "gauge",
                            "mean squared error, in the model's units, of the newest forecasts of"
                                + " all streams that this task has compared since it started, as"
                                + " many as errors.over says; records have that of each stream,"
                                + " which a restart does not begin anew"),
                    new Description(
                            "scoring",
                            FORECAST_MAE,
                            "gauge",
                            "mean absolute error of the same forecasts"));

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
