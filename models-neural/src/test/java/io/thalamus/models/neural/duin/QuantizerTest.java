/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.inference.Tensor;
import org.junit.jupiter.api.Test;

class QuantizerTest {
    private static final Tensor CODEBOOK = Tensor.of(new float[] {1, 0, 0, 1, 0, 1, -1, 0}, 4, 2);

    private static Quantizer quantized(float... tokens) {
        float[] products = new float[tokens.length / 2 * 4];
        for (int i = 0; i < products.length; i++) {
            for (int j = 0; j < 2; j++) {
                products[i] += tokens[i / 4 * 2 + j] * CODEBOOK.data()[i % 4 * 2 + j];
            }
        }
        Quantizer quantizer = new Quantizer(CODEBOOK);
        quantizer.run(
                Tensor.of(tokens, 1, tokens.length / 2, 2),
                Tensor.of(products, 1, tokens.length / 2, 4));
        return quantizer;
    }

    @Test
    void looksAtDirectionsAlone() {
        Quantizer quantizer = quantized(100, 1, -0.01f, 0.001f);

        assertThat(quantizer.codes()).containsExactly(0, 3);
        assertThat(quantizer.nearest().data()).containsExactly(1, 0, -1, 0);
        assertThat(quantizer.points().data()[0]).isCloseTo(1, within(1e-4f));
    }

    @Test
    void takesTheFirstOfEquallyNearCodes() {
        assertThat(quantized(0.1f, 3, 2, 2).codes()).containsExactly(1, 0);
    }

    @Test
    void aTokenOfNoLengthHasTheFirstCode() {
        Quantizer quantizer = quantized(0, 0);

        assertThat(quantizer.codes()).containsExactly(0);
        assertThat(quantizer.points().data()).containsExactly(0, 0);
        assertThat(quantizer.distances().data()).containsExactly(1, 1, 1, 1);
    }
}
