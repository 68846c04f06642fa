/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.SignalFrame;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Gives the samples of a raw topic their numbers: a stream's are counted as they come. The count is
 * in the same checkpoint as the source's offsets, so that a restored job gives every record the
 * number that it had.
 *
 * <p>What is lost on the way to the topic leaves no hole in the count; it shows as a jump of the
 * stream's clock, which the order step sees. What is sent twice counts twice.
 *
 * <p>The state has no time to live: its keys are the streams, and it is one number for each.
 */
public final class SampleCounter extends KeyedProcessFunction<String, SignalFrame, SignalFrame> {
    private static final long serialVersionUID = 1L;
    private static final ValueStateDescriptor<Long> NEXT =
            new ValueStateDescriptor<>("next", Types.LONG);

    private transient ValueState<Long> next;

    @Override
    public void open(OpenContext context) {
        next = getRuntimeContext().getState(NEXT);
    }

    @Override
    public void processElement(SignalFrame frame, Context context, Collector<SignalFrame> out)
            throws Exception {
        Long counted = next.value();
        SignalFrame numbered = frame.withSequence(counted == null ? 0 : counted);
        next.update(numbered.nextSequence());
        out.collect(numbered);
    }
}
