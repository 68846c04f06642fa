/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * The classes that annotations put stretches of streams into: their texts, in alphabetical order.
 * An annotation of a recording counts for all streams of it.
 */
final class Labels {
    private final List<String> classes;
    private final Map<String, List<Annotation>> byOwner = new HashMap<>();
    private long longest;

    /**
     * @throws InvalidInputException if they tell no two classes apart
     */
    Labels(List<Annotation> annotations) {
        Set<String> texts = new TreeSet<>();
        for (Annotation annotation : annotations) {
            if (annotation.durationNanos() > 0) {
                texts.add(annotation.text());
                byOwner.computeIfAbsent(annotation.streamId(), id -> new ArrayList<>())
                        .add(annotation);
                longest = Math.max(longest, annotation.durationNanos());
            }
        }
        byOwner.values().forEach(list -> list.sort(Comparator.comparing(Annotation::onsetNanos)));
        classes = List.copyOf(texts);
        if (classes.size() < 2) {
            throw new InvalidInputException(
                    ("a classification learns from annotations that last and have at least two"
                         + " different texts, but there are %s: name a file of them with --labels")
                            .formatted(classes.isEmpty() ? "none" : "only those of " + classes));
        }
    }

    List<String> classes() {
        return classes;
    }

    /** The class of a window that lies within annotations of one text, and of no other. */
    OptionalInt classOf(SignalFrame window) {
        Set<String> texts = new TreeSet<>();
        String stream = window.streamId();
        collect(stream, window, texts);
        for (int slash = stream.indexOf('/'); slash > 0; slash = stream.indexOf('/', slash + 1)) {
            collect(stream.substring(0, slash), window, texts);
        }
        return texts.size() == 1
                ? OptionalInt.of(Collections.binarySearch(classes, texts.iterator().next()))
                : OptionalInt.empty();
    }

    private void collect(String owner, SignalFrame window, Set<String> texts) {
        List<Annotation> annotations = byOwner.getOrDefault(owner, List.of());
        int at = firstAfter(annotations, window.startNanos()) - 1;
        while (at >= 0 && window.startNanos() - annotations.get(at).onsetNanos() <= longest) {
            Annotation annotation = annotations.get(at--);
            if (window.endNanos() <= annotation.onsetNanos() + annotation.durationNanos()) {
                texts.add(annotation.text());
            }
        }
    }

    /** How many begin at a time or earlier. */
    private static int firstAfter(List<Annotation> annotations, long nanos) {
        int low = 0;
        int high = annotations.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (annotations.get(middle).onsetNanos() <= nanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
