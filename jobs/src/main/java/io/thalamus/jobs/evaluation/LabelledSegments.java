/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.AnomalyScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sets the scores of each segment, sample by sample, beside what was found in them and what is
 * true: a sample is anomalous if a label touches it, whatever it says.
 */
public final class LabelledSegments {
    private LabelledSegments() {}

    /**
     * The segments of all streams, in the order of streams and segments.
     *
     * @param scores of each sample once, in any order; a sample without a score is left out
     * @param events each at its start, and again at its end if that has come
     * @throws io.thalamus.schemas.InvalidInputException if there are scores, but no label is on any
     *     of them
     */
    public static List<LabelledScores> of(
            List<AnomalyScore> scores, List<AnomalyEvent> events, Labels labels) {
        List<AnomalyScore> ordered = new ArrayList<>(scores);
        ordered.sort(
                Comparator.comparing(AnomalyScore::streamId)
                        .thenComparing(AnomalyScore::segment)
                        .thenComparing(AnomalyScore::sequence));
        Map<Segment.Key, List<AnomalyScore>> bySegment = new LinkedHashMap<>();
        for (AnomalyScore score : ordered) {
            bySegment
                    .computeIfAbsent(
                            new Segment.Key(score.streamId(), score.segment()),
                            key -> new ArrayList<>())
                    .add(score);
        }
        List<LabelledScores> series = new ArrayList<>();
        boolean anyTrue = false;
        for (Map.Entry<Segment.Key, List<AnomalyScore>> segment : bySegment.entrySet()) {
            LabelledScores one =
                    of(
                            segment.getValue(),
                            alarms(events, segment.getKey()),
                            labels.of(segment.getKey().stream()));
            series.add(one);
            for (boolean isTrue : one.truth()) {
                anyTrue |= isTrue;
            }
        }
        if (!series.isEmpty() && !anyTrue) {
            throw labels.onNothing(
                    "any score, such as the first, of stream " + ordered.get(0).streamId());
        }
        return series;
    }

    /** From when to when alarm was given in a segment; an event without an end lasts. */
    private static Map<Long, Long> alarms(List<AnomalyEvent> events, Segment.Key segment) {
        Map<Long, Long> alarms = new LinkedHashMap<>();
        for (AnomalyEvent event : events) {
            if (new Segment.Key(event.streamId(), event.segment()).equals(segment)) {
                long end = event.endNanos() == 0 ? Long.MAX_VALUE : event.endNanos();
                alarms.merge(event.startNanos(), end, Math::min);
            }
        }
        return alarms;
    }

    private static LabelledScores of(
            List<AnomalyScore> parts, Map<Long, Long> alarms, List<Annotation> labels) {
        int length = parts.stream().mapToInt(part -> part.joint().length).sum();
        long period = parts.get(0).rate().nanosOf(1);
        float[] scores = new float[length];
        long[] times = new long[length];
        int count = 0;
        for (AnomalyScore part : parts) {
            for (int i = 0; i < part.joint().length; i++) {
                if (!Float.isNaN(part.joint()[i])) {
                    times[count] = part.startNanos() + part.rate().nanosOf(i);
                    scores[count++] = part.joint()[i];
                }
            }
        }
        boolean[] truth = new boolean[count];
        boolean[] alarmed = new boolean[count];
        for (Annotation label : labels) {
            // A moment touches the sample that it falls on.
            long end = label.onsetNanos() + Math.max(1, label.durationNanos());
            for (int n = 0; n < count; n++) {
                truth[n] |= times[n] < end && times[n] + period > label.onsetNanos();
            }
        }
        alarms.forEach(
                (start, end) -> {
                    for (int n = 0; n < alarmed.length; n++) {
                        alarmed[n] |= times[n] >= start && times[n] < end;
                    }
                });
        return new LabelledScores(truth, Arrays.copyOf(scores, count), alarmed);
    }
}
