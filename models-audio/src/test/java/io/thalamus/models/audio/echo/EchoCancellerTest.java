/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.signal.FrameSlicer;
import io.thalamus.operators.signal.Padding;
import io.thalamus.operators.signal.SlicerState;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EchoCancellerTest {
    private static final SampleRate RATE = SampleRate.ofHertz(16000);
    private static final EchoFactory FACTORY = new EchoFactory();

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

    /** What a stream's windows give, one after the other; all that comes of them joined. */
    private static float[] blockByBlock(StreamModel model, int block, SignalFrame signal) {
        List<SignalFrame> windows = windows(model.signature(), block, signal);
        FrameSlicer slicer = slicer(model.signature(), block);
        CarriedState state = CarriedState.empty();
        float[] got = new float[signal.length()];
        long next = signal.sequence();
        for (SignalFrame window : windows) {
            SignalFrame whole = slicer.filledUp(window);
            ModelOutput output =
                    model.infer(List.of(new ModelInput(whole, state, FastWeights.none()))).get(0);
            state = output.state();
            SignalFrame voice = (SignalFrame) model.interpret(whole, output).get(0);
            assertThat(voice.sequence()).isEqualTo(next);
            voice = voice.until(window.nextSequence()).orElseThrow();
            System.arraycopy(
                    voice.samples(), 0, got, (int) (next - signal.sequence()), voice.length());
            next = voice.nextSequence();
        }
        assertThat(next).isEqualTo(signal.nextSequence());
        return got;
    }

    private static FrameSlicer slicer(ModelSignature signature, int block) {
        int hop = block * signature.windowStep();
        return new FrameSlicer(hop + signature.overlap(), hop, Padding.TRIM);
    }

    private static List<SignalFrame> windows(
            ModelSignature signature, int block, SignalFrame signal) {
        FrameSlicer slicer = slicer(signature, block);
        List<SignalFrame> windows = new ArrayList<>();
        SlicerState state = slicer.slice(signal, SlicerState.before(signal), windows::add);
        slicer.finish(signal.streamId(), state, windows::add);
        return windows;
    }

    private static void agree(ModelBundle bundle, int block, int... lengths) {
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                StreamModel model = FACTORY.open(bundle, engine)) {
            for (int length : lengths) {
                SignalFrame signal = signal(length);
                float[] expected = whole(bundle, engine, signal);
                float[] got = blockByBlock(model, block, signal);
                for (int n = 0; n < length; n++) {
                    assertThat(got[n])
                            .as("sample %d of %d", n, length)
                            .isCloseTo(expected[n], within(1e-5f));
                }
            }
        }
    }

    /** Ends in all places: in a hop and between two, in a window and between two, before one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 32, 40})
    void givesBlockByBlockWhatTheWholeSignalGives(int block) {
        int blockLength = block * 32;
        agree(
                TestBundles.bundle(TestBundles.SMALL),
                block,
                1,
                31,
                32,
                33,
                blockLength,
                blockLength + 31,
                blockLength + 32,
                blockLength + 33,
                3 * blockLength,
                3 * blockLength + 32,
                120 * 32 - 5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 32})
    void theFullNetworkDoesSoToo(int block) {
        agree(TestBundles.bundle(TestBundles.FULL), block, 100 * 256 + 77);
    }

    /** Calls that share a batch, some of which begin, are what each is alone, to the bit. */
    @ParameterizedTest
    @CsvSource({
        "small-causal, 1",
        "small-causal, 3",
        "small-causal, 8",
        "small-causal, 32",
        "full-causal, 1",
        "full-causal, 4",
        "full-causal, 32"
    })
    void callsThatShareABatchAreWhatTheyAreAlone(String name, int block) {
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                StreamModel model = FACTORY.open(TestBundles.bundle(name), engine)) {
            int length = block * model.signature().windowStep() + model.signature().overlap();
            List<ModelInput> batch = new ArrayList<>();
            for (int call = 0; call < 5; call++) {
                SignalFrame window = signal(length + 1000).slice(call * 200, call * 200 + length);
                CarriedState state = CarriedState.empty();
                if (call % 2 == 1) {
                    ModelInput before = new ModelInput(window, state, FastWeights.none());
                    state = model.infer(List.of(before)).get(0).state();
                }
                batch.add(new ModelInput(window, state, FastWeights.none()));
            }
            for (int calls = 2; calls <= batch.size(); calls++) {
                List<ModelOutput> together = model.infer(batch.subList(0, calls));
                for (int call = 0; call < calls; call++) {
                    ModelOutput alone = model.infer(List.of(batch.get(call))).get(0);
                    assertThat(together.get(call).values())
                            .as("call %d of %d", call, calls)
                            .isEqualTo(alone.values());
                    Map<String, float[]> state = together.get(call).state().arrays();
                    assertThat(state).hasSameSizeAs(alone.state().arrays());
                    state.forEach(
                            (array, values) ->
                                    assertThat(values)
                                            .isEqualTo(alone.state().arrays().get(array)));
                }
            }
        }
    }

    @Test
    void theVoiceHasTheNumbersAndTimesOfTheMicrophone() {
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                StreamModel model = FACTORY.open(TestBundles.bundle(TestBundles.SMALL), engine)) {
            SignalFrame window = signal(96);
            ModelInput input = new ModelInput(window, CarriedState.empty(), FastWeights.none());
            ModelOutput output = model.infer(List.of(input)).get(0);
            SignalFrame voice = (SignalFrame) model.interpret(window, output).get(0);

            assertThat(voice)
                    .isEqualTo(
                            new SignalFrame(
                                    "call",
                                    1000,
                                    3,
                                    5_000_000_000L,
                                    RATE,
                                    List.of("voice"),
                                    output.values(),
                                    0));
            assertThat(voice.length()).isEqualTo(64);
        }
    }
}
