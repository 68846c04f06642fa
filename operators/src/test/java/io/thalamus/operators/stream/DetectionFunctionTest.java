/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.detection.Detection;
import io.thalamus.operators.signal.detection.FixedThreshold;
import io.thalamus.operators.signal.detection.PeaksOverThreshold;
import io.thalamus.operators.signal.detection.PercentileThreshold;
import io.thalamus.operators.signal.detection.ThresholdRule;
import io.thalamus.operators.testing.Scores;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.AnomalyScore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DetectionFunctionTest {
    private static final Scores S = random("s");
    private static final Scores T = random("t");

    private final Map<String, Metric> metrics = new HashMap<>();

    /** What came out, by stream. */
    private record Result(List<AnomalyScore> scores, List<AnomalyEvent> events) {
        static Result none() {
            return new Result(new ArrayList<>(), new ArrayList<>());
        }
    }

    private static Scores random(String id) {
        Random random = new Random(id.hashCode());
        double[] joint = new double[600];
        for (int i = 0; i < joint.length; i++) {
            joint[i] = StrictMath.exp(2 * random.nextGaussian());
        }
        return Scores.of(id, joint);
    }

    private static Detection detection(ThresholdRule rule) {
        return new Detection(rule, Span.ofSamples(3), Span.ofSamples(2));
    }

    static Stream<Detection> detections() {
        return Stream.of(
                        new FixedThreshold(8),
                        new PercentileThreshold(5, Span.ofSamples(150)),
                        new PeaksOverThreshold(0.06, 0.9, Span.ofSamples(120), 0),
                        new PeaksOverThreshold(0.06, 0.9, Span.ofSamples(120), 9))
                .map(DetectionFunctionTest::detection);
    }

    private static List<AnomalyScore> together(int length, int hop) {
        List<AnomalyScore> both = new ArrayList<>();
        List<AnomalyScore> s = S.records(600, length, hop);
        List<AnomalyScore> t = T.records(600, length, hop);
        for (int i = 0; i < s.size(); i++) {
            both.add(s.get(i));
            both.add(t.get(i));
        }
        return both;
    }

    @ParameterizedTest
    @MethodSource("detections")
    void goesOnWhereItWasStored(Detection detection) throws Exception {
        List<AnomalyScore> records = together(20, 8);
        Result whole = Result.none();
        run(detection, null, records, true, whole);

        for (int stop : new int[] {1, 25, 60, 117, records.size()}) {
            Result both = Result.none();
            OperatorSubtaskState state =
                    run(detection, null, records.subList(0, stop), false, both);
            run(detection, state, records.subList(stop, records.size()), true, both);
            assertThat(both).isEqualTo(whole);
        }
        assertThat(whole.events).isNotEmpty();
    }

    @Test
    void streamsDoNotInfluenceOneAnother() throws Exception {
        Detection detection = detection(new PercentileThreshold(5, Span.ofSamples(150)));
        Result alone = Result.none();
        run(detection, null, S.records(600, 20, 8), true, alone);
        Result both = Result.none();
        run(detection, null, together(20, 8), true, both);

        assertThat(both.events)
                .filteredOn(event -> event.streamId().equals("s"))
                .isEqualTo(alone.events);
    }

    @Test
    void measures() throws Exception {
        Result result = Result.none();
        run(detection(new FixedThreshold(8)), null, S.records(600, 20, 20), true, result);

        long above = 0;
        for (int i = 0; i < 600; i++) {
            above += (float) S.joint().applyAsDouble(i) > 8 ? 1 : 0;
        }
        assertThat(counter(StreamMetrics.SAMPLES_ABOVE)).isEqualTo(above);
        assertThat(counter(StreamMetrics.ANOMALY_EVENTS))
                .isEqualTo(result.events.size() / 2)
                .isPositive();
        assertThat(histogram(StreamMetrics.THRESHOLD_THOUSANDTHS).getStatistics().getMax())
                .isEqualTo(8000);
        assertThat(histogram(StreamMetrics.STEP_LATENCY_MICROS).getCount()).isEqualTo(30);
    }

    @Test
    void aThresholdThatIsNotKnownYetIsNotMeasured() throws Exception {
        run(
                detection(new PercentileThreshold(5, Span.ofSamples(50))),
                null,
                S.records(60, 20, 20),
                true,
                Result.none());

        assertThat(histogram(StreamMetrics.THRESHOLD_THOUSANDTHS).getCount()).isEqualTo(1);
    }

    private long counter(String name) {
        return ((Counter) metrics.get(name)).getCount();
    }

    private Histogram histogram(String name) {
        return (Histogram) metrics.get(name);
    }

    private OperatorSubtaskState run(
            Detection detection,
            OperatorSubtaskState restored,
            List<AnomalyScore> records,
            boolean toTheEnd,
            Result into)
            throws Exception {
        MockEnvironment environment =
                MockEnvironment.builder().setMetricGroup(StepHarness.recording(metrics)).build();
        var harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new StepOperator<>(new DetectionFunction(detection)),
                        AnomalyScore::streamId,
                        Types.STRING,
                        environment);
        try {
            if (restored != null) {
                harness.initializeState(restored);
            }
            harness.open();
            for (AnomalyScore record : records) {
                harness.processElement(new StreamRecord<>(record));
            }
            OperatorSubtaskState state = harness.snapshot(1, 1);
            if (toTheEnd) {
                harness.endInput();
            }
            into.scores.addAll(harness.extractOutputValues());
            var events = harness.getSideOutput(SideOutputs.ANOMALY_EVENTS);
            if (events != null) {
                events.forEach(event -> into.events.add(event.getValue()));
            }
            return state;
        } finally {
            harness.close();
            environment.close();
        }
    }
}
