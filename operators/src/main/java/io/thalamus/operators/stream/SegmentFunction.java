/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Puts the frames of a stream into the order of their sequence numbers and divides the stream into
 * segments. What follows it can rely on this: frames of one segment follow on one another without a
 * hole, an overlap or a change of shape, and their times are those of the segment's own clock (its
 * start, plus the exact time of the samples since).
 *
 * <ul>
 *   <li>A frame that is ahead waits for the missing ones until a frame has come that starts more
 *       than {@code reorder} samples after the first missing sample; then they count as lost. The
 *       bound is in the stream's own samples: neither the clock nor watermarks play a part. At the
 *       end of the input nothing is waited for any more.
 *   <li>Samples that have come before are dropped and counted; a frame that overlaps is cut.
 *   <li>Samples that come after they counted as lost go to {@link SideOutputs#LATE_FRAMES}.
 *   <li>Lost samples, another rate or other channels, a time that strays from the segment's clock
 *       by more than a second (or half a sample, if that is longer), and a source that counts its
 *       samples anew begin the next segment, or fail the job if that is the policy.
 *   <li>A frame whose figures cannot be (a negative number, a time past the year 2262 or more than
 *       292 years after its segment's start) goes to {@link SideOutputs#DEAD_LETTERS}.
 * </ul>
 *
 * <p>The state has no time to live: its keys are the streams, and what is held of a stream spans at
 * most {@code reorder} samples.
 */
public final class SegmentFunction extends KeyedProcessFunction<String, SignalFrame, SignalFrame> {

    /** What happens where a stream is broken. */
    public enum Gap {
        /** The next segment begins. */
        SPLIT,
        /** The job fails. */
        FAIL
    }

    private static final ValueStateDescriptor<SegmentPosition> POSITION =
            new ValueStateDescriptor<>("position", TypeInformation.of(SegmentPosition.class));
    private static final MapStateDescriptor<Long, SignalFrame> HELD =
            new MapStateDescriptor<>("held", Types.LONG, TypeInformation.of(SignalFrame.class));

    private final String step;
    private final long reorder;
    private final Gap gap;

    private transient ValueState<SegmentPosition> position;
    private transient MapState<Long, SignalFrame> held;
    private transient OrderFaults faults;

    /**
     * @param step the step's id, which dead letters name
     * @param reorder how many samples a frame may come late by; 0 if frames come in order
     * @param gap what happens where a stream is broken
     */
    public SegmentFunction(String step, long reorder, Gap gap) {
        if (reorder < 0) {
            throw new InvalidInputException(
                    "order: reorder is %d; give a number of samples, or 0".formatted(reorder));
        }
        this.step = step;
        this.reorder = reorder;
        this.gap = gap;
    }

    @Override
    public void open(OpenContext context) {
        position = getRuntimeContext().getState(POSITION);
        held = getRuntimeContext().getMapState(HELD);
        faults = new OrderFaults(step, getRuntimeContext().getMetricGroup());
    }

    @Override
    public void processElement(SignalFrame frame, Context context, Collector<SignalFrame> out)
            throws Exception {
        faults.received(frame);
        Optional<String> objection = objectionTo(frame);
        if (objection.isPresent()) {
            faults.refuse(frame, objection.get(), context);
            return;
        }
        SegmentPosition at = position.value();
        if (at == null) {
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
            at = SegmentPosition.before(frame, -1);
        } else if (at.restartsWith(frame)) {
            at = release(at, true, context, out);
            at = SegmentPosition.before(frame, at.segment());
        }
        at = at.seen(frame);
        if (frame.sequence() > at.expected()) {
            at = hold(frame, at);
        } else {
            at = deliver(frame, at, context, out);
        }
        position.update(release(at, false, context, out));
    }

    /** The end of the input: nothing that is missing will come. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<SignalFrame> out)
            throws Exception {
        position.update(release(position.value(), true, context, out));
    }

    private SegmentPosition hold(SignalFrame frame, SegmentPosition at) throws Exception {
        SignalFrame same = held.get(frame.sequence());
        if (same == null) {
            held.put(frame.sequence(), frame);
            return at.withHeld(at.held() + 1);
        }
        faults.duplicates(Math.min(same.length(), frame.length()));
        if (frame.length() > same.length()) {
            held.put(frame.sequence(), frame);
        }
        return at;
    }

    /** Hands on the held frames whose turn has come, or all of them. */
    private SegmentPosition release(
            SegmentPosition start, boolean all, Context context, Collector<SignalFrame> out)
            throws Exception {
        SegmentPosition at = start;
        if (at.held() == 0) {
            return at;
        }
        List<Long> waiting = new ArrayList<>(at.held());
        held.keys().forEach(waiting::add);
        Collections.sort(waiting);
        for (long first : waiting) {
            if (!all && first > at.expected() && at.newest() - at.expected() <= reorder) {
                break;
            }
            SignalFrame frame = held.get(first);
            held.remove(first);
            at = deliver(frame, at.withHeld(at.held() - 1), context, out);
        }
        return at;
    }

    private SegmentPosition deliver(
            SignalFrame frame, SegmentPosition at, Context context, Collector<SignalFrame> out) {
        SignalFrame next = frame;
        if (at.open() && frame.sequence() < at.expected()) {
            if (frame.sequence() < at.firstSequence()) {
                long end = Math.min(frame.nextSequence(), at.firstSequence());
                late(frame.slice(0, (int) (end - frame.sequence())), at, context);
            }
            long again = Math.max(frame.sequence(), at.firstSequence());
            long until = Math.min(frame.nextSequence(), at.expected());
            faults.duplicates(Math.max(until - again, 0));
            if (frame.nextSequence() <= at.expected()) {
                return at;
            }
            next = frame.slice((int) (at.expected() - frame.sequence()), frame.length());
        }
        SegmentPosition now = at;
        if (!at.open()) {
            now = at.nextSegment(next);
        } else {
            Optional<StreamBreak> change = breakBefore(next, at);
            if (change.isPresent()) {
                if (gap == Gap.FAIL) {
                    throw new InvalidInputException(
                            String.format(
                                    Locale.ROOT,
                                    "stream %s is broken at sample %d: %s; set order.gap to split"
                                            + " to begin a new segment there",
                                    next.streamId(),
                                    next.sequence(),
                                    change.get().reason()));
                }
                faults.broken(change.get(), context);
                now = at.nextSegment(next);
            } else if (!at.canTime(next)) {
                faults.refuse(
                        frame,
                        "the frame ends past the year 2262 or more than 292 years after the start"
                                + " of its segment",
                        context);
                return at;
            }
        }
        out.collect(
                new SignalFrame(
                        next.streamId(),
                        next.sequence(),
                        now.segment(),
                        now.timeOf(next.sequence()),
                        next.rate(),
                        next.channels(),
                        next.samples(),
                        next.quality()));
        return now.expecting(next.nextSequence());
    }

    private void late(SignalFrame frame, SegmentPosition at, Context context) {
        faults.late(
                frame,
                String.format(
                        Locale.ROOT,
                        "%d samples from %d on came after the stream had gone on at sample %d",
                        frame.length(),
                        frame.sequence(),
                        at.firstSequence()),
                context);
    }

    private static Optional<StreamBreak> breakBefore(SignalFrame frame, SegmentPosition at) {
        String reason;
        long lost = frame.sequence() - at.expected();
        boolean sameShape =
                frame.rate().equals(at.rate()) && frame.channels().equals(at.channels());
        if (lost > 0) {
            reason = String.format(Locale.ROOT, "%d samples are missing", lost);
        } else if (!frame.rate().equals(at.rate())) {
            reason = "its rate changes from %s to %s".formatted(at.rate(), frame.rate());
        } else if (!sameShape) {
            reason = "its channels change from %s to %s".formatted(at.channels(), frame.channels());
        } else if (at.disagreesWith(frame)) {
            reason =
                    String.format(
                            Locale.ROOT,
                            "its time jumps to %d ns where %d ns is due",
                            frame.startNanos(),
                            at.timeOf(frame.sequence()));
        } else {
            return Optional.empty();
        }
        return Optional.of(
                new StreamBreak(
                        reason,
                        at.timeOf(at.expected()),
                        frame.startNanos(),
                        lost,
                        lost == 0 && sameShape));
    }

    private static Optional<String> objectionTo(SignalFrame frame) {
        if (frame.sequence() < 0 || frame.nextSequence() < 0) {
            return Optional.of(
                    String.format(Locale.ROOT, "sequence number %d cannot be", frame.sequence()));
        }
        if (endsBeyondTime(frame)) {
            return Optional.of(
                    String.format(
                            Locale.ROOT,
                            "%d samples at %s from %d ns on end past the year 2262",
                            frame.length(),
                            frame.rate(),
                            frame.startNanos()));
        }
        return Optional.empty();
    }

    private static boolean endsBeyondTime(SignalFrame frame) {
        try {
            Math.addExact(frame.startNanos(), frame.rate().nanosOf(frame.length()));
            return false;
        } catch (ArithmeticException e) {
            return true;
        }
    }
}
