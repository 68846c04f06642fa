/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.FrameSlicer;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.InvalidInputException;
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
 * order of the stream, whatever arrives when. At the end of the input each stream's totals go into
 * the accumulator {@link #ACCUMULATOR}. Until then they are in keyed state, and so count each
 * forecast once however often the job restarts.
 *
 * <p>The state has no time to live: its keys are the streams. For each it holds the forecasts of
 * one horizon, the values since the oldest of them, and what the model lags behind, which
 * back-pressure bounds.
 */
public final class ForecastScoring extends AbstractStreamOperator<Void>
        implements TwoInputStreamOperator<SignalFrame, Forecast, Void>, BoundedMultiInput {
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

    private final Slicing slicing;
    private final int horizon;
    private final double[] deviation;

    private transient ForecastTotalsAccumulator accumulator;
    private transient int openInputs;
    private transient ValueState<ScoringProgress> progress;
    private transient MapState<SamplePosition, SignalFrame> truth;
    private transient MapState<SamplePosition, Forecast> forecasts;
    private transient ValueState<ForecastTotals> totals;
    private transient Counter scored;
    private transient Counter unscored;

    /**
     * @param slicing how the windows are cut that are forecast from
     * @param horizon samples of a forecast
     * @param deviation for each channel, what one unit of the model is in the data's unit
     */
    public ForecastScoring(Slicing slicing, int horizon, double[] deviation) {
        this.slicing = slicing;
        this.horizon = horizon;
        this.deviation = deviation.clone();
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
        scored = getMetricGroup().counter(StreamMetrics.FORECASTS_SCORED);
        unscored = getMetricGroup().counter(StreamMetrics.FORECASTS_UNSCORED);
    }

    @Override
    public void processElement1(StreamRecord<SignalFrame> element) throws Exception {
        SignalFrame frame = element.getValue();
        if (frame.channels().size() != deviation.length) {
            return; // the model refuses such windows, so nothing is forecast from them
        }
        FrameSlicer slicer;
        try {
            slicer = slicing.at(frame.rate());
        } catch (InvalidInputException e) {
            return; // no windows are cut at this rate: the step that cuts them refuses the frame
        }
        truth.put(new SamplePosition(frame.segment(), frame.sequence()), frame);
        settle(soFar().after(frame, slicer.length(), slicer.hop()));
    }

    @Override
    public void processElement2(StreamRecord<Forecast> element) throws Exception {
        Forecast forecast = element.getValue();
        if (forecast.values().length != deviation.length * horizon) {
            throw new IllegalArgumentException(
                    "a forecast of %d values where %d channels and a horizon of %d are scored"
                            .formatted(forecast.values().length, deviation.length, horizon));
        }
        SamplePosition position = new SamplePosition(forecast.segment(), forecast.sequence());
        forecasts.put(position, forecast);
        settle(soFar().afterForecast(position));
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
    private void settle(ScoringProgress now) throws Exception {
        progress.update(now);
        List<SamplePosition> waiting = new ArrayList<>();
        forecasts.keys().forEach(waiting::add);
        waiting.sort(null);
        SamplePosition needed = now.firstNeeded();
        TreeMap<SamplePosition, SignalFrame> values = null;
        for (SamplePosition position : waiting) {
            if (isOpen(position, now)) {
                needed = position.compareTo(needed) < 0 ? position : needed;
                break;
            }
            if (values == null) {
                values = new TreeMap<>();
                for (Map.Entry<SamplePosition, SignalFrame> entry : truth.entries()) {
                    values.put(entry.getKey(), entry.getValue());
                }
            }
            compare(forecasts.get(position), values);
            forecasts.remove(position);
        }
        forgetBefore(needed);
    }

    private boolean isOpen(SamplePosition position, ScoringProgress now) {
        return position.segment() > now.segment()
                || position.segment() == now.segment()
                        && position.sequence() + horizon > now.received();
    }

    private void compare(Forecast forecast, TreeMap<SamplePosition, SignalFrame> values)
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
        ForecastTotals sum = totals.value();
        totals.update(
                (sum == null ? ForecastTotals.none(horizon) : sum)
                        .plus(forecast.values(), came, deviation));
        scored.inc();
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
