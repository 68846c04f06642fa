/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.signal.FrameSlicer;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.ForecastError;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
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
 * Compares forecasts (second input) with the values that came (first input: the frames that the
 * windows were cut from, in the model's units). Both inputs are keyed by stream id. A forecast is
 * compared once its whole horizon has come, in the same segment; one whose segment ends before that
 * is not.
 *
 * <p>Which input is ahead does not matter: forecasts wait for values, and values are kept for as
 * long as a forecast from a window that has come can still need them; so errors are summed in the
 * order of the stream, whatever arrives when. The result is a record for each forecast that was
 * compared, with the errors of the stream's newest forecasts; in the same order, and each once, as
 * what is summed is keyed state. At the end of the input each stream's totals go into the
 * accumulator {@link #ACCUMULATOR}.
 *
 * <p>The state has no time to live: its keys are the streams. For each it holds the forecasts of
 * one horizon, the values since the oldest of them, and what the model lags behind, which
 * back-pressure bounds: {@code 4 channels horizon + 220} bytes a forecast, of which there are
 * {@code horizon / hop}, and {@code 4 channels} bytes a value of {@code horizon + length}; besides
 * 24 bytes a step of the horizon for the totals, 20 bytes a forecast that the rolling errors are
 * over, and some 200. That is 290 kB for a horizon and a length of 96, 7 channels, a hop of 1 and
 * 100 forecasts, and 22 kB with a hop of 24.
 */
public final class ForecastScoring extends AbstractStreamOperator<ForecastError>
        implements TwoInputStreamOperator<SignalFrame, Forecast, ForecastError>, BoundedMultiInput {
    /** The name of the {@link ForecastTotalsAccumulator}. */
    public static final String ACCUMULATOR = "forecast-totals";

    private static final ValueStateDescriptor<ScoringProgress> PROGRESS =
            new ValueStateDescriptor<>("progress", TypeInformation.of(ScoringProgress.class));
    private static final MapStateDescriptor<SamplePosition, SignalFrame> TRUTH =
            new MapStateDescriptor<>(
                    "truth",
                    TypeInformation.of(SamplePosition.class),
                    TypeInformation.of(SignalFrame.class));
    private static final MapStateDescriptor<SamplePosition, Forecast> FORECASTS =
            new MapStateDescriptor<>(
                    "forecasts",
                    TypeInformation.of(SamplePosition.class),
                    TypeInformation.of(Forecast.class));
    private static final ValueStateDescriptor<ForecastTotals> TOTALS =
            new ValueStateDescriptor<>("totals", TypeInformation.of(ForecastTotals.class));

    private static final ValueStateDescriptor<RecentErrors> RECENT =
            new ValueStateDescriptor<>("recent", TypeInformation.of(RecentErrors.class));

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Slicing slicing;
    private final ModelSignature signature;
    private final int horizon;
    private final double[] deviation;
    private final int over;

    private transient ForecastTotalsAccumulator accumulator;
    private transient int openInputs;
    private transient ValueState<ScoringProgress> progress;
    private transient MapState<SamplePosition, SignalFrame> truth;
    private transient MapState<SamplePosition, Forecast> forecasts;
    private transient ValueState<ForecastTotals> totals;
    private transient ValueState<RecentErrors> recent;
    private transient StepLatency latency;
    private transient Counter scored;
    private transient Counter unscored;

    /** Of all streams of this task; read by the threads of metric reporters. */
    private transient volatile RecentErrors ofAllStreams;

    /**
     * @param slicing how the windows are cut that are forecast from
     * @param signature the model's, which tells what windows it takes and how far it forecasts
     * @param deviation for each channel, what one unit of the model is in the data's unit
     * @param over how many forecasts the rolling errors are over
     */
    public ForecastScoring(
            Slicing slicing, ModelSignature signature, double[] deviation, int over) {
        this.slicing = slicing;
        this.signature = signature;
        this.horizon = signature.horizon();
        this.deviation = deviation.clone();
        this.over = over;
    }

    @Override
    public void open() throws Exception {
        super.open();
        openInputs = 2;
        accumulator = new ForecastTotalsAccumulator();
        getRuntimeContext().addAccumulator(ACCUMULATOR, accumulator);
        progress = getRuntimeContext().getState(PROGRESS);
        truth = getRuntimeContext().getMapState(TRUTH);
        forecasts = getRuntimeContext().getMapState(FORECASTS);
        totals = getRuntimeContext().getState(TOTALS);
        recent = getRuntimeContext().getState(RECENT);
        // Of a task's own time: what is told of a stream is in its state, and in records.
        ofAllStreams = RecentErrors.NONE;
        getMetricGroup().gauge(StreamMetrics.FORECAST_MSE, () -> ofAllStreams.mse());
        getMetricGroup().gauge(StreamMetrics.FORECAST_MAE, () -> ofAllStreams.mae());
        latency = new StepLatency(getMetricGroup());
        scored = getMetricGroup().counter(StreamMetrics.FORECASTS_SCORED);
        unscored = getMetricGroup().counter(StreamMetrics.FORECASTS_UNSCORED);
    }

    @Override
    public void processElement1(StreamRecord<SignalFrame> element) throws Exception {
        SignalFrame frame = element.getValue();
        if (!signature.takesWindowsOf(frame, slicing)) {
            return; // nothing is forecast from it
        }
        latency.begin();
        FrameSlicer slicer = slicing.at(frame.rate());
        truth.put(new SamplePosition(frame.segment(), frame.sequence()), frame);
        ScoringProgress before = soFar();
        settle(before, before.after(frame, slicer.length(), slicer.hop()));
    }

    @Override
    public void processElement2(StreamRecord<Forecast> element) throws Exception {
        Forecast forecast = element.getValue();
        if (forecast.values().length != deviation.length * horizon) {
            throw new IllegalArgumentException(
                    "a forecast of %d values where %d channels and a horizon of %d are scored"
                            .formatted(forecast.values().length, deviation.length, horizon));
        }
        latency.begin();
        SamplePosition position = new SamplePosition(forecast.segment(), forecast.sequence());
        forecasts.put(position, forecast);
        ScoringProgress before = soFar();
        settle(before, before.afterForecast(position));
    }

    /** Not by a timer: a job restored after its input has ended must report its totals too. */
    @Override
    public void endInput(int input) throws Exception {
        openInputs--;
        if (openInputs == 0) {
            getKeyedStateBackend()
                    .applyToAllKeys(
                            VoidNamespace.INSTANCE,
                            VoidNamespaceSerializer.INSTANCE,
                            TOTALS,
                            (stream, sum) -> accumulator.add(Map.of((String) stream, sum.value())));
        }
    }

    private ScoringProgress soFar() throws Exception {
        ScoringProgress now = progress.value();
        return now == null ? ScoringProgress.NONE : now;
    }

    /** Compares the forecasts that can be, in order, and forgets what is no longer needed. */
    private void settle(ScoringProgress before, ScoringProgress now) throws Exception {
        List<StreamRecord<ForecastError>> errors = new ArrayList<>();
        int due = now.due(horizon);
        ScoringProgress after = due == 0 ? now : now.afterCompared(due);
        if (due > 0) {
            TreeMap<SamplePosition, SignalFrame> values = new TreeMap<>();
            for (Map.Entry<SamplePosition, SignalFrame> entry : truth.entries()) {
                values.put(entry.getKey(), entry.getValue());
            }
            for (SamplePosition position : now.waiting().subList(0, due)) {
                compare(forecasts.get(position), values, errors);
                forecasts.remove(position);
            }
        }
        progress.update(after);
        if (!after.firstNeeded().equals(before.firstNeeded())) {
            forgetBefore(after.firstNeeded());
        }
        latency.end();
        errors.forEach(output::collect);
    }

    private void compare(
            Forecast forecast,
            TreeMap<SamplePosition, SignalFrame> values,
            List<StreamRecord<ForecastError>> errors)
            throws Exception {
        float[] came = new float[forecast.values().length];
        int found = 0;
        long end = forecast.sequence() + horizon;
        for (SignalFrame frame : values.values()) {
            long from = Math.max(frame.sequence(), forecast.sequence());
            long to = Math.min(frame.nextSequence(), end);
            if (frame.segment() != forecast.segment() || to <= from) {
                continue;
            }
            int count = (int) (to - from);
            for (int channel = 0; channel < deviation.length; channel++) {
                System.arraycopy(
                        frame.samples(),
                        channel * frame.length() + (int) (from - frame.sequence()),
                        came,
                        channel * horizon + (int) (from - forecast.sequence()),
                        count);
            }
            found += count;
        }
        if (found < horizon) {
            unscored.inc();
            return;
        }
        ForecastTotals one = ForecastTotals.of(forecast.values(), came, deviation);
        if (one.windows() == 0) {
            unscored.inc();
            return;
        }
        ForecastTotals sum = totals.value();
        totals.update(sum == null ? one : sum.plus(one));
        scored.inc();
        errors.add(told(forecast, one));
    }

    private StreamRecord<ForecastError> told(Forecast forecast, ForecastTotals one)
            throws Exception {
        RecentErrors before = recent.value();
        RecentErrors now = (before == null ? RecentErrors.NONE : before).with(one, over);
        recent.update(now);
        ofAllStreams = ofAllStreams.with(one, over);
        ForecastError error =
                new ForecastError(
                        forecast.streamId(),
                        forecast.sequence(),
                        forecast.segment(),
                        forecast.startNanos(),
                        one.allSquared() / one.allCount(),
                        one.allAbsolute() / one.allCount(),
                        now.forecasts(),
                        now.mse(),
                        now.mae(),
                        forecast.model());
        return new StreamRecord<>(error, Math.floorDiv(forecast.startNanos(), NANOS_PER_MILLI));
    }

    private void forgetBefore(SamplePosition needed) throws Exception {
        for (Iterator<Map.Entry<SamplePosition, SignalFrame>> entries = truth.iterator();
                entries.hasNext(); ) {
            SignalFrame frame = entries.next().getValue();
            SamplePosition end = new SamplePosition(frame.segment(), frame.nextSequence());
            if (end.compareTo(needed) <= 0) {
                entries.remove();
            }
        }
    }
}
