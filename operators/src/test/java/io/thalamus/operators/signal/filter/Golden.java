/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.SampleRate;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The reference vectors of filters: three channels at 1000 Hz, one folder a case. */
public record Golden(Safetensors tensors) {
    public static final StreamShape SHAPE =
            new StreamShape(List.of("a", "b", "c"), SampleRate.ofHertz(1000));

    public static Golden of(String folder) {
        return new Golden(
                Safetensors.open(
                        Path.of("src/test/resources/golden/dsp", folder, "cases.safetensors")));
    }

    public double[] vector(String name) {
        return tensors.values("c0." + name).values();
    }

    public double[][] signal(String name) {
        CaseTensor tensor = tensors.values("c0." + name);
        int samples = tensor.shape()[1];
        double[][] rows = new double[tensor.shape()[0]][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = Arrays.copyOfRange(tensor.values(), row * samples, (row + 1) * samples);
        }
        return rows;
    }

    /** Compares by the largest difference over the largest value of what is expected. */
    public static void assertClose(double[][] found, double[][] expected, double tolerance) {
        assertClose(flat(found), flat(expected), tolerance);
    }

    public static void assertClose(double[] found, double[] expected, double tolerance) {
        assertThat(found).hasSameSizeAs(expected);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).isFinite();
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(found[i] - expected[i]));
        }
        assertThat(difference).isLessThanOrEqualTo(tolerance * largest);
    }

    private static double[] flat(double[][] signal) {
        return Arrays.stream(signal).flatMapToDouble(Arrays::stream).toArray();
    }
}
