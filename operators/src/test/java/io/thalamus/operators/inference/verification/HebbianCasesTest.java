/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.SafetensorsFile;
import io.thalamus.operators.testing.NoEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Learning at test time agrees with the reference vectors, every tensor of them. */
class HebbianCasesTest {
    private final BundleVerifier verifier =
            new BundleVerifier(new NoEngine(), getClass().getClassLoader());

    @Test
    void agreeWithTheReference() throws Exception {
        BundleResult result =
                verifier.verify(Path.of(getClass().getResource("/golden/hebbian").toURI()));
        assertThat(result.reason()).isNull();
        assertThat(result.engine()).isEqualTo("java");
        assertThat(result.results()).hasSize(502).allMatch(TensorResult::ok);
        assertThat(result.notCompared()).containsExactly("fsdd_stream");
    }

    /** Other shapes and every combination of options, from training/adaptation_references.py. */
    @Test
    void agreeWithAnIndependentReference() throws Exception {
        BundleResult result =
                verifier.verify(Path.of(getClass().getResource("/golden/hebbian-shapes").toURI()));
        assertThat(result.reason()).isNull();
        assertThat(result.results()).hasSize(1271).allMatch(TensorResult::ok);
        assertThat(result.notCompared()).isEmpty();
    }

    @Test
    void sayWhichParameterIsWrong(@TempDir Path folder) throws Exception {
        Files.writeString(
                folder.resolve("config.json"),
                """
                {"kind": "operator", "operator": "hebbian", "tolerance": {"abs": 0, "rel": 0},
                 "files": {"softhebb_linear": [{"prefix": "c0.", "tau": 1, "rule": "hard"}]}}
                """);
        new SafetensorsFile()
                .floats("c0.x", new int[] {1, 1}, 1)
                .floats("c0.w0", new int[] {1, 1}, 1)
                .floats("c0.u", new int[] {1, 1}, 1)
                .write(folder.resolve("softhebb_linear.safetensors"));
        assertThat(verifier.verify(folder).reason())
                .contains("case softhebb_linear/c0")
                .contains("files.softhebb_linear[0].compete must be a text, but is missing");
    }
}
