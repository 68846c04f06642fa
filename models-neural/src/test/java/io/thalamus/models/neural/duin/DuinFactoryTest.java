/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.SafetensorsWriter;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.TokenFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What bundles say of themselves, and what is wrong with others. */
class DuinFactoryTest {
    private static final DuinFactory FACTORY = new DuinFactory();
    private static final String PARAMS = "model_params";

    @TempDir Path folder;

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void aClassifierTakesWindowsOfItsSubjects() {
        ModelBundle bundle =
                TestBundles.changed(
                        folder,
                        TestBundles.WORDS,
                        config -> config.putArray("subjects").add("S01").add("S02"));
        ModelSignature signature = FACTORY.signature(bundle);

        assertThat(signature.channels()).isEqualTo(10);
        assertThat(signature.windowLength()).isEqualTo(320);
        assertThat(signature.rate()).isEqualTo(SampleRate.ofHertz(1000));
        assertThat(signature.subjects().names()).containsExactly("S01", "S02");
        assertThat(signature.carriesState()).isFalse();
        assertThat(signature.result()).isEqualTo(Classification.class);
    }

    @Test
    void aTokenizerGivesCodesOrErrors() {
        ModelBundle codes = TestBundles.bundle(TestBundles.OTHER_CODES);
        ModelBundle errors =
                TestBundles.changed(
                        folder,
                        TestBundles.OTHER_CODES,
                        config -> config.put("gives", "errors").put("sample_rate", 500));

        assertThat(FACTORY.signature(codes).result()).isEqualTo(TokenFrame.class);
        assertThat(FACTORY.signature(errors).result()).isEqualTo(AnomalyScore.class);
        assertThat(FACTORY.signature(errors).rate()).isEqualTo(SampleRate.ofHertz(500));
    }

    @Test
    void severalSubjectsMustBeNamed() {
        assertThatThrownBy(() -> FACTORY.signature(TestBundles.bundle(TestBundles.WORDS)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("subjects must be a list of texts, but is missing");
    }

    @Test
    void aMaskModelRunsOnNoStream() {
        ModelBundle bundle =
                TestBundles.changed(
                        folder,
                        TestBundles.MASKS,
                        config -> config.putArray("subjects").add("a").add("b"));

        FACTORY.check(bundle);
        assertThatThrownBy(() -> FACTORY.signature(bundle))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "model must be vqvae or cls for a network that runs on streams");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seq_len | 310 | seq_len must be a multiple of seg_len",
                "mask_ratio | 2 | mask_ratio must be from 0 to 1",
                "n_channels | 9 | subj.d_input must be 9, as of what goes in",
                "subj.use_proj | true | use_proj must be false",
                "subj.d_output | 15 | where config.json calls for",
                "tokenizer.n_filters | [24, 20] | must be",
                "tokenizer.n_filters | [24, 20, 9] | has d_model = 32 values",
                "tokenizer.use_res | [false, true, false] | use_res must be false throughout",
                "tokenizer.use_bn | [1, 1, 1] | use_bn must be a list of true and false",
                "tokenizer.kernel_sizes | [19, 0, 3] | a list of whole numbers of at least 1",
                "encoder.norm_first | true | norm_first must be false",
                "encoder.rot_theta | 1e4 | rot_theta must be null",
                "encoder.n_blocks | 3 | has no tensor encoder.1.xfmr_blocks.2",
                "cls.n_tokens | 65 | where config.json calls for"
            })
    void refusesWhatIsNotUsable(String field, String value, String words) throws IOException {
        refuses(TestBundles.MASKS, field, value, words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rgs.d_hidden | [8] | d_hidden must be empty",
                "rgs.n_strides | [1, 1, 4, 1, 5] | their product is seg_len = 40",
                "rgs.kernel_sizes | [3, 3, 2, 9, 19] | more than one sample shorter than its"
                        + " stride",
                "rgs.d_neural | 8 | d_neural must be 16",
                "desubj.d_output | 9 | d_output must be 10, as n_channels",
                "decoder.d_ff | 65 | where config.json calls for",
                "vq.codex_size | 65 | where config.json calls for"
            })
    void refusesWhatIsNoTokenizer(String field, String value, String words) throws IOException {
        refuses(TestBundles.CODES, field, value, words);
    }

