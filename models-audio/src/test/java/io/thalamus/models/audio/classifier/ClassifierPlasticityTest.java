/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.models.audio.classifier.ClassifierStep.Modulators;
import io.thalamus.operators.adaptation.Axis;
import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.EntropyFilter;
import io.thalamus.operators.adaptation.EntropyLoss;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.FastWeightsFormat;
import io.thalamus.operators.adaptation.GuardedPlasticity;
import io.thalamus.operators.adaptation.Guards;
import io.thalamus.operators.adaptation.HebbianLayer;
import io.thalamus.operators.adaptation.HebbianRule;
import io.thalamus.operators.adaptation.Leash;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.operators.adaptation.Normalisation;
import io.thalamus.operators.adaptation.Patches;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.adaptation.ShadowScore;
import io.thalamus.operators.adaptation.ShiftGate;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.Budgets;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What streams learn by statistics, entropy and the soft Hebbian rule. */
class ClassifierPlasticityTest {
    private static final GraphEngine ENGINE = GraphEngines.open(GraphEngines.DEFAULT);
    private static final int BANDS = 6;
    private static final int FRAMES = 21;
    private static final int SIZE = BANDS * FRAMES;
    private static final int CLASSES = 3;
    private static final int NEURONS = 8;
    private static final int BATCH = 4;
    private static final double ALPHA = 0.3;
    private static final float STEP = 0.004f;
    private static final float[] OUTPUT = new float[CLASSES + 2 * NEURONS];

    private final ClassifierFactory factory = new ClassifierFactory();
    private final SplittableRandom random = new SplittableRandom(5);

    @AfterAll
    static void closeEngine() {
        ENGINE.close();
    }

    static Stream<Arguments> rules() {
        return Stream.of(
                Arguments.of(TestClassifiers.BATCH_NORM, AdaptationSettings.statistics()),
                Arguments.of(TestClassifiers.BATCH_NORM, AdaptationSettings.tent()),
                Arguments.of(TestClassifiers.BATCH_NORM, AdaptationSettings.nhl()),
                Arguments.of(TestClassifiers.BATCH_NORM, AdaptationSettings.nhlFirst()),
                Arguments.of(TestClassifiers.GROUP_NORM, AdaptationSettings.tent()),
                Arguments.of(TestClassifiers.GROUP_NORM, AdaptationSettings.nhl()),
                Arguments.of(TestClassifiers.GROUP_NORM, AdaptationSettings.nhlFirst()));
    }

    /** Of one gain or offset after the other, by central differences. */
    @ParameterizedTest
    @ValueSource(strings = {TestClassifiers.BATCH_NORM, TestClassifiers.GROUP_NORM})
    void modulatorsFollowTheGradientOfTheEntropy(String bundle) {
        float[] features = noise(BATCH);
        try (ClassifierStep step = step(bundle, 0, Modulators.ALL)) {
            FastWeights after = learn(step, features, FastWeights.none());
            float[] first = after.memory().get("adam.first");
            double distance = 0;
            int at = 0;
            for (String name : List.of("n1.weight", "n1.bias", "n2.weight", "n2.bias")) {
                int channels = after.deltas().get(name).length;
                for (int k = 0; k < channels; k++) {
                    double slope =
                            (entropy(step, features, name, channels, k, STEP)
                                            - entropy(step, features, name, channels, k, -STEP))
                                    / (2 * STEP);
                    distance += Math.pow(first[at++] / 0.1 - slope, 2);
                }
            }
            assertThat(at).isEqualTo(first.length);
            double norm = Leash.norm(first) / 0.1;
            assertThat(norm).isGreaterThan(0.1);
            assertThat(Math.sqrt(distance)).isLessThan(0.005 * norm);
        }
    }

