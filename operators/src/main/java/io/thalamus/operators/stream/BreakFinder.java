/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Finds where a stream does not go on as it should, by the numbers and times of its frames. */
final class BreakFinder {
    private static final double NANOS = 1e9;

    private final OrderPolicy policy;

    BreakFinder(OrderPolicy policy) {
        this.policy = policy;
    }

    /** Whether a frame is of before the source began to count anew, as it does now. */
    boolean isOfEarlierCounting(SignalFrame frame, SegmentPosition at) {
        return !at.clock().fits(frame, policy.tolerance())
                && at.counting().knewBefore(frame, policy.tolerance());
    }

    /**
     * The source counting its samples anew, if it does: the frame's number has been, but its time
     * has not, nor is it the one that the number had.
     */
    Optional<StreamBreak> restart(SignalFrame frame, SegmentPosition at) {
        boolean restarts =
                at.open()
                        && frame.sequence() < at.expected()
                        && at.counting().isNewTime(frame.startNanos())
                        && !at.clock().fits(frame, policy.tolerance())
                        && !at.counting().knows(frame, policy.tolerance());
        return restarts
                ? Optional.of(
                        StreamBreak.of(
                                StreamBreak.Kind.RESTART,
                                countsAnew(frame),
                                frame,
                                at.clock().timeOf(at.expected()),
                                0))
                : Optional.empty();
    }

    private static String countsAnew(SignalFrame frame) {
        return String.format(
                Locale.ROOT, "its source counts its samples anew, from %d on", frame.sequence());
    }

    /** What is wrong before the frame whose turn it is, if anything is. */
    Optional<StreamBreak> before(SignalFrame frame, SegmentPosition at) {
        Set<StreamBreak.Kind> kinds = EnumSet.noneOf(StreamBreak.Kind.class);
        List<String> reasons = new ArrayList<>();
        SegmentClock clock = at.clock();
        long lost = frame.sequence() - at.expected();
        if (lost > 0 && !clock.canTime(frame)) {
            kinds.add(StreamBreak.Kind.RESTART); // nobody has lost so many
            reasons.add(countsAnew(frame));
            lost = 0;
        } else if (lost > 0) {
            kinds.add(StreamBreak.Kind.LOSS);
            reasons.add(String.format(Locale.ROOT, "%d samples are missing", lost));
        }
        if (!frame.rate().equals(clock.rate())) {
            kinds.add(StreamBreak.Kind.NEW_SHAPE);
            reasons.add("its rate changes from %s to %s".formatted(clock.rate(), frame.rate()));
        }
        if (!frame.channels().equals(at.channels())) {
            kinds.add(StreamBreak.Kind.NEW_SHAPE);
            reasons.add(
                    "its channels change from %s to %s".formatted(at.channels(), frame.channels()));
        }
        boolean sameClock =
                !kinds.contains(StreamBreak.Kind.NEW_SHAPE)
                        && !kinds.contains(StreamBreak.Kind.RESTART);
        if (sameClock && !clock.fits(frame, policy.tolerance())) {
            double stray = clock.strayNanos(frame);
            long by = (long) Math.rint(stray / NANOS * clock.rate().hertz());
            boolean gap = policy.jump() == OrderPolicy.Jump.GAP && by > 0;
            kinds.add(gap ? StreamBreak.Kind.LOSS : StreamBreak.Kind.CLOCK_JUMP);
            reasons.add(
                    String.format(
                                    Locale.ROOT,
                                    "its time jumps to %d ns where %d ns is due",
                                    frame.startNanos(),
                                    frame.startNanos() - (long) Math.ceil(stray))
                            + (gap ? String.format(Locale.ROOT, ", by %d samples", by) : ""));
            lost += gap ? by : 0;
        }
        return kinds.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new StreamBreak(
                                kinds,
                                String.join("; ", reasons),
                                frame,
                                clock.timeOf(at.expected()),
                                lost));
    }
}
