/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.jobs.spec.Suggestion;
import io.thalamus.schemas.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a network is trained for. */
public enum Task {
    LONG_TERM_FORECAST,
    SHORT_TERM_FORECAST,
    IMPUTATION,
    ANOMALY_DETECTION,
    CLASSIFICATION,
    /** Signals to codes and back. */
    VQVAE,
    /** The codes of what is hidden. */
    MAE,
    /** The class of a trial. */
    CLS;

    /**
     * The task of a name.
     *
     * @throws InvalidInputException if there is none
     */
    public static Task named(String name) {
        return Arrays.stream(values())
                .filter(task -> task.toString().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new InvalidInputException(Suggestion.unknown("task", name, names())));
    }

    /** Whether it is learned from labels. */
    boolean isOfClasses() {
        return this == CLASSIFICATION || this == CLS;
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Task::toString).toList();
    }

    /** The name as users and {@code config.json} write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
