/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.FrameSlicer;
import io.thalamus.operators.signal.OverlapAdd;
import io.thalamus.operators.signal.OverlapState;
import io.thalamus.operators.signal.RecentlyUsed;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.fourier.Taper;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Joins the windows of each stream to frames again. Where the segment or the shape changes, or the
 * input ends, what is left of the segment is handed on. A window that is too long becomes a dead
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
    private final Slicing slicing;
    private final Taper taper;

    private transient Map<SampleRate, OverlapAdd> joins;
    private transient ValueState<OverlapState> state;
    private transient StepLatency latency;
    private transient Counter deadLetters;

    /**
     * @param step the step's id, which dead letters name
     * @param slicing how the windows were cut
     * @param taper how much each sample of a window counts, from its start to its end
     */
    public OverlapAddFunction(String step, Slicing slicing, Taper taper) {
        this.step = step;
        this.slicing = slicing;
        this.taper = taper;
    }

    @Override
    public void open(OpenContext context) {
        joins = new RecentlyUsed<>();
        state = getRuntimeContext().getState(STATE);
        var metrics = getRuntimeContext().getMetricGroup();
        latency = new StepLatency(metrics);
        deadLetters = metrics.counter(StreamMetrics.DEAD_LETTERS);
    }

    @Override
    public void processElement(SignalFrame window, Context context, Collector<SignalFrame> out)
            throws Exception {
        OverlapAdd overlapAdd = at(window.rate());
        if (window.length() > overlapAdd.length()) {
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
        latency.begin();
        List<SignalFrame> joined = new ArrayList<>();
        if (before == null) {
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
            before = OverlapState.before(window);
        } else if (!before.covers(window)) {
            at(before.rate()).finish(before, joined::add);
            before = OverlapState.before(window);
        }
        state.update(overlapAdd.add(window, before, joined::add));
        latency.end();
        joined.forEach(out::collect);
    }

    /** The end of the input. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<SignalFrame> out)
            throws Exception {
        OverlapState last = state.value();
        at(last.rate()).finish(last, out::collect);
        state.clear();
    }

    private OverlapAdd at(SampleRate rate) {
        return joins.computeIfAbsent(
                rate,
                any -> {
                    FrameSlicer slicer = slicing.at(rate);
                    return new OverlapAdd(slicer.hop(), taper.periodic(slicer.length()));
                });
    }
}
