/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.InvalidInputException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which class each window truly is of, from labels on stretches of time: the one that covers most
 * of it, if that is half of it or more; of two that cover the same, the one whose label begins
 * first. Labels whose text is no class are passed over. The labels of a file {@code night} are also
 * those of its streams {@code night/...}.
 */
public final class LabelledWindows {
    private final Map<String, List<Annotation>> byStream;

    /**
     * @param labels in any order
     */
    public LabelledWindows(List<Annotation> labels) {
        byStream =
                labels.stream()
                        .sorted(Comparator.comparing(Annotation::onsetNanos))
                        .collect(Collectors.groupingBy(Annotation::streamId));
    }

    /**
     * Compares classifications with the labels; windows that have none are left out.
     *
     * @param given of one model, so that all have the same classes
     * @throws InvalidInputException if there are windows, but no label is on any of them
     */
    public Confusion compare(List<Classification> given) {
        Confusion confusion = Confusion.none(given.isEmpty() ? List.of() : given.get(0).classes());
        for (Classification one : given) {
            label(one).ifPresent(truth -> confusion.add(truth, one.label()));
        }
        if (!given.isEmpty() && confusion.total() == 0) {
            throw new InvalidInputException(
                    "no label is on any window: the labels are on the streams %s and say %s, the"
                                    .formatted(byStream.keySet(), texts())
                            + " first window is of stream %s, and its classes are %s"
                                    .formatted(given.get(0).streamId(), given.get(0).classes()));
        }
        return confusion;
    }

    private List<String> texts() {
        return byStream.values().stream()
                .flatMap(List::stream)
                .map(Annotation::text)
                .distinct()
                .limit(10)
                .toList();
    }

    private Optional<String> label(Classification window) {
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
        for (Annotation label : labels(streamId)) {
            long from = Math.max(label.onsetNanos(), startNanos);
            long to = Math.min(label.onsetNanos() + label.durationNanos(), endNanos);
            if (to > from && classes.contains(label.text())) {
                covered.merge(label.text(), to - from, Long::sum);
            }
        }
        long half = (endNanos - startNanos + 1) / 2;
        // max keeps the first of equals.
        return covered.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .filter(most -> most.getValue() >= half)
                .map(Map.Entry::getKey);
    }

    private List<Annotation> labels(String stream) {
        int slash = stream.indexOf('/');
        String file = slash < 0 ? stream : stream.substring(0, slash);
        return byStream.getOrDefault(stream, byStream.getOrDefault(file, List.of()));
    }
}
