/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Hosts one transform as one operator. The transform starts afresh where the segment or the shape
 * changes. A frame of a shape that the transform cannot work on becomes a dead letter. Wants its
 * frames in order, as {@link SegmentFunction} leaves them.
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

    private transient ValueState<TransformMemory> memory;
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
        memory = getRuntimeContext().getState(MEMORY);
        deadLetters = getRuntimeContext().getMetricGroup().counter(StreamMetrics.DEAD_LETTERS);
    }

    @Override
    public void processElement(SignalFrame frame, Context context, Collector<SignalFrame> out)
            throws Exception {
        TransformMemory now = memory.value();
        StreamShape shape = StreamShape.of(frame);
        if (now == null || now.segment() != frame.segment() || !now.shape().equals(shape)) {
            try {
                transform.outputShape(shape);
            } catch (InvalidInputException e) {
                deadLetters.inc();
                context.output(
                        SideOutputs.DEAD_LETTERS,
                        SideOutputs.deadLetter(frame, step, "unfit frame", e.getMessage()));
                return;
            }
            now = new TransformMemory(frame.segment(), shape, transform.start(shape));
        }
        transform.apply(frame, now.state(), out::collect);
        memory.update(now);
    }
}
