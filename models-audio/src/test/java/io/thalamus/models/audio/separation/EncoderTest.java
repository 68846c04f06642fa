/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Judge;
import io.thalamus.operators.adaptation.PlasticLayer;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModulatedSignal;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.TestEngines;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EncoderTest {

    static Stream<String> bundles() {
        return TestBundles.OTHERS.stream().limit(2);
    }

    /**
     * With weights of nothing all neurons share each patch equally, so a neuron's change is the
     * mean patch, times its norm in the bundle over how many they are. What its filter in the
     * bundle makes of the mean patch must be the mean of what the network's encoder has given.
     */
    @ParameterizedTest
    @MethodSource("bundles")
    void theRuleSeesWhatTheEncoderSees(String name) {
        ModelBundle bundle = TestBundles.bundle(name);
        SeparatorConfig config = SeparatorConfig.of(bundle.config());
        int channels = config.channels();
        int kernel = config.kernel();
        SignalFrame window = window(config);
        PlasticLayer layer = new Encoder(config, bundle).plastic();
        float[] filters = layer.source().get(Encoder.WEIGHT);
        double[] change =
                layer.change(Map.of(Encoder.WEIGHT, new float[filters.length]), window)
                        .get(Encoder.WEIGHT);
        float[] output = output(bundle, window);
        for (int k = 0; k < channels; k++) {
            double squares = 0;
            double response = 0;
            for (int i = k * kernel; i < (k + 1) * kernel; i++) {
                squares += filters[i] * filters[i];
                response += filters[i] * change[i];
            }
            response *= channels / Math.sqrt(squares);
            assertThat(response).isCloseTo(output[output.length - 2 * channels + k], within(1e-6));
        }
    }

    private static SignalFrame window(SeparatorConfig config) {
        SplittableRandom random = new SplittableRandom(11);
        float[] samples = new float[config.window()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (random.nextDouble() - 0.3);
        }
        SampleRate rate = SampleRate.ofHertz(config.sampleRate());
        return new SignalFrame("s", 0, 0, 0, rate, List.of("mixture"), samples, 0);
    }

    /** The voices, the means of the encoder's channels, their variances. */
    private static float[] output(ModelBundle bundle, SignalFrame window) {
        SeparatorConfig config = SeparatorConfig.of(bundle.config());
        StreamModulator modulator =
                new ModulatedSignal("encoder", config.channels(), false, Judge.BLIND).measuring();
        try (GraphEngine engine = TestEngines.open("reference");
                StreamModel model =
                        new SpeechSeparator(
                                new SeparatorFactory().signature(bundle),
                                config,
                                new SeparatorNetwork(
                                        config,
                                        bundle,
                                        engine,
                                        config.window(),
                                        SeparatorGraph.RESPONSES::equals,
                                        modulator),
                                modulator)) {
            ModelInput input = new ModelInput(window, CarriedState.empty(), FastWeights.none());
            return model.infer(List.of(input)).get(0).values();
        }
    }
}
