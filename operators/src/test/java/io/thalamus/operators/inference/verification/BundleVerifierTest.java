/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.operators.inference.ReferenceEngine;
import io.thalamus.operators.inference.SafetensorsFile;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundleVerifierTest {
    private static final String ONE_CASE = "\"inputs\": [\"x\"], \"cases\": [{\"name\": \"c0\"}]";

    @TempDir private Path folder;
    private BundleVerifier verifier;

    @BeforeEach
    void makeVerifier() throws IOException {
        Path services = folder.resolve("loader/META-INF/services");
        Files.createDirectories(services);
        Files.writeString(
                services.resolve("io.thalamus.operators.inference.ModelFactory"),
                AffineFactory.class.getName());
        URL root = folder.resolve("loader/").toUri().toURL();
        verifier =
                new BundleVerifier(
                        new ReferenceEngine(),
                        new URLClassLoader(new URL[] {root}, getClass().getClassLoader()));
    }

    @Test
    void comparesWhatTheModelProducesAndListsTheRest() throws IOException {
        Path bundle =
                bundle(
                        "good",
                        ONE_CASE,
                        x().floats("c0.y", new int[] {2, 2}, 5, 1, 11, 3)
                                .longs("c0.rows", new int[] {1}, 2)
                                .floats("c0.y_true", new int[] {1}, 9)
                                .floats("stray", new int[] {1}, 9));
        BundleResult result = verifier.verify(bundle);
        assertThat(result)
                .isEqualTo(
                        new BundleResult(
                                bundle.toString(),
                                "affine",
                                "reference",
                                List.of(
                                        new TensorResult("c0", "y", 0, 0, 1e-4, true),
                                        new TensorResult("c0", "rows", 0, 0, 1e-4, true)),
                                List.of("c0.y_true", "stray"),
                                true,
                                null));
    }

    @Test
    void isWrittenAsTheDocumentedJson() throws IOException {
        Path bundle = bundle("b", ONE_CASE, x().floats("c0.y", new int[] {2, 2}, 5, 1, 11, 3));
        String json = new ObjectMapper().writeValueAsString(List.of(verifier.verify(bundle)));
        assertThat(json)
                .isEqualTo(
                        ("[{'bundle':'%s','architecture':'affine','engine':'reference','results':["
                             + "{'case':'c0','tensor':'y','relativeL2':0.0,'maxAbs':0.0,"
                             + "'tolerance':1.0E-4,'ok':true}],'notCompared':[],'ok':true}]")
                                .formatted(bundle)
                                .replace('\'', '"'));
    }

    @Test
    void writesNoNumbersThatJsonDoesNotHave() throws IOException {
        Path bundle = bundle("b", ONE_CASE, x().floats("c0.y", new int[] {1}, 1));
        String json = new ObjectMapper().writeValueAsString(verifier.verify(bundle));
        assertThat(json).contains("\"relativeL2\":null,\"maxAbs\":null").contains("\"reason\":\"");
    }

    @ParameterizedTest
    @CsvSource({
        // what is off is one value of 11 by 0.01; the norm of all is sqrt(156)
        "maxAbs, 0.0101, true",
        "maxAbs, 0.0099, false",
        "relativeL2, 0.000802, true",
        "relativeL2, 0.000799, false",
        "relativeMax, 0.00092, true",
        "relativeMax, 0.00090, false"
    })
    void measuresAsTheConfigurationSays(String metric, double value, boolean ok)
            throws IOException {
        Path bundle =
                bundle(
                        "b",
                        ONE_CASE
                                + ", \"tolerance\": {\"metric\": \"%s\", \"value\": %s}"
                                        .formatted(metric, value),
                        x().floats("c0.y", new int[] {2, 2}, 5, 1, 11.01f, 3));
        BundleResult result = verifier.verify(bundle);
        assertThat(result.ok()).isEqualTo(ok);
        TensorResult tensor = result.results().get(0);
        assertThat(tensor.ok()).isEqualTo(ok);
        assertThat(tensor.tolerance()).isEqualTo(value);
        assertThat(tensor.maxAbs()).isBetween(0.00999, 0.01001);
        assertThat(tensor.relativeL2()).isBetween(0.00080, 0.00080122);
        if (ok) {
            assertThat(result.reason()).isNull();
        } else {
            assertThat(result.reason())
                    .isEqualTo("1 of 1 tensors are further from the reference than the tolerance");
        }
    }

    @Test
    void prefersTheCasesOwnTolerance() throws IOException {
        String own = "{\"suggested_abs_tolerance\": %s, \"float32_max_abs_error_seen\": 1e-9}";
        String config =
                ("\"inputs\": [\"x\"], \"tolerance\": {\"metric\": \"maxAbs\", \"value\": 1},"
                     + " \"cases\": [{\"name\": \"c0\", \"tolerance\": {\"y\": %s, \"E\": %s}},"
                     + " {\"name\": \"c1\"}]")
                        .formatted(own.formatted("0.005"), own.formatted("0.5"));
        Path bundle =
                bundle(
                        "b",
                        config,
                        x().floats("c0.y", new int[] {2, 2}, 5, 1, 11.01f, 3)
                                .floats("c0.mask_echo.re", new int[] {1}, 0.9f)
                                .floats("c1.x", new int[] {1, 3}, 1, 1, 1)
                                .floats("c1.y", new int[] {1, 2}, 2.5f, 1));
        List<TensorResult> results = verifier.verify(bundle).results();
        assertThat(results).extracting(TensorResult::tolerance).containsExactly(0.005, 0.5, 1.0);
        assertThat(results).extracting(TensorResult::ok).containsExactly(false, true, true);
    }

    @Test
    void wantsIntegersExactlyWhereTheConfigurationDoes() throws IOException {
        String tolerance = ", \"tolerance\": {\"metric\": \"maxAbs\", \"value\": 5%s}";
        SafetensorsFile cases = x().longs("c0.rows", new int[] {1}, 3);
        Path exact =
                bundle("exact", ONE_CASE + tolerance.formatted(", \"integers\": \"exact\""), cases);
        Path near = bundle("near", ONE_CASE + tolerance.formatted(""), cases);
        assertThat(verifier.verify(exact).results())
                .containsExactly(new TensorResult("c0", "rows", 1 / 3.0, 1, 0, false));
        assertThat(verifier.verify(near).ok()).isTrue();
    }

    @Test
    void wantsZerosExactlyWhereTheConfigurationDoes() throws IOException {
        String tolerance =
                ", \"tolerance\": {\"metric\": \"maxAbs\", \"value\": 1, \"zero_reference\":"
                        + " \"exact\"}";
        SafetensorsFile off =
                new SafetensorsFile()
                        .floats("c0.x", new int[] {1, 3}, 0, 1e-3f, 0)
                        .floats("c0.y", new int[] {1, 2}, 0, 0);
        assertThat(verifier.verify(bundle("off", ONE_CASE + tolerance, off)).ok()).isFalse();
        SafetensorsFile zero =
                new SafetensorsFile()
                        .floats("c0.x", new int[] {1, 3}, 0, 0, 0)
                        .floats("c0.y", new int[] {1, 2}, 0, 0);
        BundleResult result = verifier.verify(bundle("zero", ONE_CASE + tolerance, zero));
        assertThat(result.results()).containsExactly(new TensorResult("c0", "y", 0, 0, 0, true));
    }

    @Test
    void failsWhatIsNaNAloneAndPassesWhatIsNaNInBoth() throws IOException {
        float nan = Float.NaN;
        String loose = ONE_CASE + ", \"tolerance\": {\"metric\": \"maxAbs\", \"value\": 1e9}";
        SafetensorsFile found =
                new SafetensorsFile()
                        .floats("c0.x", new int[] {1, 3}, nan, 0, 0)
                        .floats("c0.y", new int[] {1, 2}, 0, 0);
        BundleResult result = verifier.verify(bundle("found", loose, found));
        assertThat(result.ok()).isFalse();
        assertThat(result.reason()).contains("case c0: tensor y is NaN");
        SafetensorsFile wanted =
                new SafetensorsFile()
                        .floats("c0.x", new int[] {1, 3}, 0, 0, 0)
                        .floats("c0.y", new int[] {1, 2}, nan, 0);
        assertThat(verifier.verify(bundle("wanted", loose, wanted)).ok()).isFalse();
        SafetensorsFile both =
                new SafetensorsFile()
                        .floats("c0.x", new int[] {1, 3}, nan, 0, 0)
                        .floats("c0.y", new int[] {1, 2}, nan, nan);
        assertThat(verifier.verify(bundle("both", loose, both)).ok()).isTrue();
    }

    @Test
    void failsOtherShapesWhateverTheTolerance() throws IOException {
        String loose = ONE_CASE + ", \"tolerance\": {\"metric\": \"maxAbs\", \"value\": 1e9}";
        BundleResult result =
                verifier.verify(bundle("b", loose, x().floats("c0.y", new int[] {4}, 5, 1, 11, 3)));
        assertThat(result.ok()).isFalse();
        assertThat(result.reason())
                .contains("case c0: tensor y has shape [2, 2] where the reference has [4]");
    }

    @Test
    void goesOnAfterACaseThatCannotBeRun() throws IOException {
        String config =
                "\"inputs\": [\"x\"], \"cases\": [{\"name\": \"c0\"}, {\"name\": \"c0.b\"}]";
        Path bundle =
                bundle(
                        "b",
                        config,
                        new SafetensorsFile()
                                .floats("c0.x", new int[] {1, 2}, 1, 1)
                                .floats("c0.y", new int[] {1, 2}, 1, 1)
                                .floats("c0.b.x", new int[] {1, 3}, 1, 1, 1)
                                .floats("c0.b.y", new int[] {1, 2}, 3, 1));
        BundleResult result = verifier.verify(bundle);
        assertThat(result.ok()).isFalse();
        assertThat(result.results()).extracting(TensorResult::caseName).containsExactly("c0.b");
        assertThat(result.reason()).startsWith("case c0: ").doesNotContain("\n");
    }

    @Test
    void failsACaseOfWhichNothingIsCompared() throws IOException {
        BundleResult result =
                verifier.verify(bundle("b", ONE_CASE, x().floats("c0.z", new int[] {1}, 1)));
        assertThat(result.ok()).isFalse();
        assertThat(result.reason()).isEqualTo("case c0: nothing is stored that it produces");
        assertThat(result.notCompared()).containsExactly("c0.z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"blocks", "training"})
    void skipsWhatIsForUnitTests(String kind) throws IOException {
        Path bundle = folder("b", "{\"kind\": \"%s\"}".formatted(kind));
        BundleResult result = verifier.verify(bundle);
        assertThat(result.ok()).isTrue();
        assertThat(result.results()).isEmpty();
        assertThat(result.reason())
                .isEqualTo("skipped: a bundle of kind %s is for unit tests", kind);
    }

    @Test
    void namesTheOperatorsThereAre() throws IOException {
        BundleResult result =
                verifier.verify(folder("b", "{\"kind\": \"operator\", \"operator\": \"rff\"}"));
        assertThat(result.ok()).isFalse();
        assertThat(result.architecture()).isEqualTo("rff");
        assertThat(result.reason())
                .contains("config.json: operator must be one of [", "but is \"rff\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                          | cannot be read as JSON",
                "{'kind': 'picture'}                        | kind must be one of",
                "{'kind': 3}                                | kind must be a text",
                "{'kind': 'model'}                          | architecture must be a text",
                "{'kind': 'operator'}                       | operator must be a text",
                "{'architecture': 'nonesuch'}               | nonesuch",
                "{'architecture': 'affine'}                 | inputs must be a list",
                "{'architecture': 'affine', 'inputs': [3]}  | inputs must be a list of the names",
                "{'architecture': 'affine', 'inputs': []}   | cases must be a list",
                "{'architecture': 'affine', 'inputs': [], 'cases': []} | lists no cases",
                "{'architecture': 'affine', 'inputs': [], 'cases': ['c0']} | each with its own"
                        + " name",
                "{'architecture': 'affine', 'inputs': [], 'cases': [{'name': 'a'}, {'name': 'a'}]}"
                        + " | each with its own name",
                "{'architecture': 'affine', 'inputs': [], 'cases': [{'name': 'a'}], 'tolerance': 3}"
                        + " | tolerance must be an object",
                "{'architecture': 'affine', 'inputs': [], 'cases': [{'name': 'a'}],"
                        + " 'tolerance': {'metric': 'l2', 'value': 1}} | relativeL2",
                "{'architecture': 'affine', 'inputs': [], 'cases': [{'name': 'a'}],"
                        + " 'tolerance': {'metric': 'maxAbs', 'value': -1}} | at least 0",
                "{'architecture': 'affine', 'inputs': [], 'cases': [{'name': 'a'}], 'tolerance':"
                        + " {'metric': 'maxAbs', 'value': 1, 'integers': 'nearly'}} | integers"
            })
    void saysInOneLineWhatIsWrong(String config, String reason) throws IOException {
        Path bundle = folder("b", config.replace('\'', '"'));
        weights(bundle, 2, 3);
        x().write(bundle.resolve("cases.safetensors"));
        assertFails(verifier.verify(bundle), reason);
    }

    @Test
    void saysInOneLineWhatIsWrongWithTheFiles() throws IOException {
        Path bundle = folder("b", "{\"architecture\": \"affine\", " + ONE_CASE + "}");
        assertFails(verifier.verify(bundle), "b has no cases.safetensors");
        Files.write(bundle.resolve("cases.safetensors"), new byte[5]);
        assertFails(verifier.verify(bundle), "cases.safetensors is damaged");
        x().write(bundle.resolve("cases.safetensors"));
        assertFails(verifier.verify(bundle), "weights.safetensors does not exist");
        weights(bundle, 3, 2);
        assertFails(verifier.verify(bundle), "tensor w has shape [3, 2]");
        assertFails(verifier.verify(folder.resolve("nowhere")), "is no folder");
    }

    private static void assertFails(BundleResult result, String reason) {
        assertThat(result.ok()).isFalse();
        assertThat(result.results()).isEmpty();
        assertThat(result.reason()).contains(reason).doesNotContain("\n");
    }

    /** A case of two rows: y = x W' with W = [[1, 1, 1], [1, 0, 0]]. */
    private static SafetensorsFile x() {
        return new SafetensorsFile().floats("c0.x", new int[] {2, 3}, 1, 2, 2, 3, 4, 4);
    }

    private Path bundle(String name, String config, SafetensorsFile cases) throws IOException {
        Path bundle =
                folder(name, "{\"kind\": \"model\", \"architecture\": \"affine\", " + config + "}");
        weights(bundle, 2, 3);
        cases.write(bundle.resolve("cases.safetensors"));
        return bundle;
    }

    private static void weights(Path bundle, int... shape) {
        new SafetensorsFile()
                .floats("w", shape, 1, 1, 1, 1, 0, 0)
                .write(bundle.resolve("weights.safetensors"));
    }

    private Path folder(String name, String config) throws IOException {
        Path bundle = Files.createDirectories(folder.resolve(name));
        Files.writeString(bundle.resolve("config.json"), config);
        return bundle;
    }
}
