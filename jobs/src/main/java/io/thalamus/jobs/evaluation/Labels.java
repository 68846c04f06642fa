/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is known of streams, as remarks on stretches of time. The labels of {@code night} are also
 * those of the streams {@code night/...} that have none of their own.
 */
public final class Labels {
    private static final int SHOWN = 10;

    private final Map<String, List<Annotation>> byStream;

    /**
     * @param labels in any order
     */
    public Labels(List<Annotation> labels) {
        byStream =
                labels.stream()
                        .sorted(Comparator.comparing(Annotation::onsetNanos))
                        .collect(
                                Collectors.groupingBy(
                                        Annotation::streamId, TreeMap::new, Collectors.toList()));
    }

    /** Those of a stream, in the order of their onsets. */
    public List<Annotation> of(String stream) {
        for (String named = stream; ; named = named.substring(0, named.lastIndexOf('/'))) {
            List<Annotation> labels = byStream.get(named);
            if (labels != null || named.indexOf('/') < 0) {
                return labels == null ? List.of() : labels;
            }
        }
    }

    /**
     * The mistake of labels of which none is on anything that was compared.
     *
     * @param compared the first of it, in words
     */
    InvalidInputException onNothing(String compared) {
        List<String> texts =
                byStream.values().stream()
                        .flatMap(List::stream)
                        .map(Annotation::text)
                        .distinct()
                        .limit(SHOWN)
                        .toList();
        List<String> streams = byStream.keySet().stream().limit(SHOWN).toList();
        return new InvalidInputException(
                "no label is on %s: the labels are on the streams %s and say %s"
                        .formatted(compared, streams, texts));
    }
}
