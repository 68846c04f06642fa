/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.SafetensorsWriter;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.Subjects;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TrainableModel;
import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.operators.inference.TrainingState;
import io.thalamus.operators.inference.TrainingTask;
import io.thalamus.operators.inference.training.Dropout;
import io.thalamus.operators.inference.training.LearnedWeights;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against the authors' own implementation in training mode; and what a training promises beside.
 */
class TrainableDuinTest {
    private static final double RATE = 1e-3;
    private static final double TOLERANCE = 1e-4;

    private static GraphEngine engine;

    @TempDir Path folder;

    @BeforeAll
    static void open() {
        engine = GraphEngines.open(GraphEngines.DEFAULT);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vqvae", "mae", "cls"})
    void lossAndGradientsAreTheReferences(String name) {
        Safetensors step = step(name);
        try (TrainableDuin model = stored(name, 0)) {
            double expected = step.values("loss.total").values()[0];
            assertThat(model.learn(batch(name), 0))
                    .isCloseTo(expected, within(TOLERANCE * expected));
            int compared = 0;
            for (Map.Entry<String, Tensor> gradient : model.gradients().entrySet()) {
                String weight = gradient.getKey();
                if (isWithoutEffect(weight)) {
                    for (float value : gradient.getValue().data()) {
                        assertThat(value).as(weight).isCloseTo(0, within(1e-5f));
                    }
                    continue;
                }
                assertThat(step.names()).contains("grad." + weight);
                assertThat(distance(gradient.getValue(), step.tensor("grad." + weight)))
                        .as(weight)
                        .isLessThan(TOLERANCE);
                compared++;
            }
            long all =
                    step.names().stream()
                            .filter(n -> n.startsWith("grad.") && !n.contains("contra_block"))
                            .filter(n -> !isWithoutEffect(n))
                            .count();
            assertThat(compared).isEqualTo((int) all);
        }
    }

    /**
     * A shift before a normalisation, or of all keys before the softmax, changes nothing: its
     * gradient is nothing but rounding.
     */
    private static boolean isWithoutEffect(String name) {
        return (name.contains("conv_blocks.") && name.endsWith(".0.1.bias"))
                || name.endsWith("norm_k.bias");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vqvae", "mae", "cls"})
    void whatIsAveragedMovesAsTheReferences(String name) {
        Safetensors step = step(name);
        try (TrainableDuin model = stored(name, 0)) {
            model.learn(batch(name), 0);
            Map<String, Tensor> weights = model.weights();
            int compared = 0;
            for (String stored : step.names()) {
                String weight = stored.replaceFirst("^after\\.", "");
                if (!weight.equals(stored) && weights.containsKey(weight)) {
                    assertThat(distance(weights.get(weight), step.tensor(stored)))
                            .as(weight)
                            .isLessThan(TOLERANCE);
                    compared++;
                }
            }
            assertThat(compared).isEqualTo(name.equals("vqvae") ? 8 : 6);
        }
    }

    @ParameterizedTest
    @CsvSource({"vqvae, 0.01", "cls, 0.05"})
    void fiveStepsOfTheOptimiserGoWhereTheReferencesGo(String name, double decay) {
        Safetensors steps = step(name);
        double[] expected = steps.values("steps.loss").values();
        List<TrainingExample> batch = batch(name);
        try (TrainableDuin model = stored(name, decay)) {
            for (int i = 0; i < expected.length; i++) {
                assertThat(model.learn(batch, RATE))
                        .as("step %d", i)
                        .isCloseTo(expected[i], within(TOLERANCE * expected[i]));
            }
            Map<String, Tensor> weights = model.weights();
            for (String stored : steps.names()) {
                String weight = stored.replaceFirst("^steps\\.after\\.", "");
                if (!weight.equals(stored)) {
                    assertThat(distance(weights.get(weight), steps.tensor(stored)))
                            .as(weight)
                            .isLessThan(TOLERANCE);
                }
            }
        }
    }

    /** Filters by the sixteen, as published: for these the library has layouts of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"vqvae", "cls"})
    void learnsWithWideLayers(String stage) {
        TrainingTask task =
                new TrainingTask(
                        stage,
                        IntStream.range(0, 10).mapToObj(c -> "c" + c).toList(),
                        SampleRate.ofHertz(100),
                        stage.equals("cls") ? List.of("ja", "nein") : List.of(),
                        List.of("S01", "S02"),
                        Optional.empty());
        ObjectNode config = new DuinFactory().recipe(task).configuration();
        ObjectNode params = config.withObject("/model_params");
        params.put("seq_len", 320);
        for (String stack : List.of("encoder", "decoder")) {
            params.withObject("/" + stack).put("n_blocks", 1).put("n_heads", 2).put("d_head", 8);
        }
        params.withObject("/vq").put("codex_size", 16).put("d_codex", 8);
        List<TrainingExample> batch =
                batch("cls").stream()
                        .map(
                                example ->
                                        new TrainingExample(
                                                example.window(),
                                                new float[] {example.target()[0] % 2}))
                        .toList();
        ModelBundle draft = ModelBundle.draft(folder, config);
        try (TrainableModel model = new DuinFactory().train(draft, Optional.empty(), engine, 1)) {
            double first = model.learn(batch, RATE);
            double last = first;
            for (int i = 0; i < 8; i++) {
                last = model.learn(batch, RATE);
            }
            assertThat(last).isLessThan(first);
        }
    }

    /** What is measured of windows does not depend on which are measured at once. */
    @ParameterizedTest
    @ValueSource(strings = {"vqvae", "cls"})
    void aLossIsTheMeanOfThoseOfItsWindows(String stage) {
        List<TrainingExample> batch = batch("cls");
        try (TrainableDuin model = stored(stage, 0)) {
            double mean =
                    batch.stream()
                            .mapToDouble(example -> model.loss(List.of(example)))
                            .average()
                            .orElseThrow();
            assertThat(model.loss(batch)).isCloseTo(mean, within(TOLERANCE * mean));
        }
    }

    /** A window alone, by the stored bundle, gives the bits that a batch gave in training. */
    @Test
    void aStreamGetsWhatTheTrainingMeasured() throws IOException {
        List<TrainingExample> batch = batch("cls");
        try (TrainableDuin model = stored("cls", 0.05)) {
            model.learn(batch, RATE);
            List<float[]> offline = model.predict(batch);
            Path own = folder.resolve("trained");
            assertThat(own.toFile().mkdir()).isTrue();
            TestBundles.changed(
                    own,
                    "cls",
                    config -> {
                        config.putArray("subjects").add("S01").add("S02");
                        config.withObject("/model_params").remove(List.of("vq", "contra"));
                    });
            SafetensorsWriter.write(own.resolve(ModelBundle.WEIGHTS), model.weights());
            try (StreamModel online = new DuinFactory().open(ModelBundle.open(own), engine)) {
                for (int i = 0; i < batch.size(); i++) {
                    List<ModelInput> alone = TrainableDuin.inputs(batch.subList(i, i + 1));
                    assertThat(online.infer(alone).get(0).values()).isEqualTo(offline.get(i));
                }
            }
        }
    }

    @Test
    void aTrainingThatIsTakenUpAgainGoesOnToTheBit() {
        List<TrainingExample> batch = batch("cls");
        try (TrainableDuin model = stored("cls", 0.05);
                TrainableDuin other = stored("cls", 0.051)) {
            model.learn(batch, RATE);
            TrainingState between = model.state();
            double expected = model.learn(batch, 0);
            other.restore(between);
            assertThat(other.learn(batch, 0)).isEqualTo(expected);
            assertThat(between.steps()).isEqualTo(1);
        }
    }

    /** Codes that no token of the batch has stay where they are but in each hundredth step. */
    @Test
    void codesBeginAnewInEachHundredthStep() {
        List<TrainingExample> batch = batch("vqvae");
        try (TrainableDuin model = stored("vqvae", 0)) {
            Map<String, Tensor> start = new HashMap<>(model.state().tensors());
            start.computeIfPresent(
                    "weight." + InitialWeights.COUNTS,
                    (name, counts) -> Tensor.of(new float[counts.size()], counts.shape()));
            int patches = 3 * 8;
            model.restore(new TrainingState(98, start));
            model.learn(batch, 0);
            assertThat(movedCodes(start, model.weights())).isPositive().isLessThan(patches);
            model.restore(new TrainingState(99, start));
            model.learn(batch, 0);
            assertThat(movedCodes(start, model.weights())).isGreaterThan(patches);
        }
    }

    @Test
    void anAssessmentIsTheLossAndTheCodesOfAllWindows() {
        List<TrainingExample> batch = batch("vqvae");
        try (TrainableDuin model = stored("vqvae", 0)) {
            TrainableModel.Assessment assessment = model.assess(batch);

            assertThat(assessment.loss()).isEqualTo(model.loss(batch));
            assertThat(assessment.codes())
                    .hasSize(3 * 8)
                    .isEqualTo(
                            batch.stream()
                                    .flatMapToInt(
                                            one ->
                                                    Arrays.stream(
                                                            model.assess(List.of(one)).codes()))
                                    .toArray());
        }
        try (TrainableDuin model = stored("cls", 0)) {
            assertThat(model.assess(batch("cls")).codes()).isEmpty();
        }
    }

    @Test
    void anAssessmentRunsTheNetworkOnce() {
        AtomicInteger runs = new AtomicInteger();
        TrainableDuin.Network network =
                new TrainableDuin.Network() {
                    @Override
                    public List<float[]> run(List<ModelInput> inputs) {
                        runs.addAndGet(inputs.size());
                        return inputs.stream().map(input -> new float[0]).toList();
                    }

                    @Override
                    public int[] codes() {
                        return new int[] {runs.get()};
                    }

                    @Override
                    public void close() {
                        // nothing to let go of
                    }
                };
        Lesson lesson =
                new Lesson() {
                    @Override
                    public double learn(Batch batch, Dropout dropout) {
                        return 0;
                    }

                    @Override
                    public double loss(Batch batch, List<float[]> results) {
                        return results.size();
                    }

                    @Override
                    public void close() {
                        // nothing to let go of
                    }
                };
        DuinConfig config = DuinConfig.of(TestBundles.bundle("vqvae").config());
        try (TrainableDuin model =
                new TrainableDuin(
                        config,
                        signature().subjects(),
                        new LearnedWeights(Map.of(), List.of(), 0),
                        new Dropout(0, 1),
                        lesson,
                        weights -> network)) {
            TrainableModel.Assessment assessment = model.assess(batch("vqvae"));

            assertThat(assessment.loss()).isEqualTo(3);
            assertThat(assessment.codes()).containsExactly(3);
        }
    }

    private static long movedCodes(Map<String, Tensor> before, Map<String, Tensor> after) {
        Tensor old = before.get("weight." + DuinWeights.CODEBOOK);
        Tensor now = after.get(DuinWeights.CODEBOOK);
        int width = old.dimension(1);
        return IntStream.range(0, old.dimension(0))
                .filter(
                        code ->
                                !Arrays.equals(
                                        old.data(),
                                        code * width,
                                        (code + 1) * width,
                                        now.data(),
                                        code * width,
                                        (code + 1) * width))
                .count();
    }

    private static Safetensors step(String name) {
        return TestBundles.bundle(name).tensors("train.safetensors");
    }

    /** With the reference's weights and without dropout. */
    private TrainableDuin stored(String name, double decay) {
        Path own = folder.resolve(name + decay);
        assertThat(own.toFile().mkdir()).isTrue();
        ModelBundle bundle =
                TestBundles.changed(own, name, config -> config.put("weight_decay", decay));
        TrainableDuin model;
        if (name.equals("mae")) {
            Safetensors step = step(name);
            int[] codes =
                    Arrays.stream(step.values("in.c_true").values())
                            .mapToInt(code -> (int) code)
                            .toArray();
            float[] mask = step.values("in.mask").floats();
            model =
                    DuinTraining.told(
                            bundle, signature(), engine, teacher(codes), (signals, at) -> mask);
        } else {
            model = DuinTraining.of(bundle, signature(), Optional.empty(), engine, 1);
        }
        Safetensors weights = bundle.weights();
        Map<String, Tensor> tensors = new HashMap<>();
        model.state()
                .tensors()
                .forEach(
                        (kept, tensor) -> {
                            String stored = kept.replaceFirst("^weight\\.", "");
                            tensors.put(
                                    kept,
                                    kept.equals(stored)
                                            ? Tensor.of(new float[tensor.size()], tensor.shape())
                                            : weights.tensor(stored));
                        });
        model.restore(new TrainingState(0, tensors));
        return model;
    }

    private static MaskLesson.Teacher teacher(int[] codes) {
        return new MaskLesson.Teacher() {
            @Override
            public int[] codes(Batch batch) {
                return codes;
            }

            @Override
            public void close() {
                // nothing to let go of
            }
        };
    }

    private static ModelSignature signature() {
        return new ModelSignature(
                "test",
                10,
                List.of(),
                new Subjects(List.of("S01", "S02")),
                SampleRate.ofHertz(1000),
                320,
                0,
                0,
                true,
                false,
                AnomalyScore.class);
    }

    private static List<TrainingExample> batch(String name) {
        Safetensors step = step(name);
        CaseTensor signals = step.values("in.X");
        float[] subjects = step.values("in.subj_id").floats();
        int size = 3200;
        return IntStream.range(0, 3)
                .mapToObj(
                        i -> {
                            float[] one =
                                    Arrays.copyOfRange(signals.floats(), i * size, (i + 1) * size);
                            float[] samples = CaseSignals.transposed(one, 320);
                            if (name.equals("vqvae")) {
                                float[] counts = step.values("in.channel_mask").floats();
                                for (int c = 0; c < 10; c++) {
                                    if (counts[i * 10 + c] == 0) {
                                        Arrays.fill(samples, c * 320, (c + 1) * 320, Float.NaN);
                                    }
                                }
                            }
                            return new TrainingExample(
                                    window(subjects[2 * i] == 1 ? "S01" : "S02", samples),
                                    target(name, step, i));
                        })
                .toList();
    }

    private static float[] target(String name, Safetensors step, int index) {
        if (!name.equals("cls")) {
            return new float[0];
        }
        float[] wanted = step.values("in.y_true").floats();
        for (int word = 0; word < 5; word++) {
            if (wanted[index * 5 + word] == 1) {
                return new float[] {word};
            }
        }
        throw new IllegalStateException("no word");
    }

    private static SignalFrame window(String stream, float[] samples) {
        return new SignalFrame(
                stream,
                0,
                0,
                0,
                SampleRate.ofHertz(1000),
                IntStream.range(0, 10).mapToObj(c -> "c" + c).toList(),
                samples,
                0);
    }

    /** The largest difference, against the largest value. */
    private static double distance(Tensor found, Tensor expected) {
        double largest = 0;
        double scale = 0;
        assertThat(found.shape()).isEqualTo(expected.shape());
        for (int i = 0; i < expected.size(); i++) {
            scale = Math.max(scale, Math.abs(expected.data()[i]));
            largest = Math.max(largest, Math.abs(found.data()[i] - expected.data()[i]));
        }
        return scale == 0 ? largest : largest / scale;
    }
}
