/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What guards make of a rule that adds an output's second value to what it has learned. */
class GuardedPlasticityTest {
    private static final Guards NONE =
            new Guards(
                    Leash.NONE,
                    ResetRule.NONE,
                    CollapseMonitor.NONE,
                    new ShadowScore(0, 1, 1, 0, 1),
                    0,
                    false,
                    1);

    private long windows;
    private FastWeights known = FastWeights.none();
    private final List<Incident> incidents = new ArrayList<>();

    /** The first value of an output is its error. */
    private static class Adder implements Plasticity {
        @Override
        public Lesson learn(
                FastWeights before, SignalFrame window, float[] output, List<float[]> probed) {
            assertThat(before.memory().keySet()).isSubsetOf("own", "pending/window");
            float[] sum = before.deltas().getOrDefault("w", new float[1]).clone();
            sum[0] += output[1];
            Map<String, float[]> memory = new HashMap<>(before.memory());
            memory.put("own", new float[] {before.updates()});
            memory.put("pending/window", new float[] {7});
            return Lesson.of(
                    new FastWeights(before.updates() + 1, Map.of("w", sum), Map.copyOf(memory)));
        }

        @Override
        public Judge judge() {
            return Judge.ofAll((window, output) -> Feedback.of(output[0]));
        }

        @Override
        public Map<String, float[]> source() {
            return Map.of("w", new float[] {8});
        }
    }

    /** Of which the first two values are logits. */
    private static final class Classes extends Adder {
        @Override
        public Judge judge() {
            return Judge.ofAll((window, output) -> Feedback.ofClasses(output, 2));
        }
    }

    /** Goes back to the bundle where there is nothing to add, as behind a gate that closes. */
    private static final class GoingBack extends Adder {
        @Override
        public Lesson learn(
                FastWeights before, SignalFrame window, float[] output, List<float[]> probed) {
            return output[1] == 0
                    ? Lesson.nothing(new FastWeights(before.updates(), Map.of(), Map.of()))
                    : super.learn(before, window, output, probed);
        }
    }

    /** The comparison with the bundle's network alone. */
    private static Guards compared(ShadowScore shadow, int snapshots) {
        return new Guards(
                Leash.NONE, NONE.reset(), NONE.collapse(), shadow, snapshots, /* gate= */ false, 1);
    }

    private static SignalFrame window(long number) {
        return TestStream.of("s").frame(4 * number, 4);
    }

    /** Learns from a window, which the bundle's network has another error at. */
    private Lesson learn(GuardedPlasticity guarded, float sourceError, float... output) {
        SignalFrame window = window(windows++);
        List<float[]> probed =
                guarded.probes(known, window).stream()
                        .map(probe -> new float[] {sourceError, 0})
                        .toList();
        Lesson lesson = guarded.learn(known, window, output, probed);
        known = lesson.after();
        incidents.addAll(lesson.incidents());
        return lesson;
    }

    private float learned() {
        return known.deltas().containsKey("w") ? known.deltas().get("w")[0] : 0;
    }

    @Test
    void leashHoldsEachUpdate() {
        Guards guards =
                new Guards(
                        new Leash(0.5, 0.25),
                        NONE.reset(),
                        NONE.collapse(),
                        NONE.shadow(),
                        0,
                        false,
                        1);
        GuardedPlasticity guarded = new GuardedPlasticity(new Adder(), guards);
        learn(guarded, 0, 0, 1);
        assertThat(learned()).isEqualTo(0.5f);
        learn(guarded, 0, 0, 100);
        assertThat(learned()).isCloseTo(0.25f * 8, within(1e-6f));
    }

