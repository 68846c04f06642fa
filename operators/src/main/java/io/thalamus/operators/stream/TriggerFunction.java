/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.SlicerState;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.Trigger;
import io.thalamus.operators.signal.TriggerSlicer;
import io.thalamus.operators.signal.TriggerState;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Cuts the windows of each segment of a stream that its triggers start. A trigger whose window is
 * not wholly in its segment is counted and told of as an {@link SideOutputs#ANNOTATIONS
 * annotation}. A frame without the trigger's channel, or of a rate at which the length or the
 * offset is no whole number of samples, becomes a dead letter. Wants its frames in order, as {@link
 * SegmentFunction} leaves them.
 *
 * <p>The state has no time to live: its keys are the streams, and what is kept of a stream is what
 * the windows that are under way may still need.
 */
public final class TriggerFunction extends KeyedProcessFunction<String, SignalFrame, SignalFrame> {
    private static final ValueStateDescriptor<TriggerState> STATE =
            new ValueStateDescriptor<>("triggers", TypeInformation.of(TriggerState.class));

    private final String step;
    private final Trigger trigger;
    private final Span length;

    private transient ValueState<TriggerState> state;
    private transient StepLatency latency;
    private transient Counter partialWindows;
    private transient Counter deadLetters;

    /**
     * @param step the step's id, which dead letters name
     * @param length of a window
     */
    public TriggerFunction(String step, Trigger trigger, Span length) {
        this.step = step;
        this.trigger = trigger;
        this.length = length;
    }

    @Override
    public void open(OpenContext context) {
        state = getRuntimeContext().getState(STATE);
        var metrics = getRuntimeContext().getMetricGroup();
        latency = new StepLatency(metrics);
        partialWindows = metrics.counter(StreamMetrics.PARTIAL_WINDOWS);
        deadLetters = metrics.counter(StreamMetrics.DEAD_LETTERS);
    }

    @Override
    public void processElement(SignalFrame frame, Context context, Collector<SignalFrame> out)
            throws Exception {
        TriggerState before = state.value();
        if (before == null) {
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
        } else if (!before.covers(frame, trigger)) {
            finish(before, context);
            state.clear();
            before = null;
        }
        long start = before == null ? frame.startNanos() : before.samples().startNanos();
        LongConsumer early =
                rise -> lose(start + frame.rate().nanosOf(rise), "starts before it", context);
        List<SignalFrame> windows = new ArrayList<>();
        latency.begin();
        try {
            TriggerSlicer slicer = trigger.at(frame.rate(), length);
            state.update(slicer.slice(frame, before, windows::add, early));
        } catch (InvalidInputException e) {
            deadLetters.inc();
            context.output(
                    SideOutputs.DEAD_LETTERS,
                    SideOutputs.deadLetter(
                            frame, step, "unfit frame", "window: " + e.getMessage()));
            return;
        }
        latency.end();
        windows.forEach(out::collect);
    }

    /** The end of the input. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<SignalFrame> out)
            throws Exception {
        TriggerState last = state.value();
        if (last != null) {
            finish(last, context);
            state.clear();
        }
    }

    private void finish(TriggerState last, Context context) {
        SlicerState segment = last.samples();
        trigger.at(segment.rate(), length)
                .finish(
                        last,
                        rise ->
                                lose(
                                        segment.startNanos() + segment.rate().nanosOf(rise),
                                        "ends behind it",
                                        context));
    }

    /** Tells of a trigger without a window. */
    private void lose(long nanos, String reason, Context context) {
        partialWindows.inc();
        context.output(
                SideOutputs.ANNOTATIONS,
                new Annotation(
                        context.getCurrentKey(),
                        nanos,
                        0,
                        "the trigger has no window, which is not wholly in its segment: it "
                                + reason));
    }
}
