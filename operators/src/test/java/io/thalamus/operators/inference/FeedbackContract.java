/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.adaptation.CollapseMonitor;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.GuardedPlasticity;
import io.thalamus.operators.adaptation.Guards;
import io.thalamus.operators.adaptation.Leash;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.adaptation.ResetRule;
import io.thalamus.operators.adaptation.ShadowScore;
import io.thalamus.operators.inference.AdaptationSettings.Rule;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every network keeps, besides, whose streams learn from the errors that windows show. */
public abstract class FeedbackContract extends HomeostatContract {
    /** No other guard. */
    private static final Guards GATE =
            new Guards(
                    Leash.NONE,
                    ResetRule.NONE,
                    CollapseMonitor.NONE,
                    Guards.NONE.shadow(),
                    0,
                    true,
                    1);

    /** What the first layer's weights are called. */
    protected abstract Set<String> firstLayer();

    /** What is behind it. */
    protected Set<String> modulator() {
        return Set.of("modulator.gain", "modulator.offset");
    }

    private static AdaptationSettings nhl(double rate, double hebbianRate, int batch, int budget) {
        return new AdaptationSettings(
                Rule.NHL,
                /* alpha= */ 1,
                rate,
                hebbianRate,
                batch,
                GATE,
                budget,
                AdaptationSettings.BUDGET);
    }

    private static AdaptationSettings nhl(double rate, double hebbianRate) {
        return nhl(rate, hebbianRate, 1, AdaptationSettings.BUDGET);
    }

    /** A stream that learns, window by window from an empty carried state. */
    private final class Learner implements AutoCloseable {
        private final StreamModel model;
        private final LearningModel learning;
        private FastWeights known = FastWeights.none();

        Learner(GraphEngine engine, AdaptationSettings settings) {
            ModelBundle bundle = calibrated(engine);
            model = factory().open(bundle, engine, settings);
            Plasticity plasticity = factory().plasticity(bundle, engine, settings);
            learning =
                    new LearningModel(model, new GuardedPlasticity(plasticity, settings.guards()));
        }

        FastWeights learn(SignalFrame window) {
            ModelInput input = new ModelInput(window, CarriedState.empty(), known);
            known = learning.infer(List.of(input)).get(0).lesson().after();
            return known;
        }

        @Override
        public void close() {
            learning.close();
            model.close();
        }
    }

    private List<SignalFrame> wornWindows(int count) {
        ModelSignature form = factory().signature(given());
        return IntStream.range(0, count)
                .mapToObj(i -> window(form, worn(samples(form, random))))
                .toList();
    }

    /** Down the slope of the very error that guards watch. */
    @Test
    final void theModulatorTakesTheErrorDown() {
        try (GraphEngine engine = openEngine();
                Learner learner = new Learner(engine, nhl(0.01, 0))) {
            SignalFrame window = wornWindows(1).get(0);
            Plasticity rule = factory().plasticity(calibrated(engine), engine, nhl(0.01, 0));
            double first = error(rule, learner, window);
            for (int i = 0; i < 60; i++) {
                learner.learn(window);
            }
            assertThat(learner.known.updates()).isEqualTo(59);
            assertThat(learner.known.deltas().keySet()).isEqualTo(modulator());
            assertThat(error(rule, learner, window)).isLessThan(first);
        }
    }

    private double error(Plasticity rule, Learner learner, SignalFrame window) {
        float[] output = infer(learner.model, window, learner.known);
        return rule.judge().feedback(window, output).error();
    }

    @Test
    final void theFirstLayerLearnsFromSurprises() {
        try (GraphEngine engine = openEngine();
                Learner learner = new Learner(engine, nhl(0, 0.5))) {
            SignalFrame last = null;
            for (SignalFrame window : wornWindows(12)) {
                learner.learn(window);
                last = window;
            }
            assertThat(learner.known.updates()).isBetween(1L, 10L);
            assertThat(learner.known.deltas()).containsOnlyKeys(firstLayer());
            assertThat(infer(learner.model, last, learner.known))
                    .isNotEqualTo(infer(learner.model, last, FastWeights.none()));
        }
    }

    @Test
    final void streamsOfABatchHaveFirstLayersOfTheirOwn() {
        try (GraphEngine engine = openEngine();
                Learner learner = new Learner(engine, nhl(0.01, 0.5))) {
            List<SignalFrame> windows = wornWindows(8);
            List<FastWeights> known = new ArrayList<>();
            for (SignalFrame window : windows) {
                known.add(learner.learn(window));
            }
            List<ModelInput> batch = new ArrayList<>();
            for (int i = 0; i < known.size(); i++) {
                batch.add(new ModelInput(windows.get(0), CarriedState.empty(), known.get(i)));
            }
            List<ModelOutput> together = learner.model.infer(batch);
            for (int i = 0; i < known.size(); i++) {
                assertThat(together.get(i).values())
                        .isEqualTo(infer(learner.model, windows.get(0), known.get(i)));
            }
            assertThat(together.get(7).values()).isNotEqualTo(together.get(0).values());
        }
    }