    @Test
    void whatIsNoNumberTeachesNothing() {
        GuardedPlasticity guarded = new GuardedPlasticity(new Adder(), NONE);
        learn(guarded, 0, 0, 3);
        assertThat(learn(guarded, 0, 0, Float.NaN).gate()).isZero();
        assertThat(learn(guarded, 0, Float.POSITIVE_INFINITY, 1).gate()).isZero();
        assertThat(learn(guarded, 0, 0, Float.MAX_VALUE).gate()).isEqualTo(1);
        assertThat(learn(guarded, 0, 0, Float.MAX_VALUE).gate()).isZero();
        assertThat(learned()).isEqualTo(Float.MAX_VALUE);
        assertThat(incidents).extracting(Incident::kind).containsOnly(Incident.Kind.DRIFT);
    }

    /** Nor do guards: an error as large as this would take the stream back to the bundle. */
    @Test
    void whatAWindowWasFilledUpWithTeachesNothing() {
        Adder rule =
                new Adder() {
                    @Override
                    public FastWeights heard(
                            FastWeights before, SignalFrame window, float[] output) {
                        return before.withMemory(Map.of("own", output));
                    }
                };
        ResetRule reset = new ResetRule(new SurpriseGate(0.1, 0.05, 2), 0.5, 0.01, 2, 1, 0);
        Guards guards =
                new Guards(
                        Leash.NONE,
                        reset,
                        NONE.collapse(),
                        new ShadowScore(1, 1, 1, 0, 1),
                        0,
                        false,
                        1);
        GuardedPlasticity guarded = new GuardedPlasticity(rule, guards);
        for (int i = 0; i < 3; i++) {
            learn(guarded, 1, 1, 1);
        }
        FastWeights before = known;
        SignalFrame next = window(windows);
        SignalFrame padded = next.withSamples(next.samples(), Quality.PADDED.bit());
        assertThat(guarded.probes(known, next)).isNotEmpty();
        assertThat(guarded.probes(known, padded)).isEmpty();
        float[] output = {100, 1};
        Map<String, float[]> memory = new HashMap<>(before.memory());
        memory.put("own", output);
        memory.remove("pending/window");
        assertThat(guarded.learn(known, padded, output, List.of()))
                .isEqualTo(Lesson.nothing(before.withMemory(memory)));
    }

    @Test
    void driftIsToldOfWhereItReachesANewLevel() {
        GuardedPlasticity guarded = new GuardedPlasticity(new Adder(), NONE);
        for (float step : new float[] {0.25f, 0.25f, 0.1f, 0.4f, -0.9f, 0.9f, 7}) {
            learn(guarded, 0, 0, step);
        }
        assertThat(incidents)
                .extracting(Incident::value)
                .satisfiesExactly(
                        drift -> assertThat(drift).isCloseTo(1.0 / 16, within(1e-6)),
                        drift -> assertThat(drift).isCloseTo(1.0 / 8, within(1e-6)),
                        drift -> assertThat(drift).isCloseTo(1, within(1e-6)));
    }

    @Test
    void aRisenErrorResets() {
        ResetRule reset = new ResetRule(new SurpriseGate(0.1, 0.05, 2), 0.5, 0.01, 2, 3, 4);
        GuardedPlasticity guarded =
                new GuardedPlasticity(
                        new Adder(),
                        new Guards(Leash.NONE, reset, NONE.collapse(), NONE.shadow(), 0, false, 1));
        for (int i = 0; i < 5; i++) {
            learn(guarded, 0, 1, 0.01f);
        }
        assertThat(learned()).isPositive();
        Lesson lesson = learn(guarded, 0, 9, 0.01f);
        assertThat(lesson.incidents())
                .containsExactly(new Incident(Incident.Kind.RESET, "the error has risen", 9));
        assertThat(known.deltas()).isEmpty();
        assertThat(known.updates()).isZero();
        assertThat(known.memory()).doesNotContainKeys("own", "pending/window");
    }

