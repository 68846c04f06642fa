/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.ReferenceEngine;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.TestEngines;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every stored tensor of the reference implementation, recomputed. */
class TimesNetCasesTest {
    private static final Set<String> INPUTS = Set.of("x_enc", "x_mark_enc", "mask");
    private static final double OF_OUTPUTS = 5e-5;
    private static final double OF_AMPLITUDES = 1e-4;

    @ParameterizedTest
    @MethodSource("io.thalamus.models.timeseries.timesnet.TestBundles#bundlesAndEngines")
    void agreesWithTheReference(String path, String engineName) {
        ModelBundle bundle = TestBundles.bundle(path);
        Safetensors stored = bundle.cases().orElseThrow();
        Set<String> unseen = new TreeSet<>(stored.names());
        unseen.removeIf(name -> name.endsWith(".x_true")); // what was masked, for the curious
        try (GraphEngine engine = TestEngines.open(engineName);
                CaseRunner runner = new TimesNetFactory().openCases(bundle, engine)) {
            for (JsonNode description : bundle.config().root().path("cases")) {
                String name = description.path("name").textValue();
                Map<String, CaseTensor> inputs = inputs(stored, name);
                inputs.keySet().forEach(input -> unseen.remove(name + "." + input));
                Map<String, CaseTensor> results = runner.run(description, inputs);
                results.forEach(
                        (tensor, result) -> {
                            if (unseen.remove(name + "." + tensor)) {
                                compare(name + "." + tensor, result, stored);
                            }
                        });
            }
        }
        assertThat(unseen).as("stored but not computed").isEmpty();
    }

    /** The reference gives a window this only alone; here its company must not matter. */
    @ParameterizedTest
    @CsvSource({
        TestBundles.LONG_TERM + ", 2",
        TestBundles.SHORT_TERM + ", 1",
        TestBundles.IMPUTATION + ", 3",
        TestBundles.ANOMALY + ", 0",
        TestBundles.CLASSIFICATION + ", 2"
    })
    void aWindowInABatchGetsWhatTheReferenceGivesItAlone(String path, int row) {
        ModelBundle bundle = TestBundles.bundle(path);
        Safetensors stored = bundle.cases().orElseThrow();
        double[] alone = stored.values("batch4_row%d_alone.y".formatted(row)).values();
        for (String name : TestBundles.engines().toList()) {
            try (GraphEngine engine = TestEngines.open(name);
                    CaseRunner runner = new TimesNetFactory().openCases(bundle, engine)) {
                Map<String, CaseTensor> inputs = inputs(stored, "batch4");
                double[] all = runner.run(MissingNode.getInstance(), inputs).get("y").values();
                assertThat(Arrays.copyOfRange(all, row * alone.length, (row + 1) * alone.length))
                        .as(name)
                        .containsExactly(alone, within(OF_OUTPUTS));
            }
        }
    }

    private static Map<String, CaseTensor> inputs(Safetensors stored, String name) {
        Map<String, CaseTensor> inputs = new HashMap<>();
        for (String input : INPUTS) {
            if (stored.names().contains(name + "." + input)) {
                inputs.put(input, stored.values(name + "." + input));
            }
        }
        return inputs;
    }

    private static void compare(String name, CaseTensor result, Safetensors stored) {
        CaseTensor expected = stored.values(name);
        assertThat(result.shape()).as("shape of %s", name).isEqualTo(expected.shape());
        boolean exact = name.endsWith("_list") && !name.endsWith("frequency_list");
        boolean amplitude = name.endsWith("frequency_list") || name.endsWith("period_weight");
        for (int i = 0; i < expected.values().length; i++) {
            double wanted = expected.values()[i];
            double tolerance =
                    exact ? 0 : amplitude ? OF_AMPLITUDES * Math.abs(wanted) : OF_OUTPUTS;
            assertThat(result.values()[i])
                    .as("%s at %d", name, i)
                    .isCloseTo(wanted, within(tolerance));
        }
    }

    /** Recorded as the reference would have stored it, whatever the task and the time embedding. */
    @ParameterizedTest
    @MethodSource("io.thalamus.models.timeseries.timesnet.TestBundles#bundles")
    void aRecordedWindowIsACaseOfWhatTheModelGives(String path) {
        ModelBundle bundle = TestBundles.bundle(path);
        TimesNetFactory factory = new TimesNetFactory();
        try (GraphEngine engine = new ReferenceEngine();
                StreamModel model = factory.open(bundle, engine);
                CaseRunner runner = factory.openCases(bundle, engine)) {
            SignalFrame window = window(model.signature());
            ModelInput input = new ModelInput(window, CarriedState.empty(), FastWeights.none());
            float[] given = model.infer(List.of(input)).get(0).values();

            Map<String, CaseTensor> recorded = runner.record(window);

            Map<String, CaseTensor> inputs = new HashMap<>(recorded);
            CaseTensor output = inputs.remove("y");
            assertThat(INPUTS).containsAll(inputs.keySet());
            CaseTensor again = runner.run(MissingNode.getInstance(), inputs).get("y");
            assertThat(again.values()).isEqualTo(output.values());
            // One channel after the other here, one sample after the other there.
            boolean samples = output.shape().length == 3;
            int steps = samples ? output.shape()[1] : 1;
            int columns = samples ? output.shape()[2] : output.shape()[1];
            for (int i = 0; i < given.length; i++) {
                assertThat((float) output.values()[i % steps * columns + i / steps])
                        .isEqualTo(given[i]);
            }
            recorded.values()
                    .forEach(
                            tensor ->
                                    assertThat(Arrays.stream(tensor.values()))
                                            .allMatch(Double::isFinite));
        }
    }

    /** Not at midnight, so that times matter; with a hole if the model fills holes. */
    private static SignalFrame window(ModelSignature signature) {
        Random random = new Random(1);
        float[] samples = new float[signature.channels() * signature.windowLength()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) random.nextGaussian();
        }
        if (signature.acceptsMissing()) {
            samples[3] = Float.NaN;
        }
        List<String> channels =
                IntStream.range(0, signature.channels()).mapToObj(Integer::toString).toList();
        return new SignalFrame(
                "s",
                0,
                0,
                1_700_000_000_000_000_000L,
                new SampleRate(1, 900),
                channels,
                samples,
                0);
    }

    @Test
    void saysWhatIsWrongWithACase() {
        ModelBundle bundle = TestBundles.bundle(TestBundles.LONG_TERM);
        JsonNode single = bundle.config().root().path("cases").path(3);
        Map<String, CaseTensor> inputs = inputs(bundle.cases().orElseThrow(), "single");
        try (GraphEngine engine = new ReferenceEngine();
                CaseRunner runner = new TimesNetFactory().openCases(bundle, engine)) {
            assertThatThrownBy(() -> runner.run(single, Map.of()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the case has no tensor x_enc");
            CaseTensor marks = inputs.get("x_mark_enc");
            inputs.put("x_mark_enc", new CaseTensor(new int[] {1, 4, 96}, marks.values()));
            assertThatThrownBy(() -> runner.run(single, inputs))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage(
                            "x_mark_enc has shape [1, 4, 96] where config.json calls for [windows,"
                                    + " 96, 4]");
            inputs.put("x_mark_enc", new CaseTensor(new int[] {2, 96, 4}, new double[2 * 96 * 4]));
            assertThatThrownBy(() -> runner.run(single, inputs))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("x_enc has 1 windows, x_mark_enc has 2");
        }
    }
}
