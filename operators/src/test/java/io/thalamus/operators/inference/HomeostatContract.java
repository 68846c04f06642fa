/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.FastWeightsFormat;
import io.thalamus.operators.adaptation.Guards;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.adaptation.ShadowScore;
import io.thalamus.schemas.SignalFrame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every network keeps whose streams have gains and offsets behind the first layer. */
public abstract class HomeostatContract extends ModelContract {
    private static final AdaptationSettings QUICK = AdaptationSettings.homeostat().withAlpha(0.5);
    protected static final AdaptationSettings AT_ONCE = AdaptationSettings.homeostat().withAlpha(1);

    @TempDir Path folder;
    protected final SplittableRandom random = new SplittableRandom(161803);
    private ModelBundle calibrated;
    private float[] output;

    /** What makes the model. */
    protected abstract ModelFactory factory();

    /** A bundle without statistics of the training. */
    protected abstract ModelBundle given();

    /** The same as another device, or a worn one, would have it. */
    protected float[] worn(float[] samples) {
        float[] louder = samples.clone();
        for (int i = 0; i < louder.length; i++) {
            louder[i] *= 5;
        }
        return louder;
    }

    /** Windows that teach nothing. */
    protected abstract List<float[]> uninformative(float[] samples);

    @Override
    protected final StreamModel open(GraphEngine on) {
        return factory().open(calibrated(on), on);
    }

