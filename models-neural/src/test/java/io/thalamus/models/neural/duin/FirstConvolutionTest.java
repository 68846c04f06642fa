/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.models.neural.duin.DuinConfig.Layer;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.HebbianLayer;
import io.thalamus.operators.adaptation.Judge;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.ModulatedSignal;
import io.thalamus.operators.inference.SafetensorsWriter;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TestEngines;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Hebbian rule sees of a window what the network's first layer sees of it.
 *
 * <p>At weights of zero all neurons share each patch alike and none forgets, so that a change is
 * the mean patch times the norm that the neuron has in the bundle. The layer is linear, so the mean
 * patch tells the mean of its output, which stands behind the words. That holds where the rule sees
 * the very steps that the network makes, as with an odd reach or a stride, and where those are a
 * multiple of the steps averaged to one.
 */
class FirstConvolutionTest {
    private static final double EPSILON = 1e-5;
    private static final String NORM = DuinWeights.FIRST_BLOCK + ".1.1.";

    @TempDir Path folder;

    private final SplittableRandom random = new SplittableRandom(577215);
    private DuinConfig config;
    private ModelBundle bundle;
    private DuinWeights weights;
    private ModelSignature form;

    @Test
    void seesWhatALayerWithAStrideSees() {
        seesWhatTheLayerSees(TestBundles.WORDS, config -> {});
    }

    @Test
    void seesWhatALayerWithADilationSees() {
        seesWhatTheLayerSees(TestBundles.OTHER_WORDS, config -> {});
    }

    /** Six steps of a patch are three, and a normalisation that is not used counts for nothing. */
    @Test
    void seesWhatALayerWithAnAverageSees() {
        seesWhatTheLayerSees(
                TestBundles.OTHER_WORDS,
                config -> {
                    ObjectNode tokenizer =
                            (ObjectNode) config.path("model_params").path("tokenizer");
                    list(tokenizer, "n_strides").set(0, 5);
                    list(tokenizer, "pool_sizes").set(0, 2).set(1, 1);
                    list(tokenizer, "use_bn").set(0, false);
                });
    }

    private static ArrayNode list(ObjectNode tokenizer, String field) {
        return (ArrayNode) tokenizer.path(field);
    }

    private void seesWhatTheLayerSees(String name, Consumer<ObjectNode> change) {
        bundle =
                TestBundles.changed(
                        folder,
                        name,
                        config -> {
                            int subjects = config.path("model_params").path("n_subjects").asInt();
                            ArrayNode names = config.putArray("subjects");
                            IntStream.range(0, subjects).forEach(i -> names.add("S" + i));
                            change.accept(config);
                        });
        config = DuinConfig.of(bundle.config());
        writeStatistics(config.layers().get(0).filters());
        weights = new DuinWeights(bundle);
        form = new DuinFactory().signature(bundle);
        Layer layer = config.layers().get(0);
        SignalFrame window = window("S" + (config.subjects() - 1));
        float[] own =
                weights.weight(DuinWeights.FIRST, layer.filters(), config.width(), layer.kernel())
                        .data();
        double[] patches = meanPatches(window, own);

        float[] delta = new float[own.length];
        for (int i = 0; i < delta.length; i++) {
            delta[i] = (float) random.nextDouble(-0.5, 0.5);
        }
        for (float[] learned : List.of(new float[own.length], delta)) {
            double[] expected = means(plus(own, learned), patches);
            float[] found = output(window, learned);
            int filters = expected.length;
            for (int k = 0; k < filters; k++) {
                double mean = found[found.length - 2 * filters + k];
                assertThat(mean).as("channel %d", k).isCloseTo(expected[k], within(2e-5));
            }
        }
    }

    /** Of any training, without which no stream learns. */
    private void writeStatistics(int filters) {
        Tensor zeros = Tensor.of(new float[filters], filters);
        try {
            SafetensorsWriter.write(
                    bundle.folder().resolve(ModelBundle.SOURCE_STATISTICS),
                    Map.of("block0.mean", zeros, "block0.var", zeros));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With a trend, so that no step is like another. */
    private SignalFrame window(String stream) {
        int length = form.windowLength();
        float[] samples = new float[form.channels() * length];
        for (int i = 0; i < samples.length; i++) {
            double trend = (i % length) / (double) length - 0.2 * (i / length);
            samples[i] = (float) (trend + random.nextDouble(-1, 1));
        }
        List<String> channels = IntStream.range(0, form.channels()).mapToObj(c -> "c" + c).toList();
        return new SignalFrame(stream, 0, 0, 0, form.rate(), channels, samples, 0);
    }

    /** What the rule sees, by what it would have each neuron become, {@code [filters, patch]}. */
    private double[] meanPatches(SignalFrame window, float[] own) {
        float[] zeros = new float[own.length];
        double[] change =
                new FirstConvolution(config, weights)
                        .plastic(form.subjects())
                        .change(Map.of(DuinWeights.FIRST, zeros), window)
                        .get(DuinWeights.FIRST);
        int filters = config.layers().get(0).filters();
        int size = own.length / filters;
        double[] norms = HebbianLayer.norms(own, filters);
        double[] patches = new double[own.length];
        for (int i = 0; i < patches.length; i++) {
            patches[i] = filters * change[i] / norms[i / size];
        }
        return patches;
    }

    private static float[] plus(float[] own, float[] delta) {
        float[] sum = new float[own.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = own[i] + delta[i];
        }
        return sum;
    }

    /** What a layer of such weights makes of the mean patch. */
    private double[] means(float[] own, double[] patches) {
        Layer layer = config.layers().get(0);
        int filters = layer.filters();
        float[] bias = weights.weight(DuinWeights.FIRST_BLOCK + ".0.1.bias", filters).data();
        int size = patches.length / filters;
        double[] means = new double[filters];
        for (int k = 0; k < filters; k++) {
            means[k] = bias[k];
            for (int i = k * size; i < (k + 1) * size; i++) {
                means[k] += own[i] * patches[i];
            }
            if (layer.normalised()) {
                double mean = weights.weight(NORM + "running_mean", filters).data()[k];
                double variance = weights.weight(NORM + "running_var", filters).data()[k];
                double gamma = weights.weight(NORM + "weight", filters).data()[k];
                double beta = weights.weight(NORM + "bias", filters).data()[k];
                means[k] = gamma * (means[k] - mean) / Math.sqrt(variance + EPSILON) + beta;
            }
        }
        return means;
    }

    /** What the network gives to a stream that has learned this, with its statistics at the end. */
    private float[] output(SignalFrame window, float[] delta) {
        FastWeights learned = new FastWeights(1, Map.of(DuinWeights.FIRST, delta), Map.of());
        ModulatedSignal signal =
                new ModulatedSignal("block0", config.layers().get(0).filters(), false, Judge.BLIND);
        StreamModulator modulator =
                signal.modulator(
                        bundle,
                        AdaptationSettings.nhl(),
                        () -> new FirstConvolution(config, weights).kernel());
        List<String> words =
                IntStream.range(0, config.outputs()).mapToObj(Integer::toString).toList();
        try (GraphEngine engine = TestEngines.open("reference");
                StreamModel model =
                        new WordDecoder(form, words, config, weights, engine, modulator)) {
            ModelInput input = new ModelInput(window, CarriedState.empty(), learned);
            return model.infer(List.of(input)).get(0).values();
        }
    }
}
