/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;

/**
 * Hosts a step that is keyed by stream, and tells it of the end of the input: its timers for {@link
 * Long#MAX_VALUE} are due once every input channel has ended, and not before.
 *
 * <p>The watermark of that time alone does not say so. A source that has ended beside a silent one
 * sends it while the silent one may still have records; and a source that is silent when it ends
 * never sends it, because what is idle has no watermarks.
 */
public final class StepOperator<I, O> extends KeyedProcessOperator<String, I, O>
        implements BoundedOneInput {
    private static final long serialVersionUID = 1;

    public StepOperator(KeyedProcessFunction<String, I, O> function) {
        super(function);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (mark.equals(Watermark.MAX_WATERMARK)) {
            output.emitWatermark(mark);
        } else {
            super.processWatermark(mark);
        }
    }

    @Override
    public void endInput() throws Exception {
        if (getTimeServiceManager().isPresent()) {
            getTimeServiceManager().get().advanceWatermark(Watermark.MAX_WATERMARK);
        }
    }
}
