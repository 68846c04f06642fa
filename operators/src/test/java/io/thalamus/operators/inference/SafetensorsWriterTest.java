/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    @TempDir private Path folder;

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Path file = folder.resolve("weights.safetensors");
        Tensor larger = Tensor.of(new float[9], 9).reshape(2, 2);
        System.arraycopy(new float[] {1, -2.5f, Float.MIN_VALUE, 4}, 0, larger.data(), 0, 4);
        SafetensorsWriter.write(
                file,
                Map.of(
                        "b.weight", larger,
                        "a", Tensor.of(new float[] {0.1f}),
                        "none", Tensor.of(new float[0], 0, 3)));

        Safetensors read = Safetensors.open(file);
        assertThat(read.names()).containsExactly("a", "b.weight", "none");
        assertThat(read.shape("b.weight")).containsExactly(2, 2);
        assertThat(read.tensor("b.weight").data()).containsExactly(1, -2.5f, Float.MIN_VALUE, 4);
        assertThat(read.shape("a")).isEmpty();
        assertThat(read.tensor("a").data()).containsExactly(0.1f);
        assertThat(read.shape("none")).containsExactly(0, 3);
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void theSameTensorsMakeTheSameBytesAndValuesAreAligned() throws IOException {
        Map<String, Tensor> one = new LinkedHashMap<>();
        one.put("x", Tensor.of(new float[] {1}, 1));
        one.put("another", Tensor.of(new float[] {2}, 1));
        Map<String, Tensor> other = new LinkedHashMap<>();
        other.put("another", Tensor.of(new float[] {2}, 1));
        other.put("x", Tensor.of(new float[] {1}, 1));
        Path file = folder.resolve("one");
        SafetensorsWriter.write(file, one);
        byte[] bytes = Files.readAllBytes(file);
        SafetensorsWriter.write(file, other);

        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertThat(header % 8).isZero();
        assertThat(bytes).hasSize((int) (8 + header + 8));
    }
}
