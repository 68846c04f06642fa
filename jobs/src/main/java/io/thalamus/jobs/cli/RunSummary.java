/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.operators.stream.ForecastAccuracy;
import io.thalamus.operators.stream.StreamMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * What came of a run; as JSON, an object with these fields.
 *
 * @param pipeline the pipeline's name
 * @param frames frames that were read
 * @param samples samples of each channel that were read
 * @param faults all that was found wrong with the streams, by the metrics' names
 * @param deadLetters input that could not be used
 * @param seconds how long it took
 * @param samplesPerSecond samples in a second of that time
 * @param windows windows that the model took; like all that concerns windows null, and not in the
 *     JSON, where there is no model
 * @param skipped windows left out because values in them are missing
 * @param filled missing values that the model has filled; null, and not in the JSON, like {@code
 *     unfilled}, where there is no model that does so
 * @param unfilled values that stayed missing
 * @param windowsPerSecond windows in a second of the time it took
 * @param anomalies anomalies that were found; null, and not in the JSON, where none are looked for
 * @param outputs the files that were written, or the topics
 * @param metrics how good the forecasts were; null, and not in the JSON, where none could be
 *     compared
 */
record RunSummary(
        String pipeline,
        long frames,
        long samples,
        Map<String, Long> faults,
        long deadLetters,
        double seconds,
        double samplesPerSecond,
        @JsonInclude(JsonInclude.Include.NON_NULL) Long windows,
        @JsonInclude(JsonInclude.Include.NON_NULL) Long skipped,
        @JsonInclude(JsonInclude.Include.NON_NULL) Long filled,
        @JsonInclude(JsonInclude.Include.NON_NULL) Long unfilled,
        @JsonInclude(JsonInclude.Include.NON_NULL) Double windowsPerSecond,
        @JsonInclude(JsonInclude.Include.NON_NULL) Long anomalies,
        List<String> outputs,
        @JsonInclude(JsonInclude.Include.NON_NULL) Metrics metrics) {

    /** Faults that need no line of their own: each break is also counted by what is wrong. */
    private static final Set<String> SAID_OTHERWISE =
            Set.of(StreamMetrics.GAPS, StreamMetrics.BREAKS);

    /** Errors of the forecasts, in the model's units and in the data's. */
    record Metrics(double mse, double mae, double mseData, double maeData, long windows) {
        static Metrics of(ForecastAccuracy accuracy) {
            return new Metrics(
                    accuracy.mse(),
                    accuracy.mae(),
                    accuracy.mseData(),
                    accuracy.maeData(),
                    accuracy.windows());
        }
    }

    /**
     * For people who look on. It counts windows if there is a model; and only if the source does
     * not end is it of interest how far results lie behind.
     */
    static BiFunction<RunMetrics, Double, String> progress(PipelineSpec spec) {
        boolean windows = spec.model().isPresent();
        boolean live = !spec.source().ends();
        return (metrics, seconds) -> {
            String unit = windows ? "windows" : "samples";
            long count = windows ? metrics.windows() : metrics.samples();
            StringBuilder line =
                    new StringBuilder(
                            "%,d frames  %,d %s  %,.0f %s/s"
                                    .formatted(
                                            metrics.frames(), count, unit, count / seconds, unit));
            if (metrics.windows() > 0) {
                Duration lag = Duration.ofMillis(metrics.lagMillis());
                line.append("  at ")
                        .append(Instant.now().minus(lag).truncatedTo(ChronoUnit.SECONDS));
                if (live) {
                    line.append("  %.1f s behind".formatted(lag.toMillis() / 1e3));
                }
            }
            return line.toString();
        };
    }

    /** Places where samples are missing. */
    @JsonProperty
    long gaps() {
        return faults.get(StreamMetrics.GAPS);
    }

    /** For people. */
    String text() {
        Lines lines = new Lines();
        lines.add("pipeline", pipeline);
        lines.add("frames", "%,d".formatted(frames));
        lines.add(
                "samples", "%,d in %.1f s (%,.0f/s)".formatted(samples, seconds, samplesPerSecond));
        if (windows != null) {
            lines.add("windows", "%,d (%.1f/s)".formatted(windows, windowsPerSecond));
            lines.add("skipped", "%,d windows with missing values".formatted(skipped));
        }
        if (anomalies != null) {
            lines.add("anomalies", "%,d".formatted(anomalies));
        }
        if (filled != null) {
            lines.add("filled", "%,d values; %,d stay missing".formatted(filled, unfilled));
        }
        lines.add("gaps", "%,d".formatted(gaps()));
        faults.forEach(
                (fault, count) -> {
                    if (count > 0 && !SAID_OTHERWISE.contains(fault)) {
                        lines.add("fault", "%,d %s".formatted(count, fault));
                    }
                });
        lines.add("dead letters", "%,d".formatted(deadLetters));
        if (metrics != null) {
            lines.add("accuracy", "over %,d windows".formatted(metrics.windows));
            lines.add("", "MSE %.4f, MAE %.4f standardised".formatted(metrics.mse, metrics.mae));
            lines.add(
                    "",
                    "MSE %.4f, MAE %.4f in the data's units"
                            .formatted(metrics.mseData, metrics.maeData));
        }
        outputs.forEach(output -> lines.add("output", output));
        return lines.toString();
    }
}
