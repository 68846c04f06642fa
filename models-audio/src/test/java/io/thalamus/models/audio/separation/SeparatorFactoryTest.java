/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.thalamus.operators.inference.BundleFiles;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bundles of the separator say of themselves, and what is wrong with others. */
class SeparatorFactoryTest {
    private static final SeparatorFactory FACTORY = new SeparatorFactory();

    @TempDir Path folder;

    private ModelBundle bundle(String field, JsonNode value) {
        return BundleFiles.changed(
                folder, TestBundles.bundle(TestBundles.TINY), config -> config.set(field, value));
    }

    @Test
    void takesOneChannelAtItsOwnRateInWindowsOfFourSeconds() {
        ModelSignature signature = FACTORY.signature(TestBundles.bundle(TestBundles.TINY));

        assertThat(signature.channels()).isEqualTo(1);
        assertThat(signature.rate()).isEqualTo(SampleRate.ofHertz(8000));
        assertThat(signature.windowLength()).isEqualTo(4 * 8000);
        assertThat(signature.acceptsMissing()).isFalse();
        assertThat(signature.result()).isEqualTo(SignalFrame.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "encoder_stride | 17 | at most encoder_kernel_size",
                "encoder_dim | 31 | must be even",
                "encoder_dim | 34 | where config.json calls for",
                "expansion_factor | 0.01 | an even number",
                "fsmn_dense_depth | 3 | must be 2",
                "depthwise_kernel | 16 | must be odd",
                "depthwise_kernel | 15 | where config.json calls for",
                "rotary_dim_max | 31 | an even number of dimensions",
                "num_layers | 3 | has no tensor",
                "num_speakers | 3 | where config.json calls for",
                "skip_mask_multiplication | 1 | must be true or false",
                "window_samples | 23 | a whole number of at least 24",
                "eps | {\"masknet_norm\": 0} | eps.masknet_norm must be more than 0",
                "eps | {\"masknet_norm\": 1e-5, \"intra_norm\": 1e-8} | equal to masknet_norm"
            })
    void refusesWhatIsNotUsable(String field, String value, String words) throws IOException {
        ModelBundle wrong = bundle(field, new ObjectMapper().readTree(value));

        assertThatThrownBy(() -> FACTORY.check(wrong))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(words);
    }

    @Test
    void makesACaseOfAWindowThatItThenPasses() {
        ModelBundle bundle = TestBundles.bundle(TestBundles.TINY);
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                CaseRunner cases = FACTORY.openCases(bundle, engine)) {
            float[] samples = new float[300];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (float) Math.sin(i * 0.7) / 4;
            }
            SampleRate rate = SampleRate.ofHertz(8000);
            SignalFrame window = new SignalFrame("s", 0, 0, 0, rate, List.of("mono"), samples, 0);
            Map<String, CaseTensor> made = cases.record(window);

            assertThat(made).containsOnlyKeys("mixture", "separated");
            assertThat(cases.run(MissingNode.getInstance(), made).get("separated").values())
                    .hasSize(2 * 300)
                    .isEqualTo(made.get("separated").values());
        }
    }

    @Test
    void aCaseNeedsAMixtureOfTwoFrames() {
        ModelBundle bundle = TestBundles.bundle(TestBundles.TINY);
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                CaseRunner cases = FACTORY.openCases(bundle, engine)) {
            JsonNode none = MissingNode.getInstance();

            assertThatThrownBy(() -> cases.run(none, Map.of()))
                    .hasMessage("the case has no mixtures: mixture");
            CaseTensor shorter = CaseTensor.of(new float[23], 1, 23);
            assertThatThrownBy(() -> cases.run(none, Map.of("mixture", shorter)))
                    .hasMessage("a separation needs at least 24 samples, two frames, not 23");
        }
    }
}
