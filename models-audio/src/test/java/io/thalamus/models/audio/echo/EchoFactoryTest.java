/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

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
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.SafetensorsWriter;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bundles of the echo canceller say of themselves, and what is wrong with others. */
class EchoFactoryTest {
    private static final EchoFactory FACTORY = new EchoFactory();

    @TempDir Path folder;

    private ModelBundle bundle(String field, JsonNode value) {
        return BundleFiles.changed(
                folder, TestBundles.bundle(TestBundles.SMALL), config -> config.set(field, value));
    }

    @Test
    void takesTwoChannelsAtItsOwnRateInWholeBlocks() {
        ModelSignature signature = FACTORY.signature(TestBundles.bundle(TestBundles.SMALL));

        assertThat(signature.channels()).isEqualTo(2);
        assertThat(signature.rate()).isEqualTo(SampleRate.ofHertz(16_000));
        assertThat(signature.windowLength()).isEqualTo(64);
        assertThat(signature.windowStep()).isEqualTo(32);
        assertThat(signature.overlap()).isEqualTo(32);
        assertThat(signature.isContinuous()).isTrue();
        assertThat(signature.carriesState()).isTrue();
        assertThat(signature.result()).isEqualTo(SignalFrame.class);
    }

    @Test
    void aNetworkThatLooksAheadRunsOnNoStream() {
        ModelBundle symmetric = TestBundles.bundle(TestBundles.SYMMETRIC);

        FACTORY.check(symmetric);
        assertThatThrownBy(() -> FACTORY.signature(symmetric))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "time_mode must be causal for a network that runs on streams");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hop | 31 | half of an even n_fft",
                "n_fft | 63 | half of an even n_fft",
                "window | \"hann\" | sqrt_hann_periodic",
                "time_mode | \"acausal\" | causal or symmetric",
                "input_power | 0 | more than 0",
                "growth | 4 | where config.json calls for",
                "d3_blocks | 3 | has no tensor"
            })
    void refusesWhatIsNotUsable(String field, String value, String words) throws IOException {
        ModelBundle wrong = bundle(field, new ObjectMapper().readTree(value));

        assertThatThrownBy(() -> FACTORY.check(wrong))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(words);
    }

    @Test
    void refusesAVarianceBelowZero() throws IOException {
        ModelBundle given = TestBundles.bundle(TestBundles.SMALL);
        Files.copy(given.folder().resolve(ModelBundle.CONFIG), folder.resolve(ModelBundle.CONFIG));
        Map<String, Tensor> weights = new LinkedHashMap<>();
        Safetensors stored = given.weights();
        stored.names().forEach(name -> weights.put(name, stored.tensor(name)));
        weights.get("head.bn.im.var").data()[1] = -1;
        SafetensorsWriter.write(folder.resolve(ModelBundle.WEIGHTS), weights);
        ModelBundle wrong = ModelBundle.open(folder);

        assertThatThrownBy(() -> FACTORY.check(wrong))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("head.bn.im.var holds -1.0, which no variance is");
    }

    @Test
    void makesACaseOfAWindowThatItThenPasses() {
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                CaseRunner cases =
                        FACTORY.openCases(TestBundles.bundle(TestBundles.SMALL), engine)) {
            float[] samples = new float[2 * 100];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (float) Math.sin(i * 0.7) / 4;
            }
            SignalFrame window =
                    new SignalFrame(
                            "s",
                            0,
                            0,
                            0,
                            SampleRate.ofHertz(16_000),
                            List.of("m", "f"),
                            samples,
                            0);
            Map<String, CaseTensor> made = cases.record(window);

            assertThat(made).containsOnlyKeys("mic", "far", "out");
            assertThat(made.get("far").floats()[0]).isEqualTo(samples[100]);
            assertThat(cases.run(MissingNode.getInstance(), made).get("out").values())
                    .hasSize(100)
                    .isEqualTo(made.get("out").values());
        }
    }

    @Test
    void aCaseNeedsBothSignalsAndFramesThatThereAre() throws IOException {
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                CaseRunner cases =
                        FACTORY.openCases(TestBundles.bundle(TestBundles.SMALL), engine)) {
            CaseTensor signal = CaseTensor.of(new float[100], 100);
            JsonNode none = MissingNode.getInstance();

            assertThatThrownBy(() -> cases.run(none, Map.of("mic", signal)))
                    .hasMessage("the case has no signal far");
            CaseTensor shorter = CaseTensor.of(new float[99], 99);
            assertThatThrownBy(() -> cases.run(none, Map.of("mic", signal, "far", shorter)))
                    .hasMessage("mic has 100 samples, far has 99");
            JsonNode beyond = new ObjectMapper().readTree("{\"tap_frames\": [3, 9]}");
            assertThatThrownBy(() -> cases.run(beyond, Map.of("mic", signal, "far", signal)))
                    .hasMessage("tap_frames asks for frames 3 to 9 of 5");
        }
    }
}
