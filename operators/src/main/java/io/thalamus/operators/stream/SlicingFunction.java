/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.FrameSlicer;
import io.thalamus.operators.signal.SlicerState;
import io.thalamus.schemas.SignalFrame;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Cuts each segment of a stream into windows. The incomplete window at the end of a segment, or of
 * the input, is dropped and counted. Wants its frames in order, as {@link SegmentFunction} leaves
 * them.
 *
 * <p>The state has no time to live: its keys are the streams, and what is kept of a stream is less
 * than a window.
 */
public final class SlicingFunction extends KeyedProcessFunction<String, SignalFrame, SignalFrame> {
    private static final ValueStateDescriptor<SlicerState> STATE =
            new ValueStateDescriptor<>("slicer", TypeInformation.of(SlicerState.class));

    private final FrameSlicer slicer;

    private transient ValueState<SlicerState> state;
    private transient Counter partialWindows;

    public SlicingFunction(FrameSlicer slicer) {
        this.slicer = slicer;
    }

    @Override
    public void open(OpenContext context) {
        state = getRuntimeContext().getState(STATE);
        partialWindows =
                getRuntimeContext().getMetricGroup().counter(StreamMetrics.PARTIAL_WINDOWS);
    }

    @Override
    public void processElement(SignalFrame frame, Context context, Collector<SignalFrame> out)
            throws Exception {
        SlicerState before = state.value();
        if (before == null) {
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
            before = SlicerState.before(frame);
        } else if (!before.covers(frame)) {
            countPartialWindow(before);
            before = SlicerState.before(frame);
        }
        state.update(slicer.slice(frame, before, out::collect));
    }

    /** The end of the input. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<SignalFrame> out)
            throws Exception {
        countPartialWindow(state.value());
    }

    private void countPartialWindow(SlicerState last) {
        if (slicer.endsInPartialWindow(last)) {
            partialWindows.inc();
        }
    }
}