    /** Some are probed, some compared with the bundle's network, some both, some neither. */
    @Test
    final void whatABatchTeachesIsWhatEachTeachesAlone() {
        AdaptationSettings settings =
                new AdaptationSettings(
                        Rule.NHL,
                        /* alpha= */ 1,
                        0.01,
                        0.5,
                        /* batch= */ 2,
                        new Guards(
                                Leash.NONE,
                                ResetRule.NONE,
                                CollapseMonitor.NONE,
                                new ShadowScore(3, 0.2, 9, 9, 9),
                                1,
                                true,
                                1),
                        AdaptationSettings.BUDGET,
                        AdaptationSettings.BUDGET);
        try (GraphEngine engine = openEngine();
                Learner learner = new Learner(engine, settings)) {
            List<SignalFrame> windows = wornWindows(9);
            List<ModelInput> batch = new ArrayList<>();
            Set<Integer> probes = new HashSet<>();
            for (SignalFrame window : windows) {
                probes.add(learner.learning.plasticity().probes(learner.known, window).size());
                batch.add(new ModelInput(window, CarriedState.empty(), learner.known));
                learner.learn(window);
            }
            assertThat(probes).containsExactlyInAnyOrder(0, 1, 2, 3);
            List<LearningModel.Result> together = learner.learning.infer(batch);
            for (int i = 0; i < batch.size(); i++) {
                LearningModel.Result alone = learner.learning.infer(batch.subList(i, i + 1)).get(0);
                assertThat(together.get(i).output().values()).isEqualTo(alone.output().values());
                assertThat(together.get(i).lesson()).isEqualTo(alone.lesson());
            }
        }
    }

    @Test
    final void feedbackGoesOnWhereItHasStopped() throws IOException {
        AdaptationSettings settings = nhl(0.01, 0.5, 2, AdaptationSettings.BUDGET);
        List<SignalFrame> windows = wornWindows(9);
        List<FastWeights> inOne = new ArrayList<>();
        List<FastWeights> inParts = new ArrayList<>();
        try (GraphEngine engine = openEngine()) {
            try (Learner learner = new Learner(engine, settings)) {
                windows.forEach(window -> inOne.add(learner.learn(window)));
            }
            FastWeights known = FastWeights.none();
            for (SignalFrame window : windows) {
                try (Learner learner = new Learner(engine, settings)) {
                    learner.known = stored(known);
                    known = learner.learn(window);
                    inParts.add(known);
                }
            }
        }
        assertThat(inParts).isEqualTo(inOne);
        assertThat(inOne.get(8).updates()).as("every second window").isEqualTo(4);
    }

    @Test
    final void uninformativeWindowsAreNotProbed() {
        try (GraphEngine engine = openEngine();
                Learner learner = new Learner(engine, nhl(0.01, 0.5))) {
            wornWindows(3).forEach(learner::learn);
            FastWeights known = learner.known;
            ModelSignature form = factory().signature(given());
            for (float[] other : uninformative(samples(form, random))) {
                SignalFrame window = window(form, other);
                assertThat(learner.learning.plasticity().probes(known, window)).isEmpty();
                learner.known = known;
                assertThat(learner.learn(window).deltas()).isEqualTo(known.deltas());
                assertThat(learner.known.memory())
                        .as("the gate's statistics")
                        .containsEntry("shift.mean", known.memory().get("shift.mean"))
                        .containsEntry("shift.variance", known.memory().get("shift.variance"));
            }
        }
    }

    @Test
    final void withoutAGateASignalAsInTrainingTeachesToo() {
        AdaptationSettings gated = nhl(0.01, 0);
        AdaptationSettings open = gated.withGuards(Guards.NONE);
        ModelSignature form = factory().signature(given());
        SignalFrame window = window(form, worn(samples(form, random)));
        try (GraphEngine engine = openEngine();
                Learner behind = new Learner(engine, gated);
                Learner before = new Learner(engine, open)) {
            assertThat(behind.learn(window).updates()).isZero();
            assertThat(before.learn(window).updates()).isEqualTo(1);
            assertThat(before.known.memory()).doesNotContainKey("shift.mean");
        }
    }

    @Test
    final void aFilterThatNothingReadsIsRefused() {
        AdaptationSettings all = nhl(0.01, 0);
        AdaptationSettings filtered =
                all.withGuards(
                        new Guards(
                                GATE.leash(),
                                GATE.reset(),
                                GATE.collapse(),
                                GATE.shadow(),
                                GATE.snapshots(),
                                GATE.gate(),
                                /* filter= */ 0.4));
        try (GraphEngine engine = openEngine()) {
            ModelBundle bundle = calibrated(engine);
            factory().checkAdaptation(bundle, all);
            assertThatThrownBy(() -> factory().checkAdaptation(bundle, filtered))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("adaptation.entropy-filter");
        }
    }

    /** With the least budget that gains and offsets fit into. */
    @Test
    final void aFirstLayerThatDoesNotFitStays() {
        try (GraphEngine engine = openEngine()) {
            ModelBundle bundle = calibrated(engine);
            assertThat(factory().plasticity(bundle, engine, nhl(0.01, 0.5)).source())
                    .containsKeys(firstLayer().toArray(String[]::new));
            int fits = Budgets.leastWeights(factory(), bundle, nhl(0.01, 0));
            assertThat(Budgets.leastWeights(factory(), bundle, nhl(0.01, 0.5))).isEqualTo(fits);
            assertThat(factory().plasticity(bundle, engine, nhl(0.01, 0.5, 1, fits)).source())
                    .doesNotContainKeys(firstLayer().toArray(String[]::new));
        }
    }

    /** Nothing but the first layer's weights, then nothing but what is behind it, then both. */
    @Override
    protected Stream<AdaptationSettings> learning() {
        return Stream.of(nhl(0, 0.5), nhl(0.01, 0), nhl(0.01, 0.5, 2, AdaptationSettings.BUDGET))
                .map(settings -> settings.withGuards(busy(/* gate= */ true)));
    }
}
