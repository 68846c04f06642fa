/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EchoCancellerTest {
    private static final SampleRate RATE = SampleRate.ofHertz(16000);
    private static final EchoFactory FACTORY = new EchoFactory();

    @TempDir Path folder;

    /** The bundle with blocks of so many frames. */
    private ModelBundle bundle(String name, int block) throws IOException {
        ModelBundle given = TestBundles.bundle(name);
        ObjectNode config = given.config().root().deepCopy();
        config.put("block_frames", block);
        Files.writeString(folder.resolve(ModelBundle.CONFIG), config.toString());
        Path weights = folder.resolve(ModelBundle.WEIGHTS);
        if (!Files.exists(weights)) {
            Files.copy(given.folder().resolve(ModelBundle.WEIGHTS), weights);
        }
        return ModelBundle.open(folder);
    }

    private static SignalFrame signal(int length) {
        SplittableRandom random = new SplittableRandom(5);
        float[] samples = new float[2 * length];
        for (int i = 0; i < samples.length; i++) {
            double swell = 0.6 + 0.4 * Math.sin(i / 700.0);
            samples[i] = (float) (swell * (random.nextDouble() - 0.5));
        }
        return new SignalFrame(
                "call", 1000, 3, 5_000_000_000L, RATE, List.of("mic", "far"), samples, 0);
    }

    private static float[] whole(ModelBundle bundle, GraphEngine engine, SignalFrame signal) {
        try (CaseRunner cases = FACTORY.openCases(bundle, engine)) {
            int length = signal.length();
            float[] microphone = new float[length];
            float[] farEnd = new float[length];
            System.arraycopy(signal.samples(), 0, microphone, 0, length);
            System.arraycopy(signal.samples(), length, farEnd, 0, length);
            Map<String, CaseTensor> results =
                    cases.run(
                            MissingNode.getInstance(),
                            Map.of(
                                    "mic", CaseTensor.of(microphone, length),
                                    "far", CaseTensor.of(farEnd, length)));
            return results.get("out").floats();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "small-causal, 1",
        "small-causal, 3",
        "small-causal, 8",
        "small-causal, 40",
        "full-causal, 8"
    })
    void givesBlockByBlockWhatTheWholeSignalGives(String name, int block) throws IOException {
        ModelBundle bundle = bundle(name, block);
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                StreamModel model = FACTORY.open(bundle, engine)) {
            int length = model.signature().windowLength();
            int hop = length / block;
            int blocks = 120 / block;
            SignalFrame signal = signal(blocks * length);
            float[] expected = whole(bundle, engine, signal);
            CarriedState state = CarriedState.empty();
            float[] got = new float[expected.length];
            for (int i = 0; i < blocks; i++) {
                SignalFrame window = signal.slice(i * length, (i + 1) * length);
                ModelOutput output =
                        model.infer(List.of(new ModelInput(window, state, FastWeights.none())))
                                .get(0);
                SignalFrame voice = (SignalFrame) model.interpret(window, output).get(0);
                state = output.state();
                int at = (int) (voice.sequence() - signal.sequence());
                for (int n = Math.max(0, -at); n < voice.length(); n++) {
                    got[at + n] = voice.samples()[n];
                }
            }
            int reached = expected.length - hop;
            for (int n = 0; n < reached; n++) {
                assertThat(got[n]).as("sample %d", n).isCloseTo(expected[n], within(1e-5f));
            }
        }
    }

    @Test
    void theVoiceIsOneHopBehind() throws IOException {
        ModelBundle bundle = bundle(TestBundles.SMALL, 2);
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                StreamModel model = FACTORY.open(bundle, engine)) {
            SignalFrame window = signal(64);
            ModelInput input = new ModelInput(window, CarriedState.empty(), FastWeights.none());
            ModelOutput output = model.infer(List.of(input)).get(0);
            SignalFrame voice = (SignalFrame) model.interpret(window, output).get(0);

            assertThat(voice.sequence()).isEqualTo(1000 - 32);
            assertThat(voice.startNanos()).isEqualTo(5_000_000_000L - 2_000_000);
            assertThat(voice.length()).isEqualTo(64);
            assertThat(voice.channels()).containsExactly("voice");
            assertThat(voice.segment()).isEqualTo(3);
        }
    }
}
