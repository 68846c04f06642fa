/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.SignalFrame;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where a stream does not go on as it should.
 *
 * @param kinds what is wrong
 * @param reason in words
 * @param next what comes then
 * @param onsetNanos when the next sample was due, or where the last one was, in nanoseconds since
 *     the epoch
 * @param lostSamples how many samples are missing; 0 if none are, or if their number is not known
 */
record StreamBreak(
        Set<Kind> kinds, String reason, SignalFrame next, long onsetNanos, long lostSamples) {

    /** What may be wrong. */
    enum Kind {
        /** Samples are missing. */
        LOSS(StreamMetrics.GAPS),
        /** The time is another than due. */
        CLOCK_JUMP(StreamMetrics.CLOCK_JUMPS),
        /** The rate or the channels are others. */
        NEW_SHAPE(StreamMetrics.SHAPE_CHANGES),
        /** The source counts its samples anew. */
        RESTART(StreamMetrics.RESTARTS);

        private final String metric;

        Kind(String metric) {
            this.metric = metric;
        }

        /** The metric that counts it. */
        String metric() {
            return metric;
        }
    }

    StreamBreak {
        kinds = Set.copyOf(kinds);
    }

    static StreamBreak of(
            Kind kind, String reason, SignalFrame next, long onsetNanos, long lostSamples) {
        return new StreamBreak(EnumSet.of(kind), reason, next, onsetNanos, lostSamples);
    }

    boolean is(Kind kind) {
        return kinds.contains(kind);
    }

    boolean isOnly(Kind kind) {
        return kinds.equals(Set.of(kind));
    }

    /** How long the stream has been without samples; 0 if its clock was set back. */
    long durationNanos() {
        if (next.startNanos() <= onsetNanos) {
            return 0;
        }
        long duration = next.startNanos() - onsetNanos;
        return duration < 0 ? Long.MAX_VALUE : duration; // longer than a long holds
    }
}
