/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.detection;

import io.thalamus.operators.signal.Span;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.AnomalyScore;
import java.io.Serializable;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Makes events of the scores of a stream. An event starts with the first sample whose joint score
 * exceeds the threshold, and has ended once {@code quiet} samples have gone by without another; its
 * end is the time of the first sample behind the last one above. The end of the segment, or of the
 * input, ends it too. Samples without a score, as a window with missing values leaves them, count
 * as not above.
 *
 * <p>An event is told of twice, under the same stream, segment and start: as soon as it has lasted
 * the least length, with the end 0 and what is known by then, and when it has ended. One that ends
 * before it has the least length is not told of.
 *
 * <p>Each sample has one score: of records that overlap, as windows with a hop below their length
 * make them, the later one adds only the samples behind the earlier.
 *
 * <p>Neither the cutting into records nor a restart changes a bit of what comes out.
 *
 * @param rule decides which scores are too high
 * @param quiet how long a score must not exceed the threshold until an event has ended; of a time,
 *     the whole samples in it, and at least one
 * @param minLength how long an event must be to be told of, from its first sample above to its last
 */
public record Detection(ThresholdRule rule, Span quiet, Span minLength) implements Serializable {

    /** Takes the records that come out. */
    public interface Output {

        /** The scores of samples that have had none. */
        void scored(AnomalyScore score);

        /** An event that has started, if its end is 0, or ended. */
        void found(AnomalyEvent event);

        /** How many of the scores exceed the threshold, and what the next has to exceed. */
        void measured(int above, double threshold);
    }

    /** The state before the first record of a stream. */
    public DetectionState before(AnomalyScore first) {
        return DetectionState.before(first, rule.toString(), rule.start(first.rate()));
    }

    /**
     * Takes the next record of a stream. If another rule made the state, it starts anew.
     *
     * @return the state after the record
     */
    public DetectionState take(AnomalyScore score, DetectionState before, Output out) {
        DetectionState now = before;
        String name = rule.toString();
        if (!before.covers(score)) {
            finish(score.streamId(), before, out::found);
            now = DetectionState.before(score, before.rule(), before.threshold());
        }
        if (!name.equals(before.rule())) {
            now =
                    new DetectionState(
                            name,
                            rule.start(score.rate()),
                            now.segment(),
                            now.rate(),
                            now.firstSequence(),
                            now.startNanos(),
                            now.nextSequence(),
                            now.event());
        }
        int length = score.joint().length;
        int from = (int) Math.min(length, Math.max(0, now.nextSequence() - score.sequence()));
        if (from == length) {
            return now;
        }
        out.scored(rest(score, from, now));
        return follow(score, from, now, out);
    }

    private DetectionState follow(AnomalyScore score, int from, DetectionState now, Output out) {
        long quietSamples = samples(quiet, now);
        long leastSamples = samples(minLength, now);
        int above = 0;
        OpenEvent event = now.event();
        for (int i = from; i < score.joint().length; i++) {
            long sequence = score.sequence() + i;
            float joint = score.joint()[i];
            double threshold = rule.threshold(now.threshold());
            rule.take(joint, now.threshold());
            // Where scores are missing, it may have been over before this sample.
            event = endedBy(sequence - 1, event, quietSamples, score.streamId(), now, out);
            if (joint > threshold) {
                above++;
                event = event == null ? OpenEvent.startingAt(sequence, score, threshold) : event;
                event = event.with(sequence, score, i);
                if (!event.told() && event.length() >= leastSamples) {
                    event = event.asTold();
                    out.found(record(score.streamId(), event, 0, now));
                }
            } else {
                event = endedBy(sequence, event, quietSamples, score.streamId(), now, out);
            }
        }
        out.measured(above, rule.threshold(now.threshold()));
        return now.after(score.sequence() + score.joint().length, event);
    }

    private static long samples(Span span, DetectionState state) {
        return Math.max(1, span.samplesWithin(state.rate()));
    }

    private static OpenEvent endedBy(
            long sequence,
            OpenEvent event,
            long quietSamples,
            String streamId,
            DetectionState state,
            Output out) {
        if (event == null || sequence - event.lastAbove() < quietSamples) {
            return event;
        }
        end(streamId, event, state, out::found);
        return null;
    }

    private static void end(
            String streamId, OpenEvent event, DetectionState state, Consumer<AnomalyEvent> out) {
        if (event.told()) {
            out.accept(record(streamId, event, state.nanosOf(event.lastAbove() + 1), state));
        }
    }

    private static AnomalyEvent record(
            String streamId, OpenEvent event, long endNanos, DetectionState state) {
        return new AnomalyEvent(
                streamId,
                state.segment(),
                state.nanosOf(event.first()),
                endNanos,
                event.peak(),
                event.threshold(),
                event.leadingChannels(),
                event.model());
    }

    /** The end of a segment, or of the input: ends the event that lasts. */
    public void finish(String streamId, DetectionState state, Consumer<AnomalyEvent> out) {
        if (state.event() != null) {
            end(streamId, state.event(), state, out);
        }
    }

    private static AnomalyScore rest(AnomalyScore score, int from, DetectionState state) {
        if (from == 0) {
            return score;
        }
        int length = score.joint().length;
        int rest = length - from;
        float[] byChannel = new float[score.channels().size() * rest];
        for (int channel = 0; channel < score.channels().size(); channel++) {
            System.arraycopy(
                    score.byChannel(), channel * length + from, byChannel, channel * rest, rest);
        }
        long sequence = score.sequence() + from;
        return new AnomalyScore(
                score.streamId(),
                sequence,
                score.segment(),
                state.nanosOf(sequence),
                score.rate(),
                score.channels(),
                Arrays.copyOfRange(score.joint(), from, length),
                byChannel,
                score.model());
    }
}
