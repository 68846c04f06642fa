/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.OverlapAdd;
import io.thalamus.operators.signal.OverlapState;
import io.thalamus.schemas.SignalFrame;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Joins the windows of each stream to frames again. Where the segment or the shape changes, or the
 * input ends, what is left of the segment is handed on. A window of another length becomes a dead
 * letter. Wants its windows in order, as a model leaves them.
 *
 * <p>The state has no time to live: its keys are the streams, and what is kept of a stream is less
 * than a window.
 */
public final class OverlapAddFunction
        extends KeyedProcessFunction<String, SignalFrame, SignalFrame> {
    private static final ValueStateDescriptor<OverlapState> STATE =
            new ValueStateDescriptor<>("overlap", TypeInformation.of(OverlapState.class));

    private final String step;
    private final OverlapAdd overlapAdd;

    private transient ValueState<OverlapState> state;
    private transient Counter deadLetters;

    /**
     * @param step the step's id, which dead letters name
     */
    public OverlapAddFunction(String step, OverlapAdd overlapAdd) {
        this.step = step;
        this.overlapAdd = overlapAdd;
    }

    @Override
    public void open(OpenContext context) {
        state = getRuntimeContext().getState(STATE);
        deadLetters = getRuntimeContext().getMetricGroup().counter(StreamMetrics.DEAD_LETTERS);
    }

    @Override
    public void processElement(SignalFrame window, Context context, Collector<SignalFrame> out)
            throws Exception {
        if (window.length() != overlapAdd.length()) {
            deadLetters.inc();
            context.output(
                    SideOutputs.DEAD_LETTERS,
                    SideOutputs.deadLetter(
                            window,
                            step,
                            "unfit window",
                            "windows of %d samples are joined, not of %d"
                                    .formatted(overlapAdd.length(), window.length())));
            return;
        }
        OverlapState before = state.value();
        if (before == null) {
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
            before = OverlapState.before(window);
        } else if (!before.covers(window)) {
            overlapAdd.finish(before, out::collect);
            before = OverlapState.before(window);
        }
        state.update(overlapAdd.add(window, before, out::collect));
    }

    /** The end of the input. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<SignalFrame> out)
            throws Exception {
        overlapAdd.finish(state.value(), out::collect);
        state.clear();
    }
}