    /** Of groups alone, as a batch's statistics would be of all of its windows. */
    @Test
    void modulatorsFollowOnlyWindowsBelowTheFilter() {
        float[] features = noise(BATCH);
        double[] entropies;
        try (ClassifierStep all = step(TestClassifiers.GROUP_NORM, 0, Modulators.ALL)) {
            System.arraycopy(features, 0, all.features().data(), 0, features.length);
            EntropyLoss loss = new EntropyLoss(CLASSES, EntropyFilter.NONE);
            loss.measure(all.learn(FastWeights.none()).logits(), BATCH);
            entropies = Arrays.copyOf(loss.entropies(), BATCH);
        }
        double[] sorted = entropies.clone();
        Arrays.sort(sorted);
        double limit = (sorted[1] + sorted[2]) / 2;
        float[] sure = new float[2 * SIZE];
        int kept = 0;
        for (int i = 0; i < BATCH; i++) {
            if (entropies[i] < limit) {
                System.arraycopy(features, i * SIZE, sure, kept++ * SIZE, SIZE);
            }
        }
        double share = limit / Math.log(CLASSES);
        try (ClassifierStep filtered = step(TestClassifiers.GROUP_NORM, BATCH, 0.1, share);
                ClassifierStep none = step(TestClassifiers.GROUP_NORM, BATCH, 0.1, 1e-6)) {
            FastWeights after = learn(none, features, FastWeights.none());
            assertThat(after.deltas()).containsOnlyKeys("conv1.weight");
            assertThat(after.memory()).isEmpty();
            after = learn(filtered, features, FastWeights.none());
            assertThat(after.deltas()).containsKeys("conv1.weight", "n1.weight", "n2.bias");
        }
        try (ClassifierStep filtered = step(TestClassifiers.GROUP_NORM, BATCH, 0, share);
                ClassifierStep two = step(TestClassifiers.GROUP_NORM, 2, 0, 1)) {
            float[] first =
                    learn(filtered, features, FastWeights.none()).memory().get("adam.first");
            assertThat(Leash.norm(first)).isGreaterThan(0.001);
            assertThat(first)
                    .containsExactly(
                            learn(two, sure, FastWeights.none()).memory().get("adam.first"),
                            within(1e-6f));
        }
    }

    /** A network whose statistics are on their way is less sure for a while. */
    @Test
    void onlyRunningStatisticsBearToBeWorse() {
        ShadowScore given = AdaptationSettings.nhl().guards().shadow();
        for (AdaptationSettings rule :
                List.of(
                        AdaptationSettings.tent(),
                        AdaptationSettings.nhl(),
                        AdaptationSettings.nhlFirst())) {
            try (Plasticity batch = plasticity(TestClassifiers.BATCH_NORM, rule);
                    Plasticity group = plasticity(TestClassifiers.GROUP_NORM, rule)) {
                assertThat(batch.shadow(given)).isEqualTo(given);
                assertThat(group.shadow(given)).isEqualTo(given.strict()).isNotEqualTo(given);
            }
        }
    }

    private static double entropy(
            ClassifierStep step, float[] features, String name, int size, int k, float distance) {
        float[] delta = new float[size];
        delta[k] = distance;
        System.arraycopy(features, 0, step.features().data(), 0, features.length);
        double[] logits = step.learn(new FastWeights(0, Map.of(name, delta), Map.of())).logits();
        EntropyLoss loss = new EntropyLoss(CLASSES, EntropyFilter.NONE);
        loss.measure(logits, BATCH);
        return loss.loss();
    }