    private void refuses(String name, String field, String value, String words) throws IOException {
        JsonNode other = json(value);
        ModelBundle wrong =
                TestBundles.changed(
                        folder,
                        name,
                        config -> {
                            ObjectNode params = (ObjectNode) config.get(PARAMS);
                            int dot = field.indexOf('.');
                            ObjectNode owner =
                                    dot < 0
                                            ? params
                                            : (ObjectNode) params.get(field.substring(0, dot));
                            owner.set(field.substring(dot + 1), other);
                        });

        assertThatThrownBy(() -> FACTORY.check(wrong))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model | \"words\" | model must be vqvae, mae or cls",
                "classes | [\"a\", \"b\"] | classes must be a list of 4 different names",
                "gives | \"both\" | gives must be codes or errors",
                "sample_rate | 0 | sample_rate must be a whole number of at least 1"
            })
    void refusesWhatIsWrongAroundTheNetwork(String field, String value, String words)
            throws IOException {
        JsonNode other = json(value);
        String name = field.equals("gives") ? TestBundles.OTHER_CODES : TestBundles.WIDE_WORDS;
        ModelBundle wrong = TestBundles.changed(folder, name, config -> config.set(field, other));

        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT)) {
            assertThatThrownBy(() -> FACTORY.open(wrong, engine))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(words);
        }
    }

    @Test
    void refusesAVarianceBelowZero() throws IOException {
        ModelBundle given = TestBundles.bundle(TestBundles.WIDE_WORDS);
        Files.copy(given.folder().resolve(ModelBundle.CONFIG), folder.resolve(ModelBundle.CONFIG));
        Map<String, Tensor> weights = new LinkedHashMap<>();
        Safetensors stored = given.weights();
        stored.names().forEach(name -> weights.put(name, stored.tensor(name)));
        weights.get("tokenizer.conv_blocks.1.1.1.running_var").data()[2] = -1;
        SafetensorsWriter.write(folder.resolve(ModelBundle.WEIGHTS), weights);
        ModelBundle wrong = ModelBundle.open(folder);

        assertThatThrownBy(() -> FACTORY.check(wrong))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("running_var holds -1.0, which no variance is");
    }

    /** Where errors are given they are not asked for. */
    @ParameterizedTest
    @ValueSource(strings = {TestBundles.WIDE_WORDS, TestBundles.OTHER_CODES})
    void refusesStatisticsOfAnotherNetwork(String name) throws IOException {
        ModelBundle wrong = TestBundles.changed(folder, name, config -> {});
        Tensor one = Tensor.of(new float[1], 1);
        SafetensorsWriter.write(
                folder.resolve(ModelBundle.SOURCE_STATISTICS),
                Map.of("block0.mean", one, "block0.var", one));

        assertThatThrownBy(() -> FACTORY.check(wrong))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("block0")
                .hasMessageContaining(ModelBundle.SOURCE_STATISTICS + " has 1 values");
    }

    @Test
    void errorsAreNeitherCalibratedNorAdapted() {
        ModelBundle errors =
                TestBundles.changed(
                        folder, TestBundles.OTHER_CODES, config -> config.put("gives", "errors"));

        FACTORY.check(errors);
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT)) {
            assertThatThrownBy(() -> FACTORY.calibrate(errors, engine))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("neither adapted nor calibrated; name a bundle that");
        }
    }

    @ParameterizedTest
    @CsvSource({"wide-words, y_pred", "other-codes, codes"})
    void makesACaseOfAWindowThatItThenPasses(String name, String result) {
        ModelBundle bundle = TestBundles.bundle(name);
        ModelSignature signature = FACTORY.signature(bundle);
        float[] samples = new float[signature.channels() * signature.windowLength()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) Math.sin(i * 0.7);
        }
        List<String> channels =
                IntStream.range(0, signature.channels()).mapToObj(c -> "c" + c).toList();
        SignalFrame window =
                new SignalFrame("s", 0, 0, 0, SampleRate.ofHertz(1000), channels, samples, 0);
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                CaseRunner cases = FACTORY.openCases(bundle, engine)) {
            Map<String, CaseTensor> made = cases.record(window);

            assertThat(made).containsKeys("in.X", "in.subj_id", result);
            assertThat(made.get("in.X").floats()[1]).isEqualTo(samples[signature.windowLength()]);
            assertThat(cases.run(MissingNode.getInstance(), made).get(result).values())
                    .isEqualTo(made.get(result).values());
        }
    }

    @Test
    void aCaseNeedsWholePatchesOfOneSubject() {
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                CaseRunner cases =
                        FACTORY.openCases(TestBundles.bundle(TestBundles.WORDS), engine)) {
            JsonNode none = MissingNode.getInstance();
            CaseTensor signals = CaseTensor.of(new float[3200], 1, 320, 10);
            CaseTensor odd = CaseTensor.of(new float[3210], 1, 321, 10);
            CaseTensor shorter = CaseTensor.of(new float[2800], 1, 280, 10);
            CaseTensor subject = CaseTensor.of(new float[] {0, 1}, 1, 2);
            CaseTensor both = CaseTensor.of(new float[] {1, 1}, 1, 2);

            assertThatThrownBy(() -> cases.run(none, Map.of("in.X", odd, "in.subj_id", subject)))
                    .hasMessageContaining("whole patches of 40 samples of 10 channels");
            assertThatThrownBy(() -> cases.run(none, Map.of("in.X", signals, "in.subj_id", both)))
                    .hasMessageContaining("in.subj_id must be 1 rows of 2 values");
            assertThatThrownBy(
                            () -> cases.run(none, Map.of("in.X", shorter, "in.subj_id", subject)))
                    .hasMessage("in.X must be 320 samples long");
            assertThatThrownBy(() -> cases.run(none, Map.of("in.X", signals)))
                    .hasMessage("the case has no tensor in.subj_id");
        }
    }
}
