/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.thalamus.operators.stream.ForecastAccuracy;
import java.util.List;
import java.util.Optional;

/**
 * What came of a run; as JSON, an object with these fields.
 *
 * @param pipeline the pipeline's name
 * @param frames frames that were read
 * @param windows windows that the model took
 * @param skipped windows left out because values in them are missing
 * @param gaps places where samples were lost
 * @param deadLetters input that could not be used
 * @param seconds how long it took
 * @param windowsPerSecond windows in a second of that time
 * @param outputs the files that were written, or the topics
 * @param metrics how good the forecasts were; null, and not in the JSON, where none could be
 *     compared
 */
record RunSummary(
        String pipeline,
        long frames,
        long windows,
        long skipped,
        long gaps,
        long deadLetters,
        double seconds,
        double windowsPerSecond,
        List<String> outputs,
        @JsonInclude(JsonInclude.Include.NON_NULL) Metrics metrics) {

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

    /** For people. */
    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "pipeline", pipeline);
        line(text, "frames", "%,d".formatted(frames));
        line(
                text,
                "windows",
                "%,d in %.1f s (%.1f/s)".formatted(windows, seconds, windowsPerSecond));
        line(text, "skipped", "%,d with missing values".formatted(skipped));
        line(text, "gaps", "%,d".formatted(gaps));
        line(text, "dead letters", "%,d".formatted(deadLetters));
        Optional.ofNullable(metrics)
                .ifPresent(
                        found ->
                                line(
                                        text,
                                        "accuracy",
                                        "MSE %.4f, MAE %.4f standardised; MSE %.4f, MAE %.4f in the data's units; %,d windows"
                                                .formatted(
                                                        found.mse,
                                                        found.mae,
                                                        found.mseData,
                                                        found.maeData,
                                                        found.windows)));
        outputs.forEach(output -> line(text, "output", output));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("%-13s %s%n".formatted(name, value));
    }
}