    /** The engine's first layer against the one in plain Java, over three batches. */
    @Test
    void theFirstLayerLearnsByTheSoftHebbianRule() {
        ModelBundle bundle = TestClassifiers.bundle(TestClassifiers.GROUP_NORM);
        float[] weights = bundle.weights().tensor("conv1.weight").data().clone();
        float[] source = weights.clone();
        int kernel = weights.length / NEURONS / BANDS;
        HebbianLayer layer =
                new HebbianLayer(
                        Patches.overTime(BANDS, new Axis(FRAMES, kernel, 1, kernel / 2, 1)),
                        NEURONS,
                        new HebbianRule(
                                1,
                                HebbianRule.Competition.RAW,
                                HebbianRule.Sign.SOFT,
                                HebbianRule.Target.UNIT,
                                HebbianRule.Scale.NONE));
        FastWeights learned = FastWeights.none();
        try (ClassifierStep step = step(TestClassifiers.GROUP_NORM, 0.1, Modulators.FIRST)) {
            for (int batch = 0; batch < 3; batch++) {
                float[] features = noise(BATCH);
                learned = learn(step, features, learned);
                double[] change = layer.change(weights, new double[NEURONS], features, BATCH);
                for (int i = 0; i < weights.length; i++) {
                    weights[i] += 0.1 * change[i];
                    assertThat(source[i] + learned.deltas().get("conv1.weight")[i])
                            .isCloseTo(weights[i], within(1e-5f));
                }
            }
        }
        assertThat(Leash.norm(learned.deltas().get("conv1.weight"))).isGreaterThan(0.01);
    }

    /** The gradient of a second step, from a stream that knows the same but not of a first step. */
    @Test
    void theOptimiserRemembersEachStream() {
        float[] features = noise(2 * BATCH);
        float[] second = Arrays.copyOfRange(features, BATCH * SIZE, 2 * BATCH * SIZE);
        try (ClassifierStep step = step(TestClassifiers.GROUP_NORM, 0, Modulators.ALL)) {
            FastWeights one =
                    learn(step, Arrays.copyOf(features, BATCH * SIZE), FastWeights.none());
            float[] two = learn(step, second, one).memory().get("adam.first");
            FastWeights forgetful = new FastWeights(1, one.deltas(), Map.of());
            float[] fresh = learn(step, second, forgetful).memory().get("adam.first");
            for (int i = 0; i < two.length; i++) {
                float mean = 0.9f * one.memory().get("adam.first")[i] + fresh[i];
                assertThat(two[i]).isCloseTo(mean, within(1e-7f));
            }
        }
    }

    /** The bundles of these tests have none. */
    @Test
    void ownWeightsKeepTheBiasOfTheFirstLayer() {
        float[] weights = noise(1);
        float[] bias = {0.5f, -2};
        Columns columns = new Columns(3, 9, 7, 3);
        Parameter weight = new Parameter("conv.weight", Arrays.copyOf(weights, 2 * 3 * 7));
        FirstLayer layer = new FirstLayer(weight, bias, columns);
        layer.open(ENGINE);
        Tensor window = Tensor.of(Arrays.copyOfRange(weights, 50, 50 + 27), 1, 3, 1, 9);
        FastWeights own =
                new FastWeights(1, Map.of("conv.weight", new float[weight.source().length]));
        float[] shared = layer.forward(window, List.of(FastWeights.none())).data().clone();
        assertThat(Arrays.copyOf(layer.forward(window, List.of(own)).data(), 18))
                .containsExactly(Arrays.copyOf(shared, 18), within(1e-5f));
        try (HebbianConvolution hebbian = new HebbianConvolution(ENGINE, layer, 1, 1e-9)) {
            assertThat(Arrays.copyOf(hebbian.learn(weight.source(), window).data(), 18))
                    .containsExactly(Arrays.copyOf(shared, 18), within(1e-5f));
        }
        layer.close();
    }

    /** A batch is predicted the same by the weights of its stream and while it teaches them. */
    @ParameterizedTest
    @ValueSource(strings = {TestClassifiers.BATCH_NORM, TestClassifiers.GROUP_NORM})
    void predictsByWhatHasBeenLearned(String bundle) {
        float[] features = noise(BATCH);
        try (ClassifierStep step = step(bundle, 0.1, Modulators.NONE)) {
            System.arraycopy(features, 0, step.features().data(), 0, features.length);
            ClassifierStep.Outcome outcome = step.learn(FastWeights.none());
            assertThat(step.predict(outcome.after()))
                    .containsExactly(outcome.logits(), within(1e-5));
            assertThat(step.predict(FastWeights.none())).isNotEqualTo(outcome.logits());
        }
    }

