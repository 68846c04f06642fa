/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.FrameTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.TransformMemory;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Hosts one transform as one operator. Where the segment or the shape changes, or the input ends,
 * the transform gives what it still owes and starts afresh. A frame of a shape that the transform
 * cannot work on becomes a dead letter. Wants its frames in order, as {@link SegmentFunction}
 * leaves them.
 *
 * <p>The state has no time to live: its keys are the streams, and a transform's memory of a stream
 * is bounded.
 */
public final class TransformFunction
        extends KeyedProcessFunction<String, SignalFrame, SignalFrame> {
    private static final ValueStateDescriptor<TransformMemory> MEMORY =
            new ValueStateDescriptor<>("memory", TypeInformation.of(TransformMemory.class));

    private final String step;
    private final SignalTransform transform;

    private transient FrameTransform frames;
    private transient ValueState<TransformMemory> memory;
    private transient StepLatency latency;
    private transient Counter deadLetters;

    /**
     * @param step the step's id, which dead letters name
     */
    public TransformFunction(String step, SignalTransform transform) {
        this.step = step;
        this.transform = transform;
    }

    @Override
    public void open(OpenContext context) {
        frames = new FrameTransform(transform);
        memory = getRuntimeContext().getState(MEMORY);
        latency = new StepLatency(getRuntimeContext().getMetricGroup());
        deadLetters = getRuntimeContext().getMetricGroup().counter(StreamMetrics.DEAD_LETTERS);
    }

    @Override
    public void processElement(SignalFrame frame, Context context, Collector<SignalFrame> out)
            throws Exception {
        TransformMemory now = memory.value();
        if (now == null || !now.covers(frame)) {
            if (now == null) {
                context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
            } else {
                frames.finish(now, out::collect);
                memory.clear();
            }
            try {
                now = frames.before(frame);
            } catch (InvalidInputException e) {
                deadLetters.inc();
                context.output(
                        SideOutputs.DEAD_LETTERS,
                        SideOutputs.deadLetter(frame, step, "unfit frame", e.getMessage()));
                return;
            }
        }
        latency.begin();
        List<SignalFrame> made = new ArrayList<>();
        memory.update(frames.apply(frame, now, made::add));
        latency.end();
        made.forEach(out::collect);
    }

    /** The end of the input. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<SignalFrame> out)
            throws Exception {
        TransformMemory last = memory.value();
        if (last != null) {
            frames.finish(last, out::collect);
            memory.clear();
        }
    }
}
