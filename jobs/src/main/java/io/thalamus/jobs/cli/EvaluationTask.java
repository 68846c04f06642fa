/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.Forecast;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a pipeline does, as far as its results can be compared with something that is known. */
enum EvaluationTask {
    FORECAST("--season"),
    IMPUTATION("--mask-rate", "--seed"),
    CLASSIFICATION(
            "--labels", "--adaptation", "--corruptions", "--severities", "--block", "--seed"),
    ANOMALIES("--labels", "--buffer"),
    ECHO("--references"),
    SEPARATION("--references");

    private final Set<String> options;

    EvaluationTask(String... options) {
        this.options = Set.of(options);
    }

    /** Told by what comes of a window, not by which model it is. */
    static Optional<EvaluationTask> of(ModelSignature signature) {
        if (signature.result() == Forecast.class) {
            return Optional.of(FORECAST);
        }
        if (signature.result() == Classification.class) {
            return Optional.of(CLASSIFICATION);
        }
        if (signature.result() == AnomalyScore.class) {
            return Optional.of(ANOMALIES);
        }
        return signature.fillsMissing() ? Optional.of(IMPUTATION) : Optional.empty();
    }

    /** Whether an option is for another task than this. */
    boolean refuses(String option) {
        return !options.contains(option)
                && Arrays.stream(values()).anyMatch(task -> task.options.contains(option));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
