/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import io.thalamus.operators.signal.Span;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeaksOverThresholdTest {
    private static final SampleRate RATE = SampleRate.ofHertz(1);

    static Stream<JsonNode> runs() throws IOException {
        return StreamSupport.stream(References.read("thresholds.json").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("runs")
    void followsTheReference(JsonNode reference) {
        ThresholdRule rule =
                new PeaksOverThreshold(
                        reference.path("risk").asDouble(),
                        reference.path("level").asDouble(),
                        Span.ofSamples(reference.path("calibration").asInt()),
                        reference.path("depth").asInt());
        double[] expected = References.numbers(reference.path("thresholds"));

        double[] found = thresholds(rule, References.numbers(reference.path("scores")));

        for (int i = 0; i < found.length; i++) {
            if (Double.isNaN(expected[i])) {
                assertThat(found[i]).as("score %d", i).isNaN();
            } else {
                assertThat(found[i]).as("score %d", i).isCloseTo(expected[i], offset(1e-4));
            }
        }
    }

    /**
     * Squares of Student's t with 4 degrees of freedom have a heavy tail, of shape 1/2. Of 195,000
     * scores, 195 exceed a threshold of risk 1/1000; a fit on 512 peaks strays by a third of that
     * at times, and the last half tells whether it strays further and further.
     */
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "3, 0", "4, 40", "5, 40"})
    void ordinaryScoresExceedItAsOftenAsTheRiskSays(long seed, int depth) {
        Random random = new Random(seed);
        double[] scores = new double[200_000];
        Arrays.setAll(scores, i -> heavyTailed(random));
        ThresholdRule rule = new PeaksOverThreshold(1e-3, 0.98, Span.ofSamples(5000), depth);

        double[] thresholds = thresholds(rule, scores);

        assertThat(above(scores, thresholds)).isBetween(120L, 330L);
        Arrays.fill(scores, 0, 100_000, 0);
        assertThat(above(scores, thresholds)).isBetween(60L, 180L);
    }

    private static double heavyTailed(Random random) {
        double chiSquared = 0;
        for (int i = 0; i < 4; i++) {
            double normal = random.nextGaussian();
            chiSquared += normal * normal;
        }
        double normal = random.nextGaussian();
        return normal * normal / (chiSquared / 4);
    }

    @Test
    void aDriftIsFollowedWithADepthOnly() {
        Random random = new Random(6);
        double[] scores = new double[20_000];
        Arrays.setAll(scores, i -> random.nextGaussian() + i * 0.005);

        double[] fixed =
                thresholds(new PeaksOverThreshold(1e-4, 0.98, Span.ofSamples(1000), 0), scores);
        double[] following =
                thresholds(new PeaksOverThreshold(1e-4, 0.98, Span.ofSamples(1000), 100), scores);

        assertThat(above(scores, following)).isLessThan(20);
        assertThat(above(scores, fixed)).isGreaterThan(200);
    }

    private static long above(double[] scores, double[] thresholds) {
        long above = 0;
        for (int i = 0; i < scores.length; i++) {
            above += scores[i] > thresholds[i] ? 1 : 0;
        }
        return above;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.25, 1e30})
    void whatIsAboveEqualScoresIsFoundAndThenLearned(double equal) {
        ThresholdRule rule = new PeaksOverThreshold(1e-4, 0.98, Span.ofSamples(1000), 0);
        double[] scores = new double[3000];
        Arrays.fill(scores, equal);
        double more = equal + Math.max(1, equal);
        for (int i = 1500; i < 3000; i += 50) {
            scores[i] = more;
        }

        double[] thresholds = thresholds(rule, scores);

        assertThat(thresholds[1000]).isEqualTo(equal);
        assertThat(thresholds[1500]).isEqualTo(equal).isLessThan(more);
        assertThat(thresholds[1550]).isGreaterThan(more).isFinite();
        assertThat(above(scores, thresholds)).isEqualTo(1);
    }

    @Test
    void hugeScoresLeaveItFinite() {
        double[] scores = new double[2000];
        Random random = new Random(3);
        Arrays.setAll(scores, i -> Float.MAX_VALUE * random.nextDouble());
        scores[1900] = Double.POSITIVE_INFINITY; // no score to learn from
        ThresholdRule rule = new PeaksOverThreshold(1e-3, 0.98, Span.ofSamples(1000), 20);

        double[] thresholds = thresholds(rule, scores);

        assertThat(thresholds[1019]).isNaN();
        for (int i = 1020; i < 2000; i++) {
            assertThat(thresholds[i]).isFinite();
        }
    }

    @Test
    void anAnomalyTeachesNothing() {
        ThresholdRule rule = new PeaksOverThreshold(1e-4, 0.98, Span.ofSamples(1000), 30);
        Random random = new Random(9);
        ThresholdState state = rule.start(RATE);
        for (int i = 0; i < 1100; i++) {
            rule.take(random.nextDouble(), state);
        }
        double before = rule.threshold(state);

        rule.take(100, state);

        assertThat(rule.threshold(state)).isEqualTo(before);
    }

    /** The state is all that there is, and does not grow. */
    @Test
    void goesOnFromACopyOfItsState() {
        ThresholdRule rule = new PeaksOverThreshold(1e-3, 0.9, Span.ofSamples(200), 7);
        Random random = new Random(5);
        ThresholdState state = rule.start(RATE);
        int bytes = state.bytes();
        for (int i = 0; i < 9000; i++) {
            ThresholdState copy =
                    new ThresholdState(
                            state.counters().clone(),
                            state.figures().clone(),
                            state.highest().clone(),
                            state.recent().clone());
            double score = heavyTailed(random);
            rule.take(score, state);
            rule.take(score, copy);
            assertThat(Double.valueOf(rule.threshold(copy)))
                    .isEqualTo(Double.valueOf(rule.threshold(state)));
            state = copy;
        }
        assertThat(state.counters()[2]).isGreaterThan(PeaksOverThreshold.MOST_PEAKS);
        assertThat(state.bytes()).isEqualTo(bytes).isEqualTo(8 * (4 + 3 + 512 + 7));
    }

    /** However many samples a time is at the rate that a stream turns out to have. */
    @Test
    void calibratesOnAsManyScoresAsSuitIt() {
        ThresholdRule rule = new PeaksOverThreshold(1e-3, 0.98, Span.of(Duration.ofMinutes(20)), 0);
        assertThat(rule.start(RATE).counters()[0]).isEqualTo(1200);
        assertThat(rule.start(SampleRate.ofHertz(16_000)).counters()[0])
                .isBetween(25_000L, 26_000L);
        assertThat(rule.start(SampleRate.ofPeriod(Duration.ofHours(1))).counters()[0])
                .isBetween(500L, 510L);
    }

    @Test
    void refusesWhatCannotBe() {
        Span calibration = Span.ofSamples(1000);
        assertWrong(1e-4, 1, calibration, 0, "level is 1.0; give a share above 0 and below 1");
        assertWrong(
                0.02,
                0.99,
                calibration,
                0,
                "risk is 0.02; give a probability above 0 and below 1 - level");
        assertWrong(0, 0.98, calibration, 0, "risk is 0.0; ");
        assertWrong(1e-4, 0.98, calibration, -1, "depth is -1; give 0 to 4096 scores");
        assertWrong(
                1e-4,
                0.98,
                Span.ofSamples(100),
                0,
                "calibration is 100 scores; at a level of 0.98 give 501 to 25499, of which 10 to"
                        + " 512 exceed it");
    }

    private static void assertWrong(
            double risk, double level, Span calibration, int depth, String message) {
        assertThatThrownBy(() -> new PeaksOverThreshold(risk, level, calibration, depth))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("threshold: " + message);
    }

    private static double[] thresholds(ThresholdRule rule, double[] scores) {
        ThresholdState state = rule.start(RATE);
        double[] thresholds = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            thresholds[i] = rule.threshold(state);
            rule.take(scores[i], state);
        }
        return thresholds;
    }
}
