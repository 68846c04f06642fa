/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.RecentlyUsed;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.operators.signal.amplitude.SampleChecks;
import io.thalamus.operators.signal.amplitude.SampleRuns;
import io.thalamus.operators.signal.rate.DriftCorrection;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;

/**
 * Gives the samples of segments: checked, with lost ones filled in, resampled to the nominal rate
 * if that is asked for, and under the segment's own numbers and times.
 */
final class SegmentWriter {
    private static final Quality[] FLAGS = Quality.values();

    private final OrderPolicy policy;
    private final OrderFaults faults;
    private final Map<StreamShape, Workspace> workspaces = new RecentlyUsed<>();

    SegmentWriter(OrderPolicy policy, OrderFaults faults) {
        this.policy = policy;
        this.faults = faults;
    }

    /** What the correction of drift works with. */
    private record Workspace(DriftCorrection correction, SampleBlock in, SampleBlock out) {

        static Workspace of(StreamShape shape) {
            int channels = shape.channels().size();
            return new Workspace(
                    new DriftCorrection(channels, shape.rate()),
                    new SampleBlock(channels),
                    new SampleBlock(channels));
        }
    }

    private Workspace workspace(StreamShape shape) {
        return workspaces.computeIfAbsent(shape, Workspace::of);
    }

    /** What is kept before the first frame of a segment. */
    SegmentMemory before(SignalFrame first) {
        int channels = first.channels().size();
        long[] flagEnds = new long[FLAGS.length];
        Arrays.fill(flagEnds, Long.MIN_VALUE);
        return new SegmentMemory(
                new float[channels],
                SampleRuns.of(channels),
                policy.drift().correct()
                        ? workspace(StreamShape.of(first)).correction.start()
                        : TransformState.none(),
                0,
                flagEnds);
    }

    /**
     * Gives the next frame of a segment.
     *
     * @param frame as it came, under the source's numbers
     * @param at the segment's position, before the frame but for its clock
     * @param lost how many samples before it are to be filled in
     * @param context takes what is told of its samples
     * @return what is kept after it
     */
    SegmentMemory write(
            SignalFrame frame,
            SegmentPosition at,
            SegmentMemory memory,
            int lost,
            KeyedProcessFunction<String, SignalFrame, SignalFrame>.Context context,
            Consumer<SignalFrame> out) {
        SegmentMemory now = memory;
        SampleRuns runs = memory.runs();
        if (lost > 0) {
            tellOfCutOff(at, runs, at.clock().indexOf(frame.sequence()) - lost, context);
            runs = SampleRuns.of(frame.channels().size());
        }
        SampleChecks.Finding found = policy.checks().check(frame, runs);
        faults.found(found);
        faults.failures(found.remarks(), at.clock(), at.clock().indexOf(frame.sequence()), context);
        if (lost > 0) {
            if (!policy.fill().isForModel()) {
                faults.filled(lost);
            }
            int most = frame.length();
            for (int from = 0; from < lost; from += Math.min(most, lost - from)) {
                int to = from + Math.min(most, lost - from);
                now = give(filler(found.frame(), at.clock(), memory, lost, from, to), at, now, out);
            }
        }
        now = give(placed(found.frame(), at.clock()), at, now, out);
        return now.having(column(found.frame(), frame.length() - 1), runs);
    }

    private void tellOfCutOff(
            SegmentPosition at,
            SampleRuns runs,
            long end,
            KeyedProcessFunction<String, SignalFrame, SignalFrame>.Context context) {
        StreamShape shape = new StreamShape(at.channels(), at.clock().rate());
        faults.failures(policy.checks().cutOff(shape, runs), at.clock(), end, context);
    }

