/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.FrameSlicer;
import io.thalamus.operators.signal.SlicerState;
import io.thalamus.operators.signal.Slicing;
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
 * Cuts each segment of a stream into windows. The incomplete window at the end of a segment, or of
 * the input, is dropped, filled up, moved back or left short, and counted. A frame of a rate at
 * which the length or the hop is no whole number of samples becomes a dead letter. Wants its frames
 * in order, as {@link SegmentFunction} leaves them.
 *
 * <p>The state has no time to live: its keys are the streams, and what is kept of a stream is less
 * than a window.
 */
public final class SlicingFunction extends KeyedProcessFunction<String, SignalFrame, SignalFrame> {
    private static final ValueStateDescriptor<SlicerState> STATE =
            new ValueStateDescriptor<>("slicer", TypeInformation.of(SlicerState.class));

    private final String step;
    private final Slicing slicing;

    private transient ValueState<SlicerState> state;
    private transient StepLatency latency;
    private transient Counter partialWindows;
    private transient Counter paddedWindows;
    private transient Counter deadLetters;

    /**
     * @param step the step's id, which dead letters name
     */
    public SlicingFunction(String step, Slicing slicing) {
        this.step = step;
        this.slicing = slicing;
    }

    @Override
    public void open(OpenContext context) {
        state = getRuntimeContext().getState(STATE);
        var metrics = getRuntimeContext().getMetricGroup();
        latency = new StepLatency(metrics);
        partialWindows = metrics.counter(StreamMetrics.PARTIAL_WINDOWS);
        paddedWindows = metrics.counter(StreamMetrics.PADDED_WINDOWS);
        deadLetters = metrics.counter(StreamMetrics.DEAD_LETTERS);
    }

    @Override
    public void processElement(SignalFrame frame, Context context, Collector<SignalFrame> out)
            throws Exception {
        SlicerState before = state.value();
        if (before == null) {
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
        } else if (!before.covers(frame)) {
            finish(frame.streamId(), before, out);
            state.clear();
            before = null;
        }
        FrameSlicer slicer;
        try {
            slicer = slicing.at(frame.rate());
        } catch (InvalidInputException e) {
            deadLetters.inc();
            context.output(
                    SideOutputs.DEAD_LETTERS,
                    SideOutputs.deadLetter(
                            frame, step, "unfit frame", "window: " + e.getMessage()));
            return;
        }
        SlicerState start = before == null ? SlicerState.before(frame) : before;
        latency.begin();
        List<SignalFrame> windows = new ArrayList<>();
        state.update(slicer.slice(frame, start, windows::add));
        latency.end();
        windows.forEach(out::collect);
    }

    /** The end of the input. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<SignalFrame> out)
            throws Exception {
        SlicerState last = state.value();
        if (last != null) {
            finish(context.getCurrentKey(), last, out);
            state.clear();
        }
    }

    private void finish(String streamId, SlicerState last, Collector<SignalFrame> out) {
        FrameSlicer slicer = slicing.at(last.rate());
        if (slicer.endsInPartialWindow(last)) {
            List<SignalFrame> made = new ArrayList<>();
            slicer.finish(streamId, last, made::add);
            if (made.isEmpty()) {
                partialWindows.inc();
            }
            paddedWindows.inc(made.size());
            made.forEach(out::collect);
        }
    }
}
