/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.amplitude.SampleChecks;
import io.thalamus.operators.signal.amplitude.SampleRuns;
import io.thalamus.operators.signal.rate.Grid;
import io.thalamus.operators.signal.rate.GridState;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Puts the readings of a stream that comes at irregular times onto a {@link Grid}, and divides the
 * stream into segments: what {@link SegmentFunction} does for streams of a fixed rate. Each sample
 * of a frame is a reading with a time of its own; the frames' rate is nominal. What follows can
 * rely on the same: frames of one segment follow on one another, at the grid's rate, with the times
 * of the segment's own clock.
 *
 * <ul>
 *   <li>Readings are taken in the order of their times, each once so many others of its stream are
 *       held that are later or wait too. The bound is in the stream's own readings: neither the
 *       clock nor watermarks play a part. At the end of the input nothing is waited for any more.
 *   <li>A reading of the time of another is a duplicate, whatever its values: the first counts, the
 *       others are dropped and counted.
 *   <li>A reading that is earlier than one already taken goes to {@link SideOutputs#LATE_FRAMES};
 *       but if it is earlier by more than the grid's limit, and its sequence number higher than all
 *       before, the source's clock was set back, and the next segment begins, which counts its
 *       samples anew.
 *   <li>A stretch without readings that is longer than the grid's limit, and other channels, begin
 *       the next segment. Sequence numbers count on over the points in between, which are not made.
 *   <li>A frame whose figures cannot be (a negative number, a time past the year 2262) goes to
 *       {@link SideOutputs#DEAD_LETTERS}.
 * </ul>
 *
 * <p>A frame given is marked {@link Quality#MISSING} exactly if a value in it is missing, and
 * {@link Quality#RESUMED} if it is the first behind a break; its other flags are those of all
 * readings since the frame given before.
 *
 * <p>The state has no time to live: its keys are the streams, and of a stream it holds the readings
 * that are held and the points that the limit spans.
 */
public final class GridFunction extends KeyedProcessFunction<String, SignalFrame, SignalFrame> {
    private static final ValueStateDescriptor<GridPosition> POSITION =
            new ValueStateDescriptor<>("position", TypeInformation.of(GridPosition.class));
    private static final MapStateDescriptor<Long, SignalFrame> HELD =
            new MapStateDescriptor<>("held", Types.LONG, TypeInformation.of(SignalFrame.class));

    private final String step;
    private final int reorder;
    private final Grid grid;

    private transient ValueState<GridPosition> position;
    private transient MapState<Long, SignalFrame> held;
    private transient OrderFaults faults;
    private transient StepLatency latency;

    /**
     * @param step the step's id, which dead letters name
     * @param reorder how many readings are held to be put in order; 0 if they come in order
     * @param grid where they are put
     */
    public GridFunction(String step, int reorder, Grid grid) {
        if (reorder < 0) {
            throw new InvalidInputException(
                    "order: reorder is %d; give a number of samples, or 0".formatted(reorder));
        }
        this.step = step;
        this.reorder = reorder;
        this.grid = grid;
    }

    @Override
    public void open(OpenContext context) {
        position = getRuntimeContext().getState(POSITION);
        held = getRuntimeContext().getMapState(HELD);
        faults = new OrderFaults(step, getRuntimeContext().getMetricGroup());
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
        take(frame, context, new ListCollector<>(made));
        latency.end();
        made.forEach(out::collect);
    }

    private void take(SignalFrame frame, Context context, Collector<SignalFrame> out)
            throws Exception {
        GridPosition at = position.value();
        if (at == null && held.isEmpty()) {
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
        }
        int late = 0;
        for (int i = 0; i < frame.length(); i++) {
            SignalFrame reading = frame.slice(i, i + 1);
            if (at != null && isSetBack(reading, at)) {
                at = release(0, at, context, out);
                finish(reading.streamId(), at, out);
                faults.broken(
                        StreamBreak.of(
                                StreamBreak.Kind.CLOCK_JUMP,
                                String.format(
                                        Locale.ROOT,
                                        "its time jumps back to %d ns",
                                        reading.startNanos()),
                                reading,
                                at.grid().lastNanos(),
                                0),
                        OrderPolicy.Remedy.SPLIT,
                        context);
                at = take(reading, nextSegment(reading, at, true), out);
            } else if (at != null && reading.startNanos() < at.grid().lastNanos()) {
                late++; // all that are, come first
            } else if (isKnown(reading, at)) {
                faults.duplicates(1);
            } else {
                held.put(reading.startNanos(), reading);
                at = release(reorder, at, context, out);
            }
        }
        if (late > 0) {
            late(frame.slice(0, late), at, context);
        }
        if (at != null) {
            position.update(at);
        }
    }

    /** The end of the input: nothing earlier than what is held will come. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<SignalFrame> out)
            throws Exception {
        GridPosition at = release(0, position.value(), context, out);
        finish(context.getCurrentKey(), at, out);
        position.clear();
    }

    private boolean isKnown(SignalFrame reading, GridPosition at) throws Exception {
        return held.contains(reading.startNanos())
                || (at != null && reading.startNanos() == at.grid().lastNanos());
    }

    /** By its number a reading comes of later than all others, by its time of long before. */
    private boolean isSetBack(SignalFrame reading, GridPosition at) throws Exception {
        if (!at.isLongBefore(reading, grid.limit().toNanos())
                || reading.sequence() <= at.newest()) {
            return false;
        }
        for (SignalFrame waiting : held.values()) {
            if (reading.sequence() <= waiting.sequence()) {
                return false;
            }
        }
        return true;
    }

    /** Takes the earliest readings that are held, until so many are left. */
    private GridPosition release(
            int left, GridPosition before, Context context, Collector<SignalFrame> out)
            throws Exception {
        List<Long> waiting = new ArrayList<>();
        held.keys().forEach(waiting::add);
        Collections.sort(waiting);
        GridPosition at = before;
        for (long time : waiting.subList(0, Math.max(0, waiting.size() - left))) {
            SignalFrame reading = held.get(time);
            held.remove(time);
            if (at == null) {
                at = nextSegment(reading, null, true);
            } else if (!at.channels().equals(reading.channels())
                    || !grid.follows(time, at.grid())) {
                finish(reading.streamId(), at, out);
                faults.broken(breakBefore(reading, at), OrderPolicy.Remedy.SPLIT, context);
                at = nextSegment(reading, at, false);
            }
            at = take(reading, at, out);
        }
        return at;
    }

    /** How many readings there would have been, nobody knows. */
    private static StreamBreak breakBefore(SignalFrame reading, GridPosition at) {
        boolean same = at.channels().equals(reading.channels());
        return StreamBreak.of(
                same ? StreamBreak.Kind.LOSS : StreamBreak.Kind.NEW_SHAPE,
                same
                        ? "there are no readings for longer than the grid's limit"
                        : "its channels change from %s to %s"
                                .formatted(at.channels(), reading.channels()),
                reading,
                at.grid().lastNanos(),
                0);
    }

    /**
     * The next segment, from a reading on.
     *
     * @param last the segment before it; null if there is none
     * @param counting whether the stream counts its samples anew
     */
    private GridPosition nextSegment(SignalFrame reading, GridPosition last, boolean counting) {
        GridState state = grid.before(reading.startNanos(), reading.channels().size());
        return new GridPosition(
                last == null ? 0 : last.segment() + 1,
                reading.channels(),
                counting ? state.first() : last.origin(),
                reading.sequence(),
                last == null ? 0 : Quality.RESUMED.bit(),
                state);
    }

    private GridPosition take(SignalFrame raw, GridPosition at, Collector<SignalFrame> out) {
        SampleChecks.Finding found =
                SampleChecks.FINITE.check(raw, SampleRuns.of(raw.channels().size()));
        faults.found(found);
        SignalFrame reading = found.frame();
        double[] values = new double[reading.samples().length];
        for (int channel = 0; channel < values.length; channel++) {
            values[channel] = reading.samples()[channel];
        }
        SampleBlock points = new SampleBlock(values.length);
        GridState state = grid.take(reading.startNanos(), values, at.grid(), points);
        int own = reading.quality() & ~Quality.MISSING.bit();
        give(reading.streamId(), at, at.flags() | own, points, out);
        return at.after(reading, points.length() > 0 ? own : at.flags() | own, state);
    }

    private void finish(String streamId, GridPosition at, Collector<SignalFrame> out) {
        SampleBlock points = new SampleBlock(at.channels().size());
        grid.finish(at.grid(), points);
        give(streamId, at, at.flags(), points, out);
    }

    private void give(
            String streamId,
            GridPosition at,
            int flags,
            SampleBlock points,
            Collector<SignalFrame> out) {
        if (points.length() == 0) {
            return;
        }
        float[] samples = points.toFrame();
        GridState state = at.grid();
        out.collect(
                new SignalFrame(
                        streamId,
                        state.first() - at.origin() + state.given(),
                        at.segment(),
                        state.timeOf(state.given(), grid.rate()),
                        grid.rate(),
                        at.channels(),
                        samples,
                        Quality.of(samples, flags)));
    }

    private void late(SignalFrame frame, GridPosition at, Context context) {
        faults.late(
                frame,
                String.format(
                        Locale.ROOT,
                        "%d readings from %d ns on came after one of %d ns had been taken",
                        frame.length(),
                        frame.startNanos(),
                        at.grid().lastNanos()),
                context);
    }

    private Optional<String> objectionTo(SignalFrame frame) {
        Optional<String> objection = SampleNumbers.objectionTo(frame);
        if (objection.isPresent()) {
            return objection;
        }
        try {
            grid.before(frame.startNanos(), 1);
            grid.before(Math.addExact(frame.startNanos(), frame.rate().nanosOf(frame.length())), 1);
            return Optional.empty();
        } catch (ArithmeticException e) {
            return Optional.of(
                    String.format(
                            Locale.ROOT,
                            "%d readings at %s from %d ns on have no place on a grid of %s",
                            frame.length(),
                            frame.rate(),
                            frame.startNanos(),
                            grid.rate()));
        }
    }
}