    /**
     * Gives what the segment still owes, now that no further frame of it comes.
     *
     * @param context takes what is told of its samples
     */
    SegmentMemory finish(
            SegmentPosition at,
            SegmentMemory memory,
            KeyedProcessFunction<String, SignalFrame, SignalFrame>.Context context,
            Consumer<SignalFrame> out) {
        long end = at.clock().indexOf(at.expected());
        tellOfCutOff(at, memory.runs(), end, context);
        if (!policy.drift().correct()) {
            return memory;
        }
        Workspace work = workspace(new StreamShape(at.channels(), at.clock().rate()));
        work.out.clear();
        work.correction.finish(at.clock().drift(), memory.correction(), work.out);
        return corrected(
                context.getCurrentKey(),
                end - work.correction.latency(),
                work.out,
                at,
                memory,
                out);
    }

    /** The number of the sample behind the last one that was given of a segment. */
    long endOf(SegmentPosition at, SegmentMemory memory) {
        return policy.drift().correct()
                ? at.clock().firstOutput() + memory.given()
                : at.clock().outputOf(at.expected());
    }

    /** A part of what is filled in, in frames as long as the one behind it: it may be hours. */
    private SignalFrame filler(
            SignalFrame after,
            SegmentClock clock,
            SegmentMemory memory,
            int lost,
            int from,
            int to) {
        float[] values = policy.fill().between(memory.last(), column(after, 0), lost, from, to);
        long index = clock.indexOf(after.sequence()) - lost + from;
        return new SignalFrame(
                after.streamId(),
                clock.firstOutput() + index,
                0,
                clock.startNanos() + clock.rate().nanosOf(index),
                after.rate(),
                after.channels(),
                values,
                Quality.of(values, policy.fill().isForModel() ? 0 : Quality.FILLED.bit()));
    }

    /** A frame under the segment's numbers and times. */
    private static SignalFrame placed(SignalFrame frame, SegmentClock clock) {
        return new SignalFrame(
                frame.streamId(),
                clock.outputOf(frame.sequence()),
                0,
                clock.timeOf(frame.sequence()),
                frame.rate(),
                frame.channels(),
                frame.samples(),
                frame.quality());
    }

    private static float[] column(SignalFrame frame, int index) {
        float[] values = new float[frame.channels().size()];
        for (int channel = 0; channel < values.length; channel++) {
            values[channel] = frame.sample(channel, index);
        }
        return values;
    }

    private SegmentMemory give(
            SignalFrame frame,
            SegmentPosition at,
            SegmentMemory memory,
            Consumer<SignalFrame> out) {
        if (!policy.drift().correct()) {
            out.accept(frame.withSegment(at.segment()));
            return memory;
        }
        Workspace work = workspace(StreamShape.of(frame));
        work.in.clear();
        work.out.clear();
        work.in.appendFrame(frame.samples());
        work.correction.apply(work.in, at.clock().drift(), memory.correction(), work.out);
        long first = frame.sequence() - at.clock().firstOutput();
        for (Quality flag : FLAGS) {
            if (flag.in(frame.quality())) {
                memory.flagEnds()[flag.ordinal()] = first + frame.length();
            }
        }
        return corrected(
                frame.streamId(), first - work.correction.latency(), work.out, at, memory, out);
    }

    /**
     * Gives what came of the correction.
     *
     * @param from the first sample that came in, counted from the segment's first, that it may be
     *     of
     */
    private static SegmentMemory corrected(
            String streamId,
            long from,
            SampleBlock block,
            SegmentPosition at,
            SegmentMemory memory,
            Consumer<SignalFrame> out) {
        if (block.length() == 0) {
            return memory;
        }
        int flags = 0;
        for (Quality flag : FLAGS) {
            flags |= memory.flagEnds()[flag.ordinal()] > from ? flag.bit() : 0;
        }
        SegmentClock clock = at.clock();
        float[] samples = block.toFrame();
        out.accept(
                new SignalFrame(
                        streamId,
                        clock.firstOutput() + memory.given(),
                        at.segment(),
                        clock.startNanos() + clock.rate().nanosOf(memory.given()),
                        clock.rate(),
                        at.channels(),
                        samples,
                        Quality.of(samples, flags)));
        return memory.giving(block.length());
    }
}