    @Test
    void oneClassForAllResets() {
        GuardedPlasticity guarded =
                new GuardedPlasticity(
                        new Classes(),
                        new Guards(
                                Leash.NONE,
                                NONE.reset(),
                                new CollapseMonitor(0.1, 0.5),
                                NONE.shadow(),
                                0,
                                false,
                                1));
        for (int i = 0; i < 40; i++) {
            learn(guarded, 0, i % 2 == 0 ? 9 : 0, i % 2 == 0 ? 0 : 9);
        }
        incidents.clear();
        int taken = 0;
        while (incidents.stream().noneMatch(one -> one.kind() == Incident.Kind.RESET)) {
            learn(guarded, 0, 9, 0.01f);
            taken++;
        }
        // 0.11 of the other class has half of the entropy: 0.5 * 0.9^15 is 0.10
        assertThat(taken).isBetween(13, 16);
    }

    private static GuardedPlasticity comparing(int snapshots) {
        return new GuardedPlasticity(
                new Adder(), compared(new ShadowScore(2, 1, 1, 0, 3), snapshots));
    }

    @Test
    void goesBackToWhatWasGoodWhereTheBundleDoesBetter() {
        GuardedPlasticity guarded = comparing(2);
        for (int i = 0; i < 8; i++) {
            learn(guarded, 2, 1, 1);
        }
        // Compared at every second window once something is known: the third time at the seventh,
        // when six were learned from.
        assertThat(incidents).extracting(Incident::kind).containsOnly(Incident.Kind.DRIFT);
        incidents.clear();
        while (incidents.stream().noneMatch(one -> one.kind() == Incident.Kind.ROLL_BACK)) {
            learn(guarded, 1, 2, 1);
        }
        assertThat(windows).isEqualTo(13);
        assertThat(learned()).isEqualTo(6);
        assertThat(known.updates()).isEqualTo(6);
        assertThat(known.memory()).containsKey("own").doesNotContainKey("pending/window");
        // If that is no good either, nothing is left but the bundle.
        incidents.clear();
        while (incidents.stream().noneMatch(one -> one.kind() == Incident.Kind.ROLL_BACK)) {
            learn(guarded, 1, 2, 1);
        }
        assertThat(known.deltas()).isEmpty();
    }

    /** A tenth worse, which the guards would bear and the rule does not. */
    @Test
    void aRuleMaySayHowStrictlyItIsCompared() {
        ShadowScore lenient = new ShadowScore(2, 1, 1.2, 0.1, 3);
        Adder strict =
                new Adder() {
                    @Override
                    public ShadowScore shadow(ShadowScore given) {
                        return given.strict();
                    }
                };
        for (Plasticity rule : List.of(new Adder(), strict)) {
            known = FastWeights.none();
            incidents.clear();
            GuardedPlasticity guarded = new GuardedPlasticity(rule, compared(lenient, 0));
            for (int i = 0; i < 7; i++) {
                learn(guarded, 1, 1.1f, 0.1f);
            }
            assertThat(incidents)
                    .filteredOn(one -> one.kind() == Incident.Kind.ROLL_BACK)
                    .hasSize(rule == strict ? 1 : 0);
        }
    }

