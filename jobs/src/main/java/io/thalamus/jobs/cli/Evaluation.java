/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How good a pipeline's results were; as JSON, an object with these fields.
 *
 * @param pipeline the pipeline's name
 * @param model the bundle's name; null, and not in the JSON, without a model
 * @param task what the pipeline does
 * @param windows windows that the model took, in all runs
 * @param skipped windows left out because values in them are missing, in all runs
 * @param deadLetters input that could not be used, in all runs
 * @param seconds how long it took
 * @param scores the task's figures
 */
record Evaluation(
        String pipeline,
        @JsonInclude(JsonInclude.Include.NON_NULL) String model,
        String task,
        long windows,
        long skipped,
        long deadLetters,
        double seconds,
        Scores scores) {

    /** The figures of a task. */
    interface Scores {
        /** For people. */
        String text();
    }

    /** For people. */
    String text() {
        Lines lines = new Lines();
        lines.add("pipeline", pipeline);
        lines.add("model", "%s (%s)".formatted(model == null ? "none" : model, task));
        lines.add("windows", "%,d in %.1f s".formatted(windows, seconds));
        lines.add("skipped", "%,d windows with missing values".formatted(skipped));
        lines.add("dead letters", "%,d".formatted(deadLetters));
        return lines + System.lineSeparator() + scores.text();
    }
}
