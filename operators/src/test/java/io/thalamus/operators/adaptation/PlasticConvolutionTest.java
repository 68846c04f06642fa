/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.SignalFrame;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Layers of which one neuron has no weights in the bundle. */
class PlasticConvolutionTest {
    private static final SignalFrame WINDOW = TestStream.of("s").frame(0, 4);
    private static final float[] WEIGHTS = {0.5f, -1, 0, 0};
    private static final float[] SEEN = {1, 2};

    @Test
    void aNeuronWithoutWeightsStaysWithout() {
        var layer = new PlasticConvolution("w", WEIGHTS, Patches.linear(2), window -> SEEN);
        double[] change = layer.change(layer.source(), WINDOW).get("w");
        assertThat(change).hasSize(4).doesNotContain(Double.NaN);
        assertThat(change[0]).isNotZero();
        assertThat(change[2]).isZero();
        assertThat(change[3]).isZero();
    }

    @Test
    void norDoesAComplexOne() {
        var layer =
                new ComplexPlasticConvolution(
                        "re",
                        "im",
                        new float[][] {WEIGHTS, {2, 0, 0, 0}},
                        2,
                        window ->
                                Optional.of(
                                        new ComplexPlasticConvolution.Sample(
                                                Patches.linear(2), SEEN, new float[] {3, -1})));
        Map<String, double[]> change = layer.change(layer.source(), WINDOW);
        for (double[] part : change.values()) {
            assertThat(part).hasSize(4).doesNotContain(Double.NaN);
            assertThat(part[0]).isNotZero();
            assertThat(part[2]).isZero();
            assertThat(part[3]).isZero();
        }
    }
}