    /** Twice as long each time, as what has done harm does it again. */
    @Test
    void mayHoldStillWhereItHasGoneBack() {
        GuardedPlasticity guarded =
                new GuardedPlasticity(new Adder(), compared(new ShadowScore(1, 1, 1, 0, 2, 5), 0));
        List<Long> learnedAt = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            if (learn(guarded, 1, 2, 1).gate() == 1) {
                learnedAt.add(windows - 1);
            }
        }
        // Two of three windows teach, the third is the second one that is worse.
        assertThat(learnedAt).containsExactly(0L, 1L, 8L, 9L, 21L, 22L);
        known = guarded.reset(known).after();
        assertThat(learn(guarded, 1, 2, 1).gate()).isEqualTo(1);
    }

    @Test
    void holdsStillAtWhatWasGoodToo() {
        GuardedPlasticity guarded =
                new GuardedPlasticity(new Adder(), compared(new ShadowScore(2, 1, 1, 0, 3, 5), 2));
        for (int i = 0; i < 8; i++) {
            learn(guarded, 2, 1, 1);
        }
        // Three that are worse are compared among the next five; what was good had six updates.
        for (int i = 0; i < 5; i++) {
            learn(guarded, 1, 2, 1);
        }
        assertThat(incidents).extracting(Incident::kind).contains(Incident.Kind.ROLL_BACK);
        for (int i = 0; i < 5; i++) {
            assertThat(learn(guarded, 2, 1, 1).gate()).isZero();
            assertThat(learned()).isEqualTo(6);
        }
        assertThat(learn(guarded, 2, 1, 1).gate()).isEqualTo(1);
        assertThat(learned()).isEqualTo(7);
    }

    /** What happens then happens elsewhere: the next hold is as short as the first. */
    @Test
    void whereTheRuleGoesBackItselfHoldsBeginAnew() {
        for (boolean goesBack : List.of(false, true)) {
            known = FastWeights.none();
            GuardedPlasticity guarded =
                    new GuardedPlasticity(
                            new GoingBack(), compared(new ShadowScore(1, 1, 1, 0, 1, 4), 0));
            assertThat(holding(guarded)).isEqualTo(4);
            learn(guarded, 2, 1, goesBack ? 0 : 1);
            assertThat(holding(guarded)).isEqualTo(goesBack ? 4 : 8);
        }
    }

    /** Learns until the bundle does better; gives for how many windows nothing is learned then. */
    private int holding(GuardedPlasticity guarded) {
        learn(guarded, 2, 1, 1);
        learn(guarded, 1, 2, 1);
        assertThat(known.deltas()).isEmpty();
        int held = 0;
        while (learn(guarded, 2, 1, 1).gate() == 0 && held < 100) {
            held++;
        }
        return held;
    }

    @Test
    void aHarderWorldChangesNothing() {
        GuardedPlasticity guarded = comparing(1);
        for (int i = 0; i < 100; i++) {
            learn(guarded, i, i, 1);
        }
        assertThat(learned()).isEqualTo(100);
    }

    /** Minimising the entropy alone would always seem to do better than the bundle. */
    @Test
    void sureOfOneClassForAllIsWorseThanUnsure() {
        Feedback sure = Feedback.ofClasses(new float[] {20, 0}, 2);
        Feedback unsure = Feedback.ofClasses(new float[] {1, 0}, 2);
        assertThat(sure.error()).isLessThan(unsure.error());
        assertThat(sure.amidst(new double[] {1, 1e-9}))
                .isCloseTo(1, within(1e-6))
                .isGreaterThan(unsure.amidst(new double[] {0.5, 0.5}));
        assertThat(sure.amidst(new double[] {0.5, 0.5})).isCloseTo(0, within(1e-6));
    }

    @Test
    void frozenIsFrozenUntilItIsNot() {
        GuardedPlasticity guarded = comparing(1);
        learn(guarded, 0, 0, 1);
        known = guarded.freeze(known, true).after();
        FastWeights frozen = known;
        for (int i = 0; i < 10; i++) {
            assertThat(guarded.probes(known, window(windows))).isEmpty();
            assertThat(learn(guarded, 0, 5, 1).gate()).isZero();
        }
        assertThat(known).isEqualTo(frozen);
        assertThat(guarded.reset(known).after().deltas()).isEmpty();
        known = guarded.freeze(guarded.reset(known).after(), false).after();
        learn(guarded, 0, 0, 1);
        assertThat(learned()).isEqualTo(1);
    }

    @Test
    void withAnotherBundleAllIsForgottenButThatItIsFrozen() {
        GuardedPlasticity guarded = comparing(3);
        assertThat(GuardedPlasticity.startAfresh(FastWeights.none(), "how"))
                .isEqualTo(Lesson.nothing(FastWeights.none()));
        for (int i = 0; i < 20; i++) {
            learn(guarded, 2, 1, 1);
        }
        Lesson afresh = GuardedPlasticity.startAfresh(known, "how");
        assertThat(afresh.after()).isEqualTo(FastWeights.none());
        assertThat(afresh.incidents())
                .containsExactly(new Incident(Incident.Kind.RESET, "how", 20));
        FastWeights frozen = guarded.freeze(known, true).after();
        assertThat(GuardedPlasticity.startAfresh(frozen, "how").after())
                .isEqualTo(guarded.freeze(FastWeights.none(), true).after());
    }

    @Test
    void aCommandRollsBackToTheStateOfATime() {
        GuardedPlasticity guarded = comparing(3);
        for (int i = 0; i < 20; i++) {
            learn(guarded, 2, 1, 1);
        }
        List<Snapshots.Snapshot> kept = new GuardMemory(known).snapshots().kept();
        assertThat(kept).extracting(one -> one.weights().updates()).containsExactly(6L, 12L, 18L);
        assertThat(kept.get(0).timeNanos()).isEqualTo(window(6).endNanos());
        assertThat(guarded.rollBack(known, Long.MAX_VALUE).after().updates()).isEqualTo(18);
        assertThat(guarded.rollBack(known, window(15).endNanos()).after().updates()).isEqualTo(12);
        assertThat(guarded.rollBack(known, 0).after().updates()).isZero();
    }

    /** The bundle's network comes last, out of the rule's sight. */
    @Test
    void aWindowIsComparedAndProbedAtOnce() {
        List<Integer> seen = new ArrayList<>();
        Adder rule =
                new Adder() {
                    @Override
                    public List<FastWeights> probes(FastWeights before, SignalFrame window) {
                        return List.of(before, before);
                    }

                    @Override
                    public Lesson learn(
                            FastWeights before,
                            SignalFrame window,
                            float[] output,
                            List<float[]> probed) {
                        assertThat(probed).containsExactly(new float[] {7}, new float[] {9});
                        seen.add(probed.size());
                        return super.learn(before, window, output, probed);
                    }
                };
        GuardedPlasticity guarded =
                new GuardedPlasticity(rule, compared(new ShadowScore(2, 1, 1, 0, 1), 0));
        float[] output = {5, 1};
        for (int i = 0; i < 4; i++) {
            SignalFrame window = window(windows++);
            List<float[]> probed = new ArrayList<>();
            for (FastWeights probe : guarded.probes(known, window)) {
                // the bundle's network does worse than the stream's, and the rule's probes too
                probed.add(new float[] {probe == FastWeights.none() ? 6 : 7 + 2 * probed.size()});
            }
            assertThat(probed).hasSize(i > 0 && i % 2 == 0 ? 3 : 2);
            known = guarded.learn(known, window, output, probed).after();
        }
        assertThat(seen).hasSize(4);
        SignalFrame window = window(windows++);
        List<float[]> better = List.of(new float[] {7}, new float[] {9}, new float[] {4});
        Lesson lesson = guarded.learn(known, window, output, better);
        assertThat(lesson.incidents())
                .extracting(Incident::kind)
                .containsExactly(Incident.Kind.ROLL_BACK);
    }

    /** As silence and double talk do not. */
    @Test
    void aWindowThatShowsNoErrorIsNotCompared() {
        Adder rule =
                new Adder() {
                    @Override
                    public Judge judge() {
                        return Judge.BLIND;
                    }
                };
        GuardedPlasticity guarded =
                new GuardedPlasticity(rule, compared(new ShadowScore(1, 1, 1, 0, 1), 1));
        for (int i = 0; i < 4; i++) {
            assertThat(guarded.probes(known, window(windows))).isEmpty();
            assertThat(learn(guarded, 0, 9, 1).gate()).isEqualTo(1);
        }
        assertThat(learned()).isEqualTo(4);
    }

    /** Whatever happens to it; and the figure is no larger than what a stream can come to. */
    @Property(tries = 100)
    void aStreamTakesNoMoreThanIsStated(
            @ForAll long seed,
            @ForAll @IntRange(max = 4) int classes,
            @ForAll @IntRange(max = 12) int snapshots,
            @ForAll boolean harmed) {
        Guards guards =
                new Guards(
                        Leash.NONE,
                        new ResetRule(
                                Guards.ALL.reset().gate(), 0.2, 0.01, harmed ? 1.1 : 1e9, 2, 2),
                        new CollapseMonitor(0.1, harmed ? 0.5 : 0),
                        new ShadowScore(1, 1, harmed ? 1 : 9, 0, 2),
                        snapshots,
                        false,
                        1);
        Adder rule =
                new Adder() {
                    @Override
                    public Judge judge() {
                        return Judge.ofAll(
                                classes,
                                (window, output) ->
                                        classes == 0
                                                ? Feedback.of(output[0])
                                                : Feedback.ofClasses(output, classes));
                    }
                };
        FastWeights ofTheRule =
                new FastWeights(1, Map.of("w", new float[1]), Map.of("own", new float[1]));
        long stated = guards.bytes(ofTheRule, classes);
        GuardedPlasticity guarded = new GuardedPlasticity(rule, guards);
        Random chance = new Random(seed);
        FastWeights learned = FastWeights.none();
        long most = 0;
        for (int i = 0; i < 60; i++) {
            float[] output = outputs(chance, 1);
            SignalFrame window = window(i);
            List<float[]> probed =
                    guarded.probes(learned, window).stream()
                            .map(probe -> outputs(chance, harmed ? 1 : 0.1f))
                            .toList();
            learned = guarded.learn(learned, window, output, probed).after();
            long bytes = guarded.freeze(learned, true).after().withoutPending().bytes();
            most = Math.max(most, bytes);
        }
        assertThat(most).isLessThanOrEqualTo(stated);
    }

    private static float[] outputs(Random chance, float size) {
        float[] output = new float[4];
        for (int i = 0; i < output.length; i++) {
            output[i] = size * chance.nextFloat();
        }
        return output;
    }

    @Test
    void whatIsStatedIsWhatAStreamComesTo() {
        Guards guards =
                new Guards(
                        Leash.NONE,
                        Guards.ALL.reset(),
                        Guards.ALL.collapse(),
                        new ShadowScore(1, 0.05, 9, 9, 1),
                        12,
                        false,
                        1);
        GuardedPlasticity guarded = new GuardedPlasticity(new Classes(), guards);
        for (int i = 0; i < 20; i++) {
            learn(guarded, 0, i % 2 == 0 ? 9 : 0, i % 2 == 0 ? 0 : 9);
        }
        GuardMemory memory = new GuardMemory(known);
        memory.hold(1);
        known = memory.with(known);
        FastWeights ofTheRule =
                new FastWeights(1, Map.of("w", new float[1]), Map.of("own", new float[1]));
        // The numbers of snapshots have one figure or two, in three names each.
        assertThat(guarded.freeze(known, true).after().withoutPending().bytes())
                .isBetween(
                        (int) guards.bytes(ofTheRule, 2) - 12 * 3,
                        (int) guards.bytes(ofTheRule, 2));
    }

    /** What was good while the signal was elsewhere is of no use when it goes there again. */
    @Test
    void whereTheRuleGoesBackItselfNothingOfWhatItLeftIsKept() {
        Guards guards = compared(new ShadowScore(2, 1, 1, 0, 3), 3);
        GuardedPlasticity guarded = new GuardedPlasticity(new GoingBack(), guards);
        for (int i = 0; i < 8; i++) {
            learn(guarded, 2, 1, 1);
        }
        assertThat(new GuardMemory(known).snapshots().kept()).isNotEmpty();
        learn(guarded, 2, 1, 0);
        assertThat(known.deltas()).isEmpty();
        assertThat(new GuardMemory(known).snapshots().kept()).isEmpty();
        incidents.clear();
        learn(guarded, 2, 1, 1);
        assertThat(incidents).extracting(Incident::kind).containsExactly(Incident.Kind.DRIFT);
    }
}
