/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.jobs.evaluation.LabelledWindows;
import io.thalamus.jobs.evaluation.Labels;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/**
 * The classes that annotations put windows into.
 *
 * @param names the texts of the annotations that last, in alphabetical order
 * @param windows which window is of which
 */
record Classes(List<String> names, LabelledWindows windows) {

    /**
     * @throws InvalidInputException if they tell no two classes apart
     */
    static Classes of(List<Annotation> annotations) {
        List<String> classes =
                annotations.stream()
                        .filter(annotation -> annotation.durationNanos() > 0)
                        .map(Annotation::text)
                        .distinct()
                        .sorted()
                        .toList();
        if (classes.size() < 2) {
            throw new InvalidInputException(
                    ("a classification learns from annotations that last and have at least two"
                         + " different texts, but there are %s: name a file of them with --labels")
                            .formatted(classes.isEmpty() ? "none" : "only those of " + classes));
        }
        return new Classes(classes, new LabelledWindows(new Labels(annotations)));
    }

    /** The number of a window's class, if it has one. */
    OptionalInt classOf(SignalFrame window) {
        return windows.label(window.streamId(), window.startNanos(), window.endNanos(), names)
                .map(name -> OptionalInt.of(Collections.binarySearch(names, name)))
                .orElse(OptionalInt.empty());
    }
}
