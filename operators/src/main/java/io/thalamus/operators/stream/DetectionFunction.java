/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.detection.Detection;
import io.thalamus.operators.signal.detection.DetectionState;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.AnomalyScore;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Finds the events in the scores of each stream, and hands on each sample's score once. Events go
 * to {@link SideOutputs#ANOMALY_EVENTS}. Wants its records in order, as a model leaves them.
 *
 * <p>The state has no time to live: its keys are the streams, and what is kept of a stream is what
 * the rule for the threshold says, and an event.
 */
public final class DetectionFunction
        extends KeyedProcessFunction<String, AnomalyScore, AnomalyScore> {
    private static final ValueStateDescriptor<DetectionState> STATE =
            new ValueStateDescriptor<>("detection", TypeInformation.of(DetectionState.class));

    private final Detection detection;

    private transient ValueState<DetectionState> state;
    private transient StepLatency latency;
    private transient Counter events;
    private transient Counter samplesAbove;
    private transient Histogram scores;
    private transient Histogram thresholds;

    public DetectionFunction(Detection detection) {
        this.detection = detection;
    }

    @Override
    public void open(OpenContext context) {
        state = getRuntimeContext().getState(STATE);
        var metrics = getRuntimeContext().getMetricGroup();
        latency = new StepLatency(metrics);
        events = metrics.counter(StreamMetrics.ANOMALY_EVENTS);
        samplesAbove = metrics.counter(StreamMetrics.SAMPLES_ABOVE);
        scores = StreamMetrics.histogram(metrics, StreamMetrics.SCORE_THOUSANDTHS);
        thresholds = StreamMetrics.histogram(metrics, StreamMetrics.THRESHOLD_THOUSANDTHS);
    }

    @Override
    public void processElement(AnomalyScore score, Context context, Collector<AnomalyScore> out)
            throws Exception {
        DetectionState before = state.value();
        if (before == null) {
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
            before = detection.before(score);
        }
        Found found = new Found();
        latency.begin();
        state.update(detection.take(score, before, found));
        latency.end();
        scores.update(Math.round(1000 * mean(score.joint())));
        found.scores.forEach(out::collect);
        for (AnomalyEvent event : found.events) {
            context.output(SideOutputs.ANOMALY_EVENTS, event);
        }
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** The end of the input. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<AnomalyScore> out)
            throws Exception {
        detection.finish(
                context.getCurrentKey(),
                state.value(),
                event -> context.output(SideOutputs.ANOMALY_EVENTS, event));
        state.clear();
    }

    /** Keeps what comes of one record until it has been measured how long that took. */
    private final class Found implements Detection.Output {
        private final List<AnomalyScore> scores = new ArrayList<>();
        private final List<AnomalyEvent> events = new ArrayList<>();

        @Override
        public void scored(AnomalyScore score) {
            scores.add(score);
        }

        @Override
        public void found(AnomalyEvent event) {
            events.add(event);
            if (event.endNanos() == 0) {
                DetectionFunction.this.events.inc();
            }
        }

        @Override
        public void measured(int above, double threshold) {
            samplesAbove.inc(above);
            if (!Double.isNaN(threshold)) {
                thresholds.update(Math.round(threshold * 1000));
            }
        }
    }
}
