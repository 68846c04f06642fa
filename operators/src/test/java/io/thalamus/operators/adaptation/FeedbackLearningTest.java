/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** By a network of two channels whose error is known in closed form. */
class FeedbackLearningTest {
    private static final ChannelStatistics TRAINING =
            new ChannelStatistics(new float[] {3, 5}, new float[] {4, 0.25f});
    private static final String FIRST = "first";

    /** The first value of an output is its error; a window from sample 100 on shows nothing. */
    private static final Judge JUDGE =
            new Judge() {
                @Override
                public boolean teaches(SignalFrame window) {
                    return window.sequence() < 100;
                }

                @Override
                public boolean judges(SignalFrame window) {
                    return window.sequence() < 100;
                }

                @Override
                public Feedback feedback(SignalFrame window, float[] output) {
                    return Feedback.of(output[0]);
                }
            };

    /** Whose weights want to grow by one and by the number of the window. */
    private static final PlasticLayer LAYER =
            new PlasticLayer() {
                @Override
                public Map<String, float[]> source() {
                    return Map.of(FIRST, new float[] {10, 20});
                }

                @Override
                public Map<String, double[]> change(
                        Map<String, float[]> weights, SignalFrame window) {
                    return Map.of(
                            FIRST, new double[] {1, weights.get(FIRST)[1] + window.sequence()});
                }
            };

    private FastWeights known = FastWeights.none();

    private static FeedbackLearning rule(double rate, double hebbian, int every) {
        return new FeedbackLearning(
                2,
                /* complex= */ false,
                JUDGE,
                hebbian > 0 ? Optional.of(LAYER) : Optional.empty(),
                new FeedbackLearning.Rates(rate, hebbian, every));
    }

    private static SignalFrame window(long at) {
        return TestStream.of("s").frame(at, 4);
    }

    /** A bowl around gains of 1.1 and 0.8, and offsets of a deviation and two. */
    private static float error(FastWeights learned) {
        Modulation own = Modulation.of(TRAINING, learned);
        double error = 0.25;
        error += Math.pow(own.gain()[0] - 1.1, 2) + 3 * Math.pow(own.gain()[1] - 0.8, 2);
        error += Math.pow(own.offset()[0] / 2 - 1, 2) + Math.pow(own.offset()[1] / 0.5 - 2, 2);
        return (float) error;
    }

    private Lesson learn(FeedbackLearning rule, long at) {
        return learn(rule, at, error(known));
    }

    private Lesson learn(FeedbackLearning rule, long at, float error) {
        List<float[]> probed = new ArrayList<>();
        for (FastWeights probe : rule.probes(known, window(at))) {
            probed.add(new float[] {error(probe)});
        }
        Lesson lesson = rule.learn(known, window(at), new float[] {error}, probed);
        known = lesson.after();
        return lesson;
    }

    @Test
    void gainsAndOffsetsGoToTheBottomOfTheBowl() {
        FeedbackLearning rule = rule(0.02, 0, 1);
        for (int i = 0; i < 2000; i++) {
            learn(rule, 0);
        }
        Modulation own = Modulation.of(TRAINING, known);
        assertThat(own.gain()).containsExactly(new float[] {1.1f, 0.8f}, within(0.05f));
        assertThat(own.offset()).containsExactly(new float[] {2, 1}, within(0.1f));
        assertThat(known.updates()).isEqualTo(2000);
    }

    @Test
    void everySoManyWindowsTeach() {
        FeedbackLearning rule = rule(0.02, 0, 3);
        for (int i = 0; i < 9; i++) {
            assertThat(rule.probes(known, window(0))).hasSize(i % 3 == 2 ? 2 : 0);
            assertThat(rule.probes(known, window(100))).isEmpty();
            assertThat(learn(rule, 100).gate()).isZero();
            learn(rule, 0);
            assertThat(known.updates()).isEqualTo((i + 1) / 3);
        }
    }

    @Test
    void theFirstLayerLearnsAsFarAsTheErrorSurprises() {
        FeedbackLearning rule = rule(0, 0.1, 1);
        learn(rule, 7, 0.5f);
        assertThat(known.deltas()).as("nothing is known of errors yet").isEmpty();
        learn(rule, 7, 0.4f);
        assertThat(known.deltas()).as("less than usual").isEmpty();
        // the level is 0.49, its variance 0.9 * 0.1 * 0.01
        double opening = (0.51 - 0.49) / (Math.sqrt(0.0009) + 0.05);
        Lesson lesson = learn(rule, 7, 0.51f);
        assertThat(lesson.gate()).isCloseTo(opening, within(1e-6));
        assertThat(known.updates()).isEqualTo(1);
        assertThat(known.deltas().get(FIRST))
                .containsExactly(
                        new float[] {(float) (0.1 * opening), (float) (0.1 * opening * 27)},
                        within(1e-5f));
        float[] before = known.deltas().get(FIRST);
        learn(rule, 7, 90);
        assertThat(known.deltas().get(FIRST))
                .as("twice the rate at most, and from the stream's own weights")
                .containsExactly(
                        new float[] {before[0] + 0.2f, before[1] + 0.2f * (27 + before[1])},
                        within(1e-5f));
    }

    @Test
    void strangeErrorsTeachNothing() {
        FeedbackLearning rule = rule(0.02, 0.1, 1);
        learn(rule, 0);
        FastWeights before = known;
        assertThat(learn(rule, 0, Float.NaN).after()).isEqualTo(before);
        Lesson lesson =
                rule.learn(
                        known,
                        window(0),
                        new float[] {0.1f},
                        List.of(new float[] {Float.POSITIVE_INFINITY}, new float[] {1}));
        assertThat(lesson.after().deltas()).isEqualTo(before.deltas());
    }

    @Test
    void complexChannelsHaveGainsAlone() {
        FeedbackLearning rule =
                new FeedbackLearning(
                        2,
                        /* complex= */ true,
                        JUDGE,
                        Optional.empty(),
                        new FeedbackLearning.Rates(0.02, 0, 1));
        learn(rule, 0);
        assertThat(known.deltas()).containsOnlyKeys("modulator.gain");
        assertThat(Modulation.of(TRAINING, known).offset()).containsExactly(0, 0);
        assertThat(rule.source()).containsOnlyKeys("modulator.gain");
        assertThat(rule.most().bytes()).isGreaterThanOrEqualTo(known.bytes());
    }

    @Test
    void noStreamKnowsMore() {
        FeedbackLearning rule = rule(0.02, 0.1, 2);
        for (int i = 0; i < 9; i++) {
            learn(rule, 0, i % 4);
            assertThat(known.bytes()).isLessThanOrEqualTo(rule.most().bytes());
        }
        assertThat(known.deltas()).containsOnlyKeys(rule.source().keySet());
    }
}