    /** Three streams that take turns, one of which is kept away and brought back at each window. */
    @ParameterizedTest
    @MethodSource("rules")
    void aBatchGathersInWhatItsStreamRemembers(String bundle, AdaptationSettings rule)
            throws IOException {
        List<SignalFrame> windows = new ArrayList<>();
        for (int i = 0; i < 3 * BATCH; i++) {
            windows.add(window(noise(1)));
        }
        List<FastWeights> alone = new ArrayList<>();
        try (Plasticity plasticity = plasticity(bundle, rule)) {
            FastWeights learned = FastWeights.none();
            for (SignalFrame window : windows) {
                Lesson lesson = plasticity.learn(learned, window, OUTPUT, List.of());
                learned = lesson.after();
                alone.add(learned);
                boolean full = alone.size() % BATCH == 0;
                assertThat(lesson.gate()).isEqualTo(full ? 1 : 0);
                assertThat(learned.updates()).isEqualTo(alone.size() / BATCH);
                assertThat(learned.memory().containsKey("pending/0")).isEqualTo(!full);
            }
        }
        FastWeights learned = FastWeights.none();
        FastWeights other = FastWeights.none();
        for (int i = 0; i < windows.size(); i++) {
            try (Plasticity plasticity = plasticity(bundle, rule)) {
                other = plasticity.learn(other, window(noise(1)), OUTPUT, List.of()).after();
                learned =
                        plasticity
                                .learn(stored(learned), windows.get(i), OUTPUT, List.of())
                                .after();
                assertThat(learned).isEqualTo(alone.get(i));
                assertThat(other).isNotEqualTo(learned);
            }
        }
    }

    /** As from a savepoint of a pipeline that had a larger one. */
    @Test
    void aSmallerBatchTakesTheLastOfThoseThatWait() {
        AdaptationSettings nhl = AdaptationSettings.nhl();
        AdaptationSettings smaller = TestClassifiers.settings(nhl, 2);
        List<SignalFrame> windows =
                IntStream.range(0, BATCH - 1).mapToObj(i -> window(noise(1))).toList();
        FastWeights many = FastWeights.none();
        try (Plasticity plasticity = plasticity(TestClassifiers.BATCH_NORM, nhl)) {
            for (SignalFrame window : windows) {
                many = plasticity.learn(many, window, OUTPUT, List.of()).after();
            }
        }
        SignalFrame last = window(noise(1));
        ModelBundle bundle = TestClassifiers.bundle(TestClassifiers.BATCH_NORM);
        try (Plasticity plasticity = ungated(bundle, ENGINE, smaller)) {
            FastWeights few =
                    plasticity
                            .learn(FastWeights.none(), windows.get(BATCH - 2), OUTPUT, List.of())
                            .after();
            FastWeights expected = plasticity.learn(few, last, OUTPUT, List.of()).after();
            assertThat(expected.updates()).isEqualTo(1);
            assertThat(plasticity.learn(many, last, OUTPUT, List.of()).after()).isEqualTo(expected);
        }
    }

