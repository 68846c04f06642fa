/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.fourier.Taper;
import io.thalamus.operators.signal.imputation.Imputation;
import io.thalamus.operators.signal.imputation.ImputationState;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Replaces the missing values of frames (first input) by those that a model has put into its
 * windows (second input), both in the same units: an {@link Imputation} on keyed streams. Both
 * inputs are keyed by stream id, and their frames are in order, as {@link SegmentFunction} and the
 * model leave them. Which of them is ahead does not matter. What no window is cut from, or what the
 * model does not take, passes unfilled.
 *
 * <p>The state has no time to live: its keys are the streams. For each it holds some 200 bytes,
 * {@code (8 channels + 12) (length - hop)} bytes of the windows that overlap, and, while a value is
 * missing, the frames since then, {@code 4 channels} bytes a sample: a window, a hop, and what the
 * model lags behind, which back-pressure bounds.
 */
public final class ImputationStep extends AbstractStreamOperator<SignalFrame>
        implements TwoInputStreamOperator<SignalFrame, SignalFrame, SignalFrame>,
                BoundedMultiInput {
    private static final long serialVersionUID = 1;

    private static final ValueStateDescriptor<ImputationState> STATE =
            new ValueStateDescriptor<>("imputation", TypeInformation.of(ImputationState.class));

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Slicing slicing;
    private final ModelSignature signature;
    private final Taper taper;

    private transient Imputation imputation;
    private transient int openInputs;
    private transient ValueState<ImputationState> state;
    private transient StepLatency latency;
    private transient Counter filled;
    private transient Counter unfilled;

    /**
     * @param slicing how the windows are cut
     * @param signature the model's, which tells what windows it takes
     * @param taper how much each sample of a window counts, from its start to its end
     */
    public ImputationStep(Slicing slicing, ModelSignature signature, Taper taper) {
        this.slicing = slicing;
        this.signature = signature;
        this.taper = taper;
    }

    @Override
    public void open() throws Exception {
        super.open();
        openInputs = 2;
        imputation = new Imputation(slicing, taper);
        state = getRuntimeContext().getState(STATE);
        latency = new StepLatency(getMetricGroup());
        filled = getMetricGroup().counter(StreamMetrics.FILLED_VALUES);
        unfilled = getMetricGroup().counter(StreamMetrics.UNFILLED_VALUES);
    }

    @Override
    public void processElement1(StreamRecord<SignalFrame> element) throws Exception {
        SignalFrame frame = element.getValue();
        boolean isTaken = signature.takesWindowsOf(frame, slicing);
        latency.begin();
        List<SignalFrame> complete = new ArrayList<>();
        ImputationState before = soFar();
        keep(before, imputation.frame(frame, isTaken, before, complete::add));
        latency.end();
        complete.forEach(this::give);
    }

    @Override
    public void processElement2(StreamRecord<SignalFrame> element) throws Exception {
        latency.begin();
        List<SignalFrame> complete = new ArrayList<>();
        ImputationState before = soFar();
        keep(before, imputation.window(element.getValue(), before, complete::add));
        latency.end();
        complete.forEach(this::give);
    }

    @Override
    public void endInput(int input) throws Exception {
        openInputs--;
        if (openInputs == 0) {
            getKeyedStateBackend()
                    .applyToAllKeys(
                            VoidNamespace.INSTANCE,
                            VoidNamespaceSerializer.INSTANCE,
                            STATE,
                            (stream, last) -> {
                                ImputationState before = last.value();
                                keep(before, imputation.finish(before, this::give));
                            });
        }
    }

    private ImputationState soFar() throws Exception {
        ImputationState now = state.value();
        return now == null ? ImputationState.none() : now;
    }

    private void keep(ImputationState before, ImputationState now) throws Exception {
        filled.inc(now.filled() - before.filled());
        unfilled.inc(now.unfilled() - before.unfilled());
        state.update(now);
    }

    private void give(SignalFrame frame) {
        long millis = Math.floorDiv(frame.startNanos(), NANOS_PER_MILLI);
        output.collect(new StreamRecord<>(frame, millis));
    }
}
