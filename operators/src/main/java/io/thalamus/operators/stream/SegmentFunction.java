/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.Quality;
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
 * Puts the frames of a stream into the order of their sequence numbers, divides the stream into
 * segments, and looks at the samples. What follows it can rely on this: frames of one segment
 * follow on one another without a hole, an overlap or a change of shape, and their times are those
 * of the segment's own clock (its start, plus the exact time of the samples since).
 *
 * <ul>
 *   <li>A frame that is ahead waits for the missing ones until a frame has come that starts more
 *       than {@code reorder} samples after the first missing sample; then they count as lost. The
 *       bound is in the stream's own samples: neither the clock nor watermarks play a part. At the
 *       end of the input nothing is waited for any more.
 *   <li>Samples that have come before are dropped and counted; a frame that overlaps is cut.
 *   <li>Samples that come after they counted as lost, or after their source began to count anew, go
 *       to {@link SideOutputs#LATE_FRAMES}.
 *   <li>What the {@link OrderPolicy} says happens where samples are lost, the rate or the channels
 *       change, the source counts its samples anew, and where a frame's time strays too far from
 *       where the segment's clock and its known drift expect it: the next segment begins, the
 *       segment goes on, filled or by its own clock, or the job fails.
 *   <li>The drift of the sample clock is estimated from the time stamps as they come, and told of
 *       when it is known and large; if the policy says so, the stream is resampled to its nominal
 *       rate.
 *   <li>A frame whose figures cannot be (a negative number, a time past the year 2262 or more than
 *       292 years after its segment's start) goes to {@link SideOutputs#DEAD_LETTERS}.
 * </ul>
 *
 * <p>Everything that is wrong is counted, told of as an {@link SideOutputs#ANNOTATIONS annotation},
 * and marked in the {@link io.thalamus.schemas.Quality} of the frames that it concerns.
 *
 * <p>The state has no time to live: its keys are the streams, and what is held of a stream spans at
 * most {@code reorder} samples.
 */
public final class SegmentFunction extends KeyedProcessFunction<String, SignalFrame, SignalFrame> {
    private static final ValueStateDescriptor<SegmentPosition> POSITION =
            new ValueStateDescriptor<>("position", TypeInformation.of(SegmentPosition.class));
    private static final ValueStateDescriptor<SegmentMemory> MEMORY =
            new ValueStateDescriptor<>("memory", TypeInformation.of(SegmentMemory.class));
    private static final MapStateDescriptor<Long, SignalFrame> HELD =
            new MapStateDescriptor<>("held", Types.LONG, TypeInformation.of(SignalFrame.class));

    private final String step;
    private final OrderPolicy policy;

    private transient ValueState<SegmentPosition> position;
    private transient ValueState<SegmentMemory> memory;
    private transient MapState<Long, SignalFrame> held;
    private transient OrderFaults faults;
    private transient BreakFinder breaks;
    private transient SegmentWriter writer;
    private transient StepLatency latency;

    /**
     * @param step the step's id, which dead letters name
     * @param policy what is done about disorder
     */
    public SegmentFunction(String step, OrderPolicy policy) {
        this.step = step;
        this.policy = policy;
    }

    @Override
    public void open(OpenContext context) {
        position = getRuntimeContext().getState(POSITION);
        memory = getRuntimeContext().getState(MEMORY);
        held = getRuntimeContext().getMapState(HELD);
        faults = new OrderFaults(step, getRuntimeContext().getMetricGroup());
        breaks = new BreakFinder(policy);
        writer = new SegmentWriter(policy, faults);
        latency = new StepLatency(getRuntimeContext().getMetricGroup());
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
        latency.begin();
        List<SignalFrame> made = new ArrayList<>();
        position.update(take(frame, context, made));
        latency.end();
        made.forEach(out::collect);
    }

    private SegmentPosition take(SignalFrame frame, Context context, List<SignalFrame> made)
            throws Exception {
        SegmentPosition at = position.value();
        if (at == null) {
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
            at = SegmentPosition.before(frame);
        } else if (breaks.isOfEarlierCounting(frame, at)) {
            late(frame, "its source had begun to count anew", context);
            return at;
        }
        Optional<StreamBreak> restart = breaks.restart(frame, at);
        if (restart.isPresent()) {
            at = release(at, true, context, made);
            faults.broken(restart.get(), policy.remedyOf(restart.get()), context);
            finish(at, context, made);
            at = at.countingAnew(frame);
        }
        at = at.seen(frame);
        if (frame.sequence() > at.expected()) {
            at = hold(frame, at);
        } else {
            at = deliver(frame, at, context, made);
        }
        return release(at, false, context, made);
    }

    /** The end of the input: nothing that is missing will come. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<SignalFrame> out)
            throws Exception {
        List<SignalFrame> made = new ArrayList<>();
        SegmentPosition at = release(position.value(), true, context, made);
        finish(at, context, made);
        position.clear();
        made.forEach(out::collect);
    }

    private SegmentPosition hold(SignalFrame frame, SegmentPosition at) throws Exception {
        SignalFrame same = held.get(frame.sequence());
        if (same != null) {
            faults.duplicates(Math.min(same.length(), frame.length()));
        }
        if (same == null || frame.length() > same.length()) {
            held.put(frame.sequence(), frame);
        }
        return at.holdingFrom(Math.min(frame.sequence(), at.firstHeld()));
    }

    /** Takes the held frames whose turn has come, or all of them. */
    private SegmentPosition release(
            SegmentPosition start, boolean all, Context context, List<SignalFrame> made)
            throws Exception {
        SegmentPosition at = start;
        if (at.firstHeld() == SegmentPosition.NONE || !all && waits(at.firstHeld(), at)) {
            return at;
        }
        List<Long> waiting = new ArrayList<>();
        held.keys().forEach(waiting::add);
        Collections.sort(waiting);
        for (long first : waiting) {
            if (!all && waits(first, at)) {
                return at.holdingFrom(first);
            }
            SignalFrame frame = held.get(first);
            held.remove(first);
            at = deliver(frame, at, context, made);
        }
        return at.holdingFrom(SegmentPosition.NONE);
    }

    private boolean waits(long first, SegmentPosition at) {
        return first > at.expected() && at.counting().newest() - at.expected() <= policy.reorder();
    }

    private SegmentPosition deliver(
            SignalFrame frame, SegmentPosition at, Context context, List<SignalFrame> made)
            throws Exception {
        SignalFrame next = frame;
        if (at.open() && frame.sequence() < at.expected()) {
            long again = Math.min(frame.nextSequence(), at.expected()) - frame.sequence();
            for (SignalFrame part : at.counting().givenUp(frame)) {
                late(part, "the stream had gone on without them", context);
                again -= part.length();
            }
            faults.duplicates(again);
            if (frame.nextSequence() <= at.expected()) {
                return at;
            }
            next = frame.slice((int) (at.expected() - frame.sequence()), frame.length());
        }
        if (!at.open()) {
            return append(
                    at.segment() < 0 ? next : resumed(next), // or behind a restart
                    at.nextSegment(next, next.sequence()),
                    writer.before(next),
                    0,
                    context,
                    made);
        }
        Optional<StreamBreak> found = breaks.before(next, at);
        if (found.isPresent()) {
            return join(next, at, found.get(), context, made);
        }
        if (!at.clock().canTime(next)) {
            faults.refuse(
                    frame,
                    "the frame ends past the year 2262 or more than 292 years after the start of"
                            + " its segment",
                    context);
            return at;
        }
        return append(next, drifting(next, at, context), memory.value(), 0, context, made);
    }

    /** Goes on behind a break. */
    private SegmentPosition join(
            SignalFrame next,
            SegmentPosition at,
            StreamBreak found,
            Context context,
            List<SignalFrame> made)
            throws Exception {
        SegmentPosition left = at.behind(found);
        SegmentPosition joined = left.withClock(at.clock().joining(found, at.expected()));
        OrderPolicy.Remedy remedy = policy.remedyOf(found);
        if (remedy == OrderPolicy.Remedy.SPLIT || !joined.clock().canTime(next)) {
            faults.broken(found, OrderPolicy.Remedy.SPLIT, context);
            long end = finish(at, context, made);
            return append(
                    resumed(next),
                    left.nextSegment(next, end + found.lostSamples()),
                    writer.before(next),
                    0,
                    context,
                    made);
        }
        faults.broken(found, remedy, context);
        return append(
                resumed(next),
                drifting(next, joined, context),
                memory.value(),
                (int) found.lostSamples(),
                context,
                made);
    }

    /** Appends a frame to the segment, behind so many lost samples. */
    private SegmentPosition append(
            SignalFrame next,
            SegmentPosition at,
            SegmentMemory before,
            int lost,
            Context context,
            List<SignalFrame> made)
            throws Exception {
        boolean strays = isLarge(at.clock().drift().driftPpm());
        SignalFrame marked = strays ? marked(next, Quality.DRIFTING) : next;
        memory.update(writer.write(marked, at, before, lost, context, made::add));
        return at.after(next);
    }

    private static SignalFrame resumed(SignalFrame frame) {
        return marked(frame, Quality.RESUMED);
    }

    private static SignalFrame marked(SignalFrame frame, Quality flag) {
        return frame.withSamples(frame.samples(), frame.quality() | flag.bit());
    }

    /** Takes note of a frame's time, and tells of a drift that is new. */
    private SegmentPosition drifting(SignalFrame next, SegmentPosition at, Context context) {
        SegmentClock clock = at.clock().observing(next);
        if (clock.drift().isSettled()) {
            double ppm = clock.drift().driftPpm();
            faults.drift(ppm);
            if (isLarge(ppm - clock.reportedPpm())) {
                faults.driftReport(ppm, next, context);
                clock = clock.reporting();
            }
        }
        return at.withClock(clock);
    }

    private boolean isLarge(double ppm) {
        return Math.abs(ppm) > policy.drift().reportPpm();
    }

    /**
     * Ends the segment, if one has begun.
     *
     * @return the number of the sample behind its last one
     */
    private long finish(SegmentPosition at, Context context, List<SignalFrame> made)
            throws Exception {
        if (!at.open()) {
            return at.expected();
        }
        SegmentMemory last = writer.finish(at, memory.value(), context, made::add);
        memory.clear();
        return writer.endOf(at, last);
    }

    private void late(SignalFrame frame, String after, Context context) {
        faults.late(
                frame,
                String.format(
                        Locale.ROOT,
                        "%d samples from %d on came after %s",
                        frame.length(),
                        frame.sequence(),
                        after),
                context);
    }

    private static Optional<String> objectionTo(SignalFrame frame) {
        Optional<String> objection = SampleNumbers.objectionTo(frame);
        if (objection.isPresent()) {
            return objection;
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
