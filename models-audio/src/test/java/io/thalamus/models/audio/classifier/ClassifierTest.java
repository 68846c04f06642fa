/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.Calibration;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.verification.BundleResult;
import io.thalamus.operators.inference.verification.BundleVerifier;
import io.thalamus.operators.inference.verification.TensorResult;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierTest {
    private static final GraphEngine ENGINE = GraphEngines.open(GraphEngines.DEFAULT);
    private static final int BANDS = 6;
    private static final int FRAMES = 21;
    private static final int CLASSES = 3;
    private static final int NEURONS = 8;

    @TempDir private Path folder;
    private final ClassifierFactory factory = new ClassifierFactory();

    @AfterAll
    static void closeEngine() {
        ENGINE.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {TestClassifiers.BATCH_NORM, TestClassifiers.GROUP_NORM})
    void agreesWithTheReference(String name) {
        BundleResult result =
                new BundleVerifier(ENGINE, getClass().getClassLoader())
                        .verify(TestClassifiers.folder(name));
        assertThat(result.reason()).isNull();
        assertThat(result.results()).hasSize(4).allMatch(TensorResult::ok);
        assertThat(result.notCompared()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {TestClassifiers.BATCH_NORM, TestClassifiers.GROUP_NORM})
    void sayTheClassOfAWindow(String name) {
        ModelBundle bundle = TestClassifiers.bundle(name);
        Safetensors cases = bundle.cases().orElseThrow();
        try (StreamModel model = factory.open(bundle, ENGINE)) {
            for (int i = 0; i < 5; i++) {
                SignalFrame window = window(cases, i);
                ModelOutput output = infer(model, window, FastWeights.none());
                double[] logits = cases.values("random.logits").values();
                double sum = 0;
                for (int k = 0; k < CLASSES; k++) {
                    sum += Math.exp(logits[CLASSES * i + k]);
                }
                Classification found = (Classification) model.interpret(window, output).get(0);
                assertThat(found.streamId()).isEqualTo(window.streamId());
                assertThat(found.classes()).containsExactly("a", "b", "c");
                for (int k = 0; k < CLASSES; k++) {
                    assertThat((double) found.probabilities()[k])
                            .isCloseTo(Math.exp(logits[CLASSES * i + k]) / sum, within(1e-5));
                }
            }
        }
    }

    /** By the definition, with a float64 loop over the windows of the case. */
    @Test
    void keepsTheFirstLayerWhereItWasInTraining() {
        ModelBundle bundle = TestClassifiers.bundle(TestClassifiers.GROUP_NORM);
        Safetensors cases = bundle.cases().orElseThrow();
        Safetensors source = bundle.sourceStatistics().orElseThrow();
        double[] sourceMean = source.values("conv1_out.mean").values();
        double[] sourceVariance = source.values("conv1_out.var").values();
        double[] mean = sourceMean.clone();
        double[] variance = sourceVariance.clone();
        double[] maps = cases.values("random.conv1").values();
        Plasticity plasticity = plasticity(bundle, 0.2);
        FastWeights learned = FastWeights.none();
        try (StreamModel model = factory.open(bundle, ENGINE)) {
            for (int i = 0; i < 5; i++) {
                SignalFrame window = window(cases, i);
                ModelOutput output = infer(model, window, learned);
                learned = plasticity.learn(learned, window, output.values(), List.of()).after();
                for (int k = 0; k < NEURONS; k++) {
                    int from = (i * NEURONS + k) * FRAMES;
                    double[] map = Arrays.copyOfRange(maps, from, from + FRAMES);
                    double centre = Arrays.stream(map).average().orElseThrow();
                    double spread =
                            Arrays.stream(map).map(z -> (z - centre) * (z - centre)).sum() / FRAMES;
                    mean[k] = 0.8 * mean[k] + 0.2 * centre;
                    variance[k] = 0.8 * variance[k] + 0.2 * spread;
                    assertThat((double) learned.deltas().get("homeostat.mean")[k])
                            .isCloseTo(mean[k] - sourceMean[k], within(1e-5));
                    assertThat((double) learned.deltas().get("homeostat.variance")[k])
                            .isCloseTo(variance[k] - sourceVariance[k], within(1e-5));
                }
            }
            assertThat(learned.updates()).isEqualTo(5);
            assertThat(learned.bytes()).isLessThan(200);
        }
    }

    /**
     * Features whose standardised form is scaled and shifted alike in all bands are seen by a
     * network that has settled on them as if they were not.
     */
    @Test
    void aSettledStreamIsReadAsIfNothingHadChanged() {
        ModelBundle bundle = TestClassifiers.bundle(TestClassifiers.BATCH_NORM);
        Safetensors cases = bundle.cases().orElseThrow();
        float[] features = cases.tensor("random.features").data();
        float[] bandMean = bundle.weights().tensor("feature_mean").data();
        float[] louder = features.clone();
        for (int i = 0; i < louder.length; i++) {
            float centre = bandMean[i / FRAMES % BANDS];
            louder[i] = centre + 3 * (features[i] - centre);
        }
        Plasticity plasticity = plasticity(bundle, 0.02);
        FastWeights learned = FastWeights.none();
        try (StreamModel model = factory.open(bundle, ENGINE)) {
            for (int n = 0; n < 2000; n++) {
                SignalFrame window = window(louder, n % 5);
                float[] output = infer(model, window, learned).values();
                learned = plasticity.learn(learned, window, output, List.of()).after();
            }
            for (int i = 0; i < 5; i++) {
                float[] plain = infer(model, window(features, i), FastWeights.none()).values();
                float[] raw = infer(model, window(louder, i), FastWeights.none()).values();
                float[] settled = infer(model, window(louder, i), learned).values();
                assertThat(distance(settled, plain)).isLessThan(0.25 * distance(raw, plain));
            }
        }
    }

    private Plasticity plasticity(ModelBundle bundle, double alpha) {
        return factory.plasticity(bundle, ENGINE, AdaptationSettings.homeostat().withAlpha(alpha));
    }

    private static double distance(float[] logits, float[] others) {
        double sum = 0;
        for (int k = 0; k < CLASSES; k++) {
            sum += (logits[k] - others[k]) * (logits[k] - others[k]);
        }
        return Math.sqrt(sum);
    }

    @ParameterizedTest
    @ValueSource(strings = {TestClassifiers.BATCH_NORM, TestClassifiers.GROUP_NORM})
    void calibrationFindsTheStatisticsOfItsWindows(String name) {
        ModelBundle bundle = TestClassifiers.bundle(name);
        Safetensors expected = bundle.sourceStatistics().orElseThrow();
        try (Calibration calibration = factory.calibrate(bundle, ENGINE)) {
            for (int i = 0; i < 5; i++) {
                calibration.add(window(bundle.cases().orElseThrow(), i));
            }
            Map<String, Tensor> found = calibration.statistics();
            assertThat(found.keySet()).isEqualTo(expected.names());
            found.forEach(
                    (signal, tensor) ->
                            assertThat(tensor.data())
                                    .as(signal)
                                    .containsExactly(
                                            expected.tensor(signal).data(), within(1e-5f)));
        }
    }

    @Test
    void learnsNothingFromWhatIsNoNumber() {
        Plasticity plasticity = plasticity(TestClassifiers.bundle(TestClassifiers.GROUP_NORM), 0.2);
        float[] output = new float[CLASSES + 2 * NEURONS];
        output[CLASSES + 3] = Float.POSITIVE_INFINITY;
        Lesson lesson =
                plasticity.learn(
                        FastWeights.none(),
                        window(new float[5 * BANDS * FRAMES], 0),
                        output,
                        List.of());
        assertThat(lesson.after()).isSameAs(FastWeights.none());
        assertThat(lesson.gate()).isZero();
    }

    @Test
    void needsToKnowWhatTheTrainingWasLike() throws IOException {
        ModelBundle bundle = copy(config -> {});
        Files.delete(bundle.folder().resolve("source_statistics.safetensors"));
        AdaptationSettings settings = AdaptationSettings.homeostat();
        assertThatThrownBy(() -> factory.checkAdaptation(bundle, settings))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("has no source_statistics.safetensors")
                .hasMessageContaining("thalamus calibrate");
    }

    @Test
    void sayWhatIsWrongWithABundle() throws IOException {
        objects(c -> c.putArray("input").add(1), "input must be [null, channels, length]");
        objects(c -> c.putArray("layers").addObject().put("type", "relu"), "layers must be a list");
        objects(c -> layer(c, 2).put("type", "swish"), "layers[2].type must be one of conv1d");
        objects(c -> layer(c, 1).put("in", 5), "layers[1].in must be 6");
        objects(c -> layer(c, 2).put("groups", 3), "layers[2].groups must be a divisor of its 8");
        objects(c -> layer(c, 4).put("stride", 1), "layers[4].stride must be its size");
        objects(c -> layer(c, 10).put("in", 11), "layers[10].in must be 12");
        objects(c -> c.putArray("classes").add("a"), "layers[10].out must be 1");
        objects(c -> layer(c, 5).put("kernel", 3), "tensor conv2.weight has shape");
    }

    private void objects(Consumer<ObjectNode> change, String message) throws IOException {
        ModelBundle bundle = copy(change);
        assertThatThrownBy(() -> factory.check(bundle))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    private static ObjectNode layer(ObjectNode config, int index) {
        return (ObjectNode) config.path("layers").path(index);
    }

    private ModelBundle copy(Consumer<ObjectNode> change) throws IOException {
        Path from = TestClassifiers.folder(TestClassifiers.GROUP_NORM);
        Path to = Files.createTempDirectory(folder, "bundle");
        for (String file : List.of("weights.safetensors", "source_statistics.safetensors")) {
            Files.copy(from.resolve(file), to.resolve(file));
        }
        ObjectMapper json = new ObjectMapper();
        ObjectNode config =
                (ObjectNode) json.readTree(Files.readAllBytes(from.resolve("config.json")));
        change.accept(config);
        json.writeValue(to.resolve("config.json").toFile(), config);
        return ModelBundle.open(to);
    }

    private static ModelOutput infer(StreamModel model, SignalFrame window, FastWeights learned) {
        return model.infer(List.of(new ModelInput(window, CarriedState.empty(), learned))).get(0);
    }

    private static SignalFrame window(Safetensors cases, int index) {
        return window(cases.tensor("random.features").data(), index);
    }

    private static SignalFrame window(float[] features, int index) {
        int size = BANDS * FRAMES;
        return TestStream.of("digits")
                .withChannels(BANDS)
                .frame(index * FRAMES, FRAMES)
                .withSamples(Arrays.copyOfRange(features, index * size, (index + 1) * size), 0);
    }
}
