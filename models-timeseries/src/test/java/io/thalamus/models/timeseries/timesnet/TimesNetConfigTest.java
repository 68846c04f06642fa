/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.models.timeseries.timesnet.TimeMarks.Embedding;
import io.thalamus.models.timeseries.timesnet.TimeMarks.Frequency;
import io.thalamus.models.timeseries.timesnet.TimesNetConfig.Task;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ReferenceEngine;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a bundle that cannot be used is told. */
class TimesNetConfigTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    @Test
    void readsAllFields() {
        ModelBundle bundle = TestBundles.bundle("/bundles/odd-lengths");
        assertThat(TimesNetConfig.of(bundle.config()))
                .isEqualTo(
                        new TimesNetConfig(
                                Task.LONG_TERM_FORECAST,
                                31,
                                22,
                                2,
                                List.of(),
                                6,
                                10,
                                1,
                                4,
                                2,
                                /* linear= */ false,
                                TimeMarks.of(Embedding.TIME_F, Frequency.H),
                                5000,
                                1e-5,
                                1e-5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
task_name | "forecast" | task_name must be one of [long_term_forecast, short_term_forecast, imputation, anomaly_detection, classification], but is "forecast"
task_name | null | task_name must be a text, but is null
seq_len | 1 | seq_len must be a whole number of at least 2, but is 1
seq_len | 5001 | seq_len must be at most positional_embedding_max_len, which is 5000, but is 5001
pred_len | 0 | pred_len must be a whole number of at least 1, but is 0
pred_len | 2147483647 | pred_len must be small enough to be added to seq_len, but is 2147483647
enc_in | "7" | enc_in must be a whole number of at least 1, but is "7"
c_out | 6 | c_out must be enc_in, which is 7, but is 6
d_model | 15 | d_model must be even, but is 15
d_model | 0 | d_model must be a whole number of at least 2, but is 0
d_ff | 1.5 | d_ff must be a whole number of at least 1, but is 1.5
e_layers | 0 | e_layers must be a whole number of at least 1, but is 0
top_k | 97 | top_k must be at most (seq_len + pred_len) / 2, which is 96, but is 97
num_kernels | 0 | num_kernels must be a whole number of at least 1, but is 0
embed | "timef" | embed must be one of [timeF, fixed, learned], but is "timef"
freq | "x" | freq must be one of [s, t, h, d, b, w, m, min], but is "x"
gelu | "tanh" | gelu must be "erf", but is "tanh"
layer_norm_eps | 0 | layer_norm_eps must be positive, but is 0
normalisation_eps | "small" | normalisation_eps must be a number, but is "small"
""")
    void namesTheFieldThatIsWrong(String field, String value, String message) throws IOException {
        ModelBundle bundle = withField(field, value);
        assertThatThrownBy(() -> new TimesNetFactory().signature(bundle))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(folder.resolve("config.json") + ": " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
imputation | pred_len | 3 | pred_len must be 0 or left out for imputation, but is 3
imputation | embed | "learnt" | embed must be one of [timeF, fixed, learned], but is "learnt"
imputation | missing | "zero" | missing must be one of [mean, line], but is "zero"
imputation | top_k | 37 | top_k must be at most seq_len / 2, which is 36, but is 37
anomaly_detection | c_out | 3 | c_out must be enc_in, which is 4, but is 3
anomaly_detection | pred_len | "none" | pred_len must be a whole number of at least 0, but is "none"
classification | num_class | null | num_class must be a whole number of at least 2, but is null
classification | num_class | 1 | num_class must be a whole number of at least 2, but is 1
classification | classes | ["a", "b", "c"] | classes must be a list of 4 different names, as num_class says, but is ["a","b","c"]
classification | classes | ["a", "b", "c", "a"] | classes must be a list of 4 different names, as num_class says, but is ["a","b","c","a"]
classification | classes | ["a", "b", "c", 4] | classes must be a list of texts, but is ["a","b","c",4]
classification | classes | "abcd" | classes must be a list of texts, but is "abcd"
""")
    void namesTheFieldThatIsWrongForATask(String task, String field, String value, String message)
            throws IOException {
        ModelBundle bundle = withField("/golden/timesnet/" + task, field, value);
        assertThatThrownBy(() -> new TimesNetFactory().signature(bundle))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(folder.resolve("config.json") + ": " + message);
    }

    @Test
    void classesAreNumberedUnlessNamed() {
        assertThat(classes(TestBundles.CLASSIFICATION)).containsExactly("0", "1", "2", "3");
        assertThat(classes("/bundles/classify-short")).containsExactly("idle", "busy");
        assertThat(classes(TestBundles.ANOMALY)).isEmpty();
    }

    private static List<String> classes(String bundle) {
        return TimesNetConfig.of(TestBundles.bundle(bundle).config()).classes();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
/golden/timesnet/classification | num_class | 5 | tensor projection.weight has shape [4, 960] where config.json calls for [5, 960]
/golden/timesnet/imputation | embed | "fixed" | has no tensor enc_embedding.temporal_embedding.month_embed.emb.weight, which config.json calls for
/bundles/fixed-minutes | embed | "learned" | has no tensor enc_embedding.temporal_embedding.month_embed.weight, which config.json calls for
/bundles/learned-hours | freq | "t" | has no tensor enc_embedding.temporal_embedding.minute_embed.weight, which config.json calls for
""")
    void namesTheWeightThatDoesNotFitTheTask(
            String path, String field, String value, String message) throws IOException {
        ModelBundle bundle = withField(path, field, value);
        Files.copy(
                TestBundles.bundle(path).folder().resolve("weights.safetensors"),
                folder.resolve("weights.safetensors"));
        assertThatThrownBy(() -> new TimesNetFactory().check(bundle))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageEndingWith(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
num_kernels | 7 | has no tensor model.0.conv.0.kernels.6.weight, which config.json calls for
e_layers | 3 | has no tensor model.2.conv.0.kernels.0.weight, which config.json calls for
d_ff | 16 | tensor model.0.conv.0.kernels.0.weight has shape [32, 16, 1, 1] where config.json calls for [16, 16, 1, 1]
pred_len | 48 | tensor predict_linear.weight has shape [192, 96] where config.json calls for [144, 96]
freq | "d" | tensor enc_embedding.temporal_embedding.embed.weight has shape [16, 4] where config.json calls for [16, 3]
positional_embedding_max_len | 96 | tensor enc_embedding.position_embedding.pe has shape [1, 5000, 16] where config.json calls for [1, 96, 16]
""")
    void namesTheWeightThatDoesNotFit(String field, String value, String message)
            throws IOException {
        ModelBundle bundle = withField(field, value);
        Files.copy(
                TestBundles.bundle(TestBundles.LONG_TERM).folder().resolve("weights.safetensors"),
                folder.resolve("weights.safetensors"));
        assertThatThrownBy(() -> new TimesNetFactory().open(bundle, new ReferenceEngine()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(folder.resolve("weights.safetensors").toString())
                .hasMessageEndingWith(message);
        assertThatThrownBy(() -> new TimesNetFactory().check(bundle))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageEndingWith(message);
    }

    private ModelBundle withField(String field, String value) throws IOException {
        return withField(TestBundles.LONG_TERM, field, value);
    }

    private ModelBundle withField(String path, String field, String value) throws IOException {
        ModelBundle whole = TestBundles.bundle(path);
        ObjectNode config = whole.config().root().deepCopy();
        config.set(field, JSON.readTree(value));
        JSON.writeValue(folder.resolve("config.json").toFile(), config);
        return ModelBundle.open(folder);
    }
}
