/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.Classification;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which class each window truly is of, from labels on stretches of time: the one that covers most
 * of it, if that is half of it or more; of two that cover the same, the one whose label begins
 * first. Labels whose text is no class are passed over.
 */
public final class LabelledWindows {
    private final Labels labels;

    public LabelledWindows(Labels labels) {
        this.labels = labels;
    }

    /**
     * Compares classifications with the labels; windows that have none are left out.
     *
     * @param given of one model, so that all have the same classes
     * @throws io.thalamus.schemas.InvalidInputException if there are windows, but no label is on
     *     any of them
     */
    public Confusion compare(List<Classification> given) {
        Confusion confusion = Confusion.none(given.isEmpty() ? List.of() : given.get(0).classes());
        for (Classification one : given) {
            label(one).ifPresent(truth -> confusion.add(truth, one.label()));
        }
        if (!given.isEmpty() && confusion.total() == 0) {
            Classification first = given.get(0);
            throw labels.onNothing(
                    "any window, such as the first, of stream %s with the classes %s"
                            .formatted(first.streamId(), first.classes()));
        }
        return confusion;
    }

    /**
     * The same stream by stream; streams without labels are left out.
     *
     * @param given of one model, so that all have the same classes
     * @throws io.thalamus.schemas.InvalidInputException if no label is on any window
     */
    public ErrorRates errorRates(List<Classification> given) {
        Map<String, ErrorRates.Rate> rates = new TreeMap<>();
        for (Classification one : given) {
            label(one)
                    .ifPresent(
                            truth ->
                                    rates.merge(
                                            one.streamId(),
                                            ErrorRates.Rate.of(!truth.equals(one.label())),
                                            ErrorRates.Rate::plus));
        }
        if (rates.isEmpty()) {
            throw labels.onNothing("any of the %,d windows".formatted(given.size()));
        }
        return new ErrorRates(rates);
    }

    /** The class that it truly is of; none if no class covers half of it. */
    public Optional<String> label(Classification window) {
        return label(window.streamId(), window.startNanos(), window.endNanos(), window.classes());
    }

    /**
     * The class that a window truly is of; none if no class covers half of it.
     *
     * @param startNanos the time of its first sample
     * @param endNanos the time of the first sample behind it
     * @param classes that it may be of
     */
    public Optional<String> label(
            String streamId, long startNanos, long endNanos, List<String> classes) {
        Map<String, Long> covered = new LinkedHashMap<>();
        Map<String, Long> reached = new HashMap<>();
        for (Annotation label : labels.of(streamId)) {
            // What two labels of a class cover both counts once.
            long from =
                    Math.max(label.onsetNanos(), reached.getOrDefault(label.text(), startNanos));
            long to = Math.min(label.onsetNanos() + label.durationNanos(), endNanos);
            if (to > from && classes.contains(label.text())) {
                covered.merge(label.text(), to - from, Long::sum);
                reached.put(label.text(), to);
            }
        }
        long half = (endNanos - startNanos + 1) / 2;
        // max keeps the first of equals.
        return covered.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .filter(most -> most.getValue() >= half)
                .map(Map.Entry::getKey);
    }
}