    protected final ModelBundle calibrated(GraphEngine on) {
        if (calibrated == null) {
            ModelSignature form = factory().signature(given());
            List<float[]> windows = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                windows.add(samples(form, random));
            }
            calibrated = calibrated(on, "calibrated", windows);
        }
        return calibrated;
    }

    protected final ModelBundle calibrated(GraphEngine on, String name, List<float[]> windows) {
        try {
            Path place = Files.createDirectories(folder.resolve(name));
            ModelBundle bundle = BundleFiles.changed(place, given(), config -> {});
            try (Calibration calibration = factory().calibrate(bundle, on)) {
                ModelSignature form = factory().signature(bundle);
                windows.forEach(samples -> calibration.add(window(form, samples)));
                SafetensorsWriter.write(
                        place.resolve(ModelBundle.SOURCE_STATISTICS), calibration.statistics());
            }
            return bundle;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    protected static SignalFrame window(ModelSignature form, float[] samples) {
        List<String> channels = IntStream.range(0, form.channels()).mapToObj(c -> "c" + c).toList();
        return new SignalFrame("s", 0, 0, 0, form.rate(), channels, samples, 0);
    }

    protected static float[] infer(StreamModel model, SignalFrame window, FastWeights learned) {
        ModelInput input = new ModelInput(window, CarriedState.empty(), learned);
        return model.infer(List.of(input)).get(0).values();
    }

    /** From statistics by chance. */
    @Override
    protected final FastWeights fastWeights(
            GraphEngine on, SignalFrame window, SplittableRandom chance) {
        ModelBundle bundle = calibrated(on);
        if (output == null) {
            try (StreamModel model = open(on)) {
                output = infer(model, window, FastWeights.none());
            }
        }
        float[] found = output.clone();
        for (int i = found.length - statistics(bundle); i < found.length; i++) {
            found[i] = (float) chance.nextDouble(0.1, 9);
        }
        try (Plasticity plasticity = factory().plasticity(bundle, on, QUICK)) {
            return plasticity.learn(FastWeights.none(), window, found, List.of()).after();
        }
    }

    private static int statistics(ModelBundle bundle) {
        Safetensors stored = bundle.sourceStatistics().orElseThrow();
        return stored.names().stream()
                .filter(name -> name.endsWith(".mean") || name.endsWith(".var"))
                .mapToInt(name -> stored.tensor(name).size())
                .sum();
    }

    @Test
    final void aStreamThatHasLearnedNothingHasTheBundlesNetwork() {
        try (GraphEngine engine = openEngine();
                StreamModel plain = factory().open(given(), engine);
                StreamModel learning = open(engine)) {
            SignalFrame window = window(plain.signature(), samples(plain.signature(), random));
            float[] expected = infer(plain, window, FastWeights.none());
            float[] found = infer(learning, window, FastWeights.none());
            assertThat(found).hasSize(expected.length + statistics(calibrated));
            assertThat(Arrays.copyOf(found, expected.length)).isEqualTo(expected);
        }
    }

    /** What no stream has of its own need not be handed in with every window. */
    @Test
    final void theFirstLayerIsPartOfTheNetworkWhereNoStreamLearnsIt() {
        List<TensorGraph> compiled = new ArrayList<>();
        try (GraphEngine engine = openEngine();
                StreamModel any = open(engine);
                StreamModel homeostat =
                        factory()
                                .open(
                                        calibrated(engine),
                                        new Listed(engine, compiled),
                                        AdaptationSettings.homeostat())) {
            SignalFrame window = window(any.signature(), samples(any.signature(), random));
            FastWeights learned = fastWeights(engine, window, random);
            for (FastWeights known : List.of(FastWeights.none(), learned)) {
                assertThat(infer(homeostat, window, known)).isEqualTo(infer(any, window, known));
            }
        }
        assertThat(compiled).isNotEmpty();
        assertThat(compiled.stream().flatMap(graph -> graph.inputs().stream()))
                .noneMatch(input -> input.name().equals(StreamModulator.WEIGHTS));
    }

    /** Lists the graphs that an engine is given. */
    private record Listed(GraphEngine engine, List<TensorGraph> graphs) implements GraphEngine {
        @Override
        public String name() {
            return engine.name();
        }

        @Override
        public CompiledSegment compile(TensorGraph graph, Map<String, Tensor> weights) {
            graphs.add(graph);
            return engine.compile(graph, weights);
        }

        @Override
        public TrainableSegment compileForTraining(TensorGraph graph, Map<String, Tensor> weights) {
            return engine.compileForTraining(graph, weights);
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    @Test
    final void aSignalAsInTrainingTeachesNothingNew() {
        try (GraphEngine engine = openEngine();
                StreamModel model = open(engine);
                Plasticity plasticity = factory().plasticity(calibrated, engine, AT_ONCE)) {
            SignalFrame window = window(model.signature(), samples(model.signature(), random));
            float[] before = infer(model, window, FastWeights.none());
            float[] asInTraining = before.clone();
            Safetensors stored = calibrated.sourceStatistics().orElseThrow();
            int at = before.length - statistics(calibrated);
            for (String end : List.of(".mean", ".var")) {
                for (String name : stored.names()) {
                    if (name.endsWith(end)) {
                        float[] values = stored.tensor(name).data();
                        System.arraycopy(values, 0, asInTraining, at, values.length);
                        at += values.length;
                    }
                }
            }
            Lesson lesson = plasticity.learn(FastWeights.none(), window, asInTraining, List.of());
            assertThat(lesson.after().updates()).isEqualTo(1);
            assertThat(infer(model, window, lesson.after())).isEqualTo(before);
        }
    }

    /** With what it has learned, the network takes a worn signal more as it was in training. */
    @Test
    protected void learnsWhereItsSignalIs() {
        double frozen = 0;
        double adapted = 0;
        for (int i = 0; i < 4; i++) {
            try (GraphEngine engine = openEngine()) {
                ModelSignature form = factory().signature(given());
                float[] samples = samples(form, random);
                SignalFrame worn = window(form, worn(samples));
                ModelBundle bundle = calibrated(engine, "for" + i, List.of(samples));
                try (StreamModel model = factory().open(bundle, engine);
                        Plasticity plasticity = factory().plasticity(bundle, engine, AT_ONCE)) {
                    float[] fresh = infer(model, window(form, samples), FastWeights.none());
                    float[] unlearned = infer(model, worn, FastWeights.none());
                    FastWeights learned =
                            plasticity
                                    .learn(FastWeights.none(), worn, unlearned, List.of())
                                    .after();
                    int own = fresh.length - statistics(bundle);
                    frozen += distance(fresh, unlearned, own);
                    adapted += distance(fresh, infer(model, worn, learned), own);
                }
            }
        }
        assertThat(adapted).isLessThan(0.5 * frozen);
    }

    private static double distance(float[] some, float[] others, int own) {
        double squares = 0;
        for (int i = 0; i < own; i++) {
            squares += Math.pow(some[i] - others[i], 2);
        }
        return Math.sqrt(squares);
    }

    @Test
    final void uninformativeWindowsTeachNothing() {
        try (GraphEngine engine = openEngine();
                StreamModel model = open(engine);
                Plasticity plasticity = factory().plasticity(calibrated(engine), engine, QUICK)) {
            ModelSignature form = model.signature();
            float[] samples = samples(form, random);
            SignalFrame ordinary = window(form, samples);
            FastWeights known =
                    plasticity
                            .learn(
                                    FastWeights.none(),
                                    ordinary,
                                    infer(model, ordinary, FastWeights.none()),
                                    List.of())
                            .after();
            assertThat(known.updates()).isEqualTo(1);
            for (float[] other : uninformative(samples)) {
                SignalFrame window = window(form, other);
                Lesson lesson =
                        plasticity.learn(known, window, infer(model, window, known), List.of());
                assertThat(lesson.after().updates()).isEqualTo(1);
                assertThat(lesson.after().deltas()).isEqualTo(known.deltas());
                assertThat(lesson.gate()).isZero();
            }
        }
    }

    /** What was learned is in its stream's weights, and nowhere else. */
    @Test
    final void learningGoesOnWhereItHasStopped() throws IOException {
        List<FastWeights> inOne = new ArrayList<>();
        List<FastWeights> inParts = new ArrayList<>();
        try (GraphEngine engine = openEngine();
                StreamModel model = open(engine)) {
            ModelSignature form = model.signature();
            List<SignalFrame> windows =
                    IntStream.range(0, 5)
                            .mapToObj(i -> window(form, worn(samples(form, random))))
                            .toList();
            FastWeights learned = FastWeights.none();
            try (Plasticity plasticity = factory().plasticity(calibrated, engine, QUICK)) {
                for (SignalFrame window : windows) {
                    learned = learn(model, plasticity, window, learned);
                    inOne.add(learned);
                }
            }
            learned = FastWeights.none();
            for (SignalFrame window : windows) {
                try (StreamModel fresh = open(engine);
                        Plasticity plasticity = factory().plasticity(calibrated, engine, QUICK)) {
                    learned = learn(fresh, plasticity, window, stored(learned));
                    inParts.add(learned);
                }
            }
        }
        assertThat(inParts).isEqualTo(inOne);
        assertThat(inOne.get(4)).isNotEqualTo(inOne.get(0));
    }

    private static FastWeights learn(
            StreamModel model, Plasticity plasticity, SignalFrame window, FastWeights before) {
        return plasticity.learn(before, window, infer(model, window, before), List.of()).after();
    }

    protected static FastWeights stored(FastWeights weights) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FastWeightsFormat.write(new BoundWeights(weights, ""), new DataOutputStream(bytes));
        return FastWeightsFormat.read(
                        new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())))
                .weights();
    }

    /** Ways in which its streams may learn. */
    protected Stream<AdaptationSettings> learning() {
        return Stream.of(QUICK.withGuards(busy(/* gate= */ false)));
    }

    /** Guards that watch all there is, and keep each window's state that is good. */
    protected static Guards busy(boolean gate) {
        return new Guards(
                Guards.ALL.leash(),
                Guards.ALL.reset(),
                Guards.ALL.collapse(),
                new ShadowScore(1, 1, 9, 9, 1),
                2,
                gate,
                1);
    }

    @Test
    final void noStreamTakesMoreThanTheLeastBudget() {
        try (GraphEngine engine = openEngine()) {
            ModelBundle bundle = calibrated(engine);
            learning()
                    .forEach(
                            settings -> {
                                int least = Budgets.leastWeights(factory(), bundle, settings);
                                takesNoMoreThanItMay(
                                        engine, bundle, Budgets.weights(settings, least));
                            });
        }
    }

    private void takesNoMoreThanItMay(
            GraphEngine engine, ModelBundle bundle, AdaptationSettings settings) {
        try (StreamModel model = factory().open(bundle, engine);
                LearningModel learning =
                        LearningModel.open(factory(), bundle, engine, model, settings)) {
            FastWeights known = FastWeights.none();
            for (int i = 0; i < 8; i++) {
                float[] samples = worn(samples(model.signature(), random));
                ModelInput input =
                        new ModelInput(
                                window(model.signature(), samples), CarriedState.empty(), known);
                known = learning.infer(List.of(input)).get(0).lesson().after();
                FastWeights kept = learning.plasticity().freeze(known, true).after();
                assertThat(new BoundWeights(kept, "", settings.rule().preset()).bytes())
                        .isLessThanOrEqualTo(settings.weightBudget());
            }
            assertThat(known.updates()).isPositive();
        }
    }

    @Test
    final void refusesWhatItHasNotGot() {
        assertThatThrownBy(() -> factory().checkAdaptation(given(), AdaptationSettings.homeostat()))
                .hasMessageContaining("make it with thalamus calibrate");
        assertThatThrownBy(() -> factory().checkAdaptation(given(), AdaptationSettings.tent()))
                .hasMessageMatching(".*learn by homeostat (alone; give that|or nhl; give one)");
    }

    @Test
    final void refusesWhatDoesNotFit() {
        try (GraphEngine engine = openEngine()) {
            ModelBundle bundle = calibrated(engine);
            factory().checkAdaptation(bundle, QUICK);
            AdaptationSettings narrow = Budgets.weights(QUICK, 100);
            assertThatThrownBy(() -> factory().checkAdaptation(bundle, narrow))
                    .hasMessageContaining("more than the 100 of adaptation.weight-budget");
        }
    }
}