    private static FastWeights stored(FastWeights weights) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FastWeightsFormat.write(new BoundWeights(weights, ""), new DataOutputStream(bytes));
        return FastWeightsFormat.read(
                        new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())))
                .weights();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void whatIsNoNumberTeachesNothing(String bundle, AdaptationSettings rule) {
        try (Plasticity plasticity = plasticity(bundle, rule)) {
            FastWeights before =
                    plasticity
                            .learn(FastWeights.none(), window(noise(1)), OUTPUT, List.of())
                            .after();
            float[] gap = noise(1);
            gap[7] = Float.NaN;
            float[] strange = OUTPUT.clone();
            strange[1] = Float.NEGATIVE_INFINITY;
            assertThat(plasticity.learn(before, window(gap), OUTPUT, List.of()).after())
                    .isSameAs(before);
            assertThat(plasticity.learn(before, window(noise(1)), strange, List.of()).after())
                    .isSameAs(before);
        }
    }

    /** Values so large that sums of their squares are infinite. */
    @ParameterizedTest
    @MethodSource("rules")
    void aStepToWhatIsNoNumberIsNotTaken(String bundle, AdaptationSettings rule) {
        float[] huge = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            huge[i] = i % 2 == 0 ? 1e38f : -1e38f;
        }
        try (Plasticity plasticity = plasticity(bundle, rule)) {
            FastWeights learned = FastWeights.none();
            for (int i = 0; i < 2 * BATCH; i++) {
                float[] samples = i < BATCH ? noise(1) : huge;
                learned = plasticity.learn(learned, window(samples), OUTPUT, List.of()).after();
            }
            if (bundle.equals(TestClassifiers.BATCH_NORM)) {
                assertThat(learned.updates()).isEqualTo(1); // groups are scaled, however large
            }
            assertThat(learned.memory()).doesNotContainKey("pending/0");
            learned.deltas()
                    .values()
                    .forEach(
                            delta -> {
                                for (float value : delta) {
                                    assertThat(value).isFinite();
                                }
                            });
        }
    }

    /** All of the deltas and moments and what a gate keeps, also of two snapshots. */
    @Test
    void weightsBeyondTheBudgetDoNotLearn() {
        AdaptationSettings nhl = TestClassifiers.settings(AdaptationSettings.nhl(), 1);
        FastWeights most = learned(nhl);
        assertThat(most.deltas()).containsKeys("conv1.weight", "n1.weight", "n2.running_var");
        FastWeights gated = ShiftGate.most(most, NEURONS);
        int named = "nhl".length() + Integer.BYTES;
        int bytes = (int) nhl.guards().bytes(gated, CLASSES) + named;
        assertThat(learned(Budgets.weights(nhl, bytes))).isEqualTo(most);
        assertThat(learned(Budgets.weights(nhl, bytes - 1)).deltas())
                .containsKeys("n1.weight", "n2.running_var")
                .doesNotContainKey("conv1.weight");
        assertThatThrownBy(() -> learned(Budgets.weights(nhl, 1000)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("more than the 1000 of adaptation.weight-budget");
    }

    /** Behind a gate, and with all that guards keep. */
    @ParameterizedTest
    @MethodSource("rules")
    void noStreamTakesMoreThanTheLeastBudget(String name, AdaptationSettings rule) {
        ModelBundle bundle = TestClassifiers.bundle(name);
        AdaptationSettings settings =
                TestClassifiers.settings(rule, 2)
                        .withAlpha(1)
                        .withGuards(
                                new Guards(
                                        Leash.NONE,
                                        Guards.ALL.reset(),
                                        Guards.ALL.collapse(),
                                        new ShadowScore(1, 1, 9, 9, 1),
                                        2,
                                        true,
                                        1));
        int least = Budgets.leastWeights(factory, bundle, settings);
        float[] shifted = OUTPUT.clone();
        Arrays.fill(shifted, CLASSES, shifted.length, 50);
        FastWeights known = FastWeights.none();
        try (GuardedPlasticity guarded =
                new GuardedPlasticity(
                        factory.plasticity(bundle, ENGINE, Budgets.weights(settings, least)),
                        settings.guards())) {
            for (int i = 0; i < 12; i++) {
                SignalFrame window = window(noise(1));
                List<float[]> probed =
                        guarded.probes(known, window).stream().map(probe -> shifted).toList();
                known = guarded.learn(known, window, shifted, probed).after();
                FastWeights kept = guarded.freeze(known, true).after().withoutPending();
                assertThat(new BoundWeights(kept, "", settings.rule().preset()).bytes())
                        .isLessThanOrEqualTo(least);
            }
        }
        assertThat(known.updates()).isPositive();
    }

    /** From one window, the same each time. */
    private FastWeights learned(AdaptationSettings settings) {
        float[] samples = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            samples[i] = (float) Math.cos(i * i);
        }
        try (Plasticity plasticity =
                ungated(TestClassifiers.bundle(TestClassifiers.BATCH_NORM), ENGINE, settings)) {
            return plasticity.learn(FastWeights.none(), window(samples), OUTPUT, List.of()).after();
        }
    }

    /** A leash holds weights, and lets statistics go where the signal is. */
    @Test
    void sayWhatIsHeldNearTheBundle() {
        try (Plasticity nhl = plasticity(TestClassifiers.BATCH_NORM, AdaptationSettings.nhl());
                Plasticity statistics =
                        plasticity(TestClassifiers.BATCH_NORM, AdaptationSettings.statistics())) {
            assertThat(nhl.source())
                    .containsOnlyKeys(
                            "conv1.weight", "n1.weight", "n1.bias", "n2.weight", "n2.bias");
            assertThat(statistics.source())
                    .containsOnlyKeys(
                            "n1.running_mean",
                            "n1.running_var",
                            "n2.running_mean",
                            "n2.running_var");
            assertThat(nhl.judge().of(window(noise(1)), OUTPUT))
                    .hasValueSatisfying(
                            feedback -> assertThat(feedback.classes()).hasSize(CLASSES));
        }
    }

    @Test
    void sayWhatCannotBeLearned() {
        ModelBundle groups = TestClassifiers.bundle(TestClassifiers.GROUP_NORM);
        objects(groups, AdaptationSettings.statistics(), "has no batch normalisation");
        objects(groups, AdaptationSettings.delayedError(), "do not learn by DELAYED_ERROR; give");
        AdaptationSettings many = TestClassifiers.settings(AdaptationSettings.tent(), 700);
        objects(groups, many, "of adaptation.pending-budget");
    }

    private void objects(ModelBundle bundle, AdaptationSettings settings, String message) {
        assertThatThrownBy(() -> factory.checkAdaptation(bundle, settings))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    /** The rule itself, without the gate before it. */
    private static Plasticity ungated(
            ModelBundle bundle, GraphEngine engine, AdaptationSettings settings) {
        return BatchRule.open(ClassifierConfig.of(bundle.config()), bundle, engine, settings);
    }

    private Plasticity plasticity(String bundle, AdaptationSettings rule) {
        return ungated(
                TestClassifiers.bundle(bundle), ENGINE, TestClassifiers.settings(rule, BATCH));
    }

    private static ClassifierStep step(String name, double hebbianRate, Modulators modulators) {
        return step(name, BATCH, hebbianRate, modulators, 1);
    }

    private static ClassifierStep step(
            String name, int windows, double hebbianRate, double filter) {
        return step(name, windows, hebbianRate, Modulators.ALL, filter);
    }

    private static ClassifierStep step(
            String name, int windows, double hebbianRate, Modulators modulators, double filter) {
        ModelBundle bundle = TestClassifiers.bundle(name);
        var network =
                new ClassifierNetwork(
                        ClassifierConfig.of(bundle.config()), bundle, ENGINE, /* learns= */ true);
        return new ClassifierStep(
                network,
                ENGINE,
                new ClassifierStep.Settings(
                        windows, hebbianRate, modulators, 0.05, Normalisation.EMA, ALPHA, filter));
    }

    private static FastWeights learn(ClassifierStep step, float[] features, FastWeights before) {
        System.arraycopy(features, 0, step.features().data(), 0, features.length);
        return step.learn(before).after();
    }

    private float[] noise(int windows) {
        float[] samples = new float[windows * SIZE];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (2 * random.nextDouble() - 1 + Math.sin(i / 5.0));
        }
        return samples;
    }

    private static SignalFrame window(float[] samples) {
        return TestStream.of("digits")
                .withChannels(BANDS)
                .frame(0, FRAMES)
                .withSamples(Arrays.copyOf(samples, SIZE), 0);
    }
}
