/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Judge;
import io.thalamus.operators.adaptation.PlasticLayer;
import io.thalamus.operators.inference.BundleFiles;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModulatedSignal;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TestEngines;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StemTest {
    private static final String REAL = "stem.w_re";
    private static final String IMAGINARY = "stem.w_im";

    @TempDir Path folder;

    /**
     * With weights of nothing all neurons share each patch equally, and no response has a phase, so
     * a neuron's change is the conjugate of the mean patch, times its norm in the bundle over how
     * many they are. What its weights in the bundle make of the mean patch must be, less the bias,
     * the mean of what the network's stem has given for the window's frames from the third on.
     */
    @Test
    void theRuleSeesWhatTheStemSees() {
        ModelBundle bundle =
                BundleFiles.changed(
                        folder,
                        TestBundles.bundle(TestBundles.SMALL),
                        config -> config.put("input_power", 0.5));
        EchoConfig config = EchoConfig.of(bundle.config());
        EchoWeights weights = new EchoWeights(bundle, config.epsilon());
        int channels = config.stem();
        PlasticLayer layer = new Stem(config, weights).plastic();
        // of one length, then of another
        for (int hops : new int[] {4, 8}) {
            SignalFrame window = window(config, hops);
            double[][] means = means(stem(bundle, window));
            float[] re = layer.source().get(REAL);
            float[] im = layer.source().get(IMAGINARY);
            float[] nothing = new float[re.length];
            Map<String, double[]> change =
                    layer.change(Map.of(REAL, nothing, IMAGINARY, nothing), window);
            int size = re.length / channels;
            for (int k = 0; k < channels; k++) {
                double squares = 0;
                double real = 0;
                double imaginary = 0;
                for (int i = k * size; i < (k + 1) * size; i++) {
                    double patchRe = change.get(REAL)[i];
                    double patchIm = -change.get(IMAGINARY)[i];
                    squares += re[i] * re[i] + im[i] * im[i];
                    real += re[i] * patchRe - im[i] * patchIm;
                    imaginary += re[i] * patchIm + im[i] * patchRe;
                }
                double factor = channels / Math.sqrt(squares);
                float biasRe = weights.values("stem.b_re", channels)[k];
                float biasIm = weights.values("stem.b_im", channels)[k];
                assertThat(factor * real).isCloseTo(means[0][k] - biasRe, within(1e-6));
                assertThat(factor * imaginary).isCloseTo(means[1][k] - biasIm, within(1e-6));
            }
        }
    }

    @Test
    void ofLessThanItsKernelItSeesNothing() {
        ModelBundle bundle = TestBundles.bundle(TestBundles.SMALL);
        EchoConfig config = EchoConfig.of(bundle.config());
        PlasticLayer layer = new Stem(config, new EchoWeights(bundle, config.epsilon())).plastic();
        assertThat(layer.change(layer.source(), window(config, 3))).isEmpty();
        assertThat(layer.change(layer.source(), window(config, 4))).hasSize(2);
    }

    private static SignalFrame window(EchoConfig config, int hops) {
        SplittableRandom random = new SplittableRandom(hops);
        float[] samples = new float[2 * hops * config.hop()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) random.nextDouble(-0.2, i < samples.length / 2 ? 0.5 : 0.9);
        }
        return new SignalFrame(
                "call",
                0,
                0,
                0,
                SampleRate.ofHertz(config.sampleRate()),
                List.of("mic", "far"),
                samples,
                0);
    }

    /** What the network's stem gives for a window where all that was before was silent. */
    private static Tensor stem(ModelBundle bundle, SignalFrame window) {
        EchoConfig config = EchoConfig.of(bundle.config());
        EchoWeights weights = new EchoWeights(bundle, config.epsilon());
        StreamModulator modulator =
                new ModulatedSignal(Stem.NAME, config.stem(), true, Judge.BLIND).measuring();
        MaskGraph graph = new MaskGraph(config, weights, modulator).build(/* withTaps= */ true);
        try (GraphEngine engine = TestEngines.open("reference");
                MaskNetwork network = new MaskNetwork(config, graph, engine, modulator);
                StreamModel model =
                        new EchoCanceller(
                                new EchoFactory().signature(bundle), config, network, modulator)) {
            CarriedState silence =
                    new CarriedState(Map.of("layers", new float[network.memorySize()]));
            model.infer(List.of(new ModelInput(window, silence, FastWeights.none())));
            return network.stem();
        }
    }

    /** The means over bins and the frames from the third on, real and imaginary parts. */
    private static double[][] means(Tensor maps) {
        int channels = maps.dimension(1) / 2;
        int size = maps.dimension(2) * maps.dimension(3);
        int before = (Stem.KERNEL - 1) * maps.dimension(3);
        double[][] means = new double[2][channels];
        for (int i = 0; i < 2 * channels * size; i++) {
            int channel = i / size;
            if (i % size >= before) {
                means[channel % 2][channel / 2] += maps.data()[i] / (size - before);
            }
        }
        return means;
    }
}
