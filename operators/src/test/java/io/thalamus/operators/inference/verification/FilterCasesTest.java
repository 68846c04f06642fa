/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.SafetensorsFile;
import io.thalamus.operators.testing.NoEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilterCasesTest {
    @TempDir private Path folder;

    /** scipy.signal.butter(1, [1, 2], 'bandpass', fs=8, output='sos'), and one not quite so. */
    @Test
    void sectionsAreCompared() throws IOException {
        float half = 0.29289323f;
        assertThat(verify("[1, 2]", half, 0, -half, 1, -0.58578646f, 0.41421354f).ok()).isTrue();
        assertThat(verify("[1, 2]", half, 0, -half, 1, -0.58588646f, 0.41421354f).reason())
                .isEqualTo("1 of 1 tensors are further from the reference than the tolerance");
    }

    @Test
    void nothingIsSaidOfSectionsThatHaveNoOrder() throws IOException {
        BundleResult result = verify("[1, 3]", 0.5f, 0, -0.5f, 1, 0, 0);
        assertThat(result.notCompared()).containsExactly("c0.sos");
    }

    private BundleResult verify(String cutoffs, float... sections) throws IOException {
        Files.writeString(
                folder.resolve("config.json"),
                ("{'kind': 'operator', 'operator': 'butterworth', 'parameters': {'type':"
                     + " 'bandpass', 'order': 1, 'cutoffsHz': %s, 'sampleRateHz': 8}, 'inputs':"
                     + " ['in'], 'cases': [{'name': 'c0'}], 'tolerance': {'metric': 'maxAbs',"
                     + " 'value': 1e-6}}")
                        .formatted(cutoffs)
                        .replace('\'', '"'));
        new SafetensorsFile()
                .floats("c0.in", new int[] {20}, new float[20])
                .floats("c0.sos", new int[] {1, 6}, sections)
                .write(folder.resolve("cases.safetensors"));
        return new BundleVerifier(new NoEngine(), getClass().getClassLoader()).verify(folder);
    }
}
