/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What counts as a shift, and what a rule learns by it. */
class ShiftGateTest {
    private static final ChannelStatistics SOURCE =
            new ChannelStatistics(new float[] {1, -2}, new float[] {4, 0.25f});
    private static final DeadZone ZONE = new DeadZone(SOURCE, 0.2);

    private final Plasticity counter =
            (before, window, output, probed) -> {
                assertThat(before.memory().keySet()).isSubsetOf("own");
                return Lesson.of(
                        new FastWeights(
                                before.updates() + 1,
                                Map.of("w", new float[] {before.updates() + 1}),
                                Map.of("own", new float[1])));
            };
    private final ShiftGate gate = new ShiftGate(counter, SOURCE, 0.1);
    private FastWeights known = FastWeights.none();

    /** Of which each mean is so many deviations away. */
    private static ChannelStatistics moved(double deviations) {
        return new ChannelStatistics(
                new float[] {(float) (1 + 2 * deviations), (float) (-2 + 0.5 * deviations)},
                SOURCE.variance());
    }

    private Lesson learn(double deviations) {
        ChannelStatistics found = moved(deviations);
        float[] output = {
            0, found.mean()[0], found.mean()[1], found.variance()[0], found.variance()[1]
        };
        Lesson lesson = gate.learn(known, TestStream.of("s").frame(0, 4), output, List.of());
        known = lesson.after();
        return lesson;
    }

    private int learned(int windows, double deviations) {
        long before = known.updates();
        for (int i = 0; i < windows; i++) {
            learn(deviations);
        }
        return (int) (known.updates() - before);
    }

    @Test
    void aShiftCountsBeyondTheRadius() {
        assertThat(ZONE.distance(moved(0.3))).isCloseTo(0.3, within(1e-4));
        assertThat(ZONE.share(SOURCE)).isZero();
        assertThat(ZONE.share(moved(0.19))).isZero();
        assertThat(ZONE.share(moved(0.3))).isCloseTo(0.5, within(1e-3));
        assertThat(ZONE.share(moved(0.41))).isEqualTo(1);
    }

    @Test
    void aShiftOfTheVariancesCountsToo() {
        float e = (float) Math.E;
        ChannelStatistics louder =
                new ChannelStatistics(SOURCE.mean(), new float[] {4 * e, 0.25f * e});
        assertThat(ZONE.distance(louder)).isCloseTo(Math.sqrt(0.5), within(1e-4));
    }

    @Test
    void nothingIsLearnedFromASignalAsInTraining() {
        assertThat(learned(200, 0.29)).isZero();
        assertThat(known.deltas()).isEmpty();
    }

    @Test
    void aShiftOpensTheGateAndItsEndClosesIt() {
        assertThat(learned(100, 0.5)).isBetween(80, 95);
        assertThat(known.deltas()).containsKey("w");
        // Until it no longer counts at all.
        assertThat(learned(100, 0.2)).isEqualTo(100);
        Lesson lesson = learn(0);
        while (lesson.incidents().isEmpty()) {
            lesson = learn(0);
        }
        assertThat(lesson.incidents().get(0).kind()).isEqualTo(Incident.Kind.RESET);
        assertThat(known.deltas()).isEmpty();
        assertThat(learned(100, 0)).isZero();
    }

    @Test
    void aRuleIsComparedBehindItAsInFrontOfNone() {
        ShadowScore given = new ShadowScore(1, 1, 1.1, 0.5, 1);
        Plasticity strict =
                new Plasticity() {
                    @Override
                    public Lesson learn(
                            FastWeights before,
                            SignalFrame window,
                            float[] output,
                            List<float[]> probed) {
                        return Lesson.nothing(before);
                    }

                    @Override
                    public ShadowScore shadow(ShadowScore of) {
                        return of.strict();
                    }
                };
        assertThat(gate.shadow(given)).isEqualTo(given);
        assertThat(new ShiftGate(strict, SOURCE, 0.1).shadow(given)).isEqualTo(given.strict());
    }

    @Test
    void burstsDoNotOpenIt() {
        for (int i = 0; i < 20; i++) {
            assertThat(learned(1, 40)).isZero();
            assertThat(learned(9, 0)).isZero();
        }
    }

    @Test
    void theHomeostatTakesNoNoticeWithinTheZone() {
        var homeostat = new HomeostaticLearning(SOURCE, 1, Judge.BLIND);
        for (double deviations : new double[] {0.1, 0.4}) {
            ChannelStatistics found = moved(deviations);
            float[] output = {
                0, found.mean()[0], found.mean()[1], found.variance()[0], found.variance()[1]
            };
            FastWeights after =
                    homeostat
                            .learn(
                                    FastWeights.none(),
                                    TestStream.of("s").frame(0, 4),
                                    output,
                                    List.of())
                            .after();
            assertThat(HomeostaticLearning.shifted(SOURCE, after).mean()[0])
                    .isCloseTo(deviations < 0.2 ? 1f : 1.8f, within(1e-5f));
        }
    }
}
