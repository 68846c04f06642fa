/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.Tensor;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CodebookTest {
    private static final Tensor POINTS = Tensor.of(new float[] {0.6f, 0.8f, 0.8f, 0.6f}, 2, 2);

    private final Codebook codebook =
            new Codebook(
                    Tensor.of(new float[] {1, 0, 0, 1, -1, 0, 0, -1}, 4, 2),
                    Tensor.of(new float[] {5, 2.8f, 0.1f, 0.1f}, 4),
                    Tensor.of(new float[] {1}, 1));

    /** A fair share is two tokens, so that codes of less than a fifth of one have too few. */
    @Test
    void codesThatAreHardlyUsedBeginAnewAtTokens() {
        codebook.restart(POINTS, new SplittableRandom(1));

        assertThat(codebook.counts().data()).containsExactly(5, 2.8f, 2, 2);
        float[] vectors = codebook.vectors().data();
        assertThat(vectors).startsWith(1, 0, 0, 1);
        for (int code = 2; code < 4; code++) {
            assertThat(vectors[2 * code]).isIn(0.6f, 0.8f);
            assertThat(vectors[2 * code + 1]).isEqualTo(vectors[2 * code] == 0.6f ? 0.8f : 0.6f);
        }
    }

    @Test
    void noTwoCodesBeginAnewAtOneToken() {
        for (int seed = 0; seed < 8; seed++) {
            float[] counts = {5, 2.8f, 0.1f, 0.1f};
            System.arraycopy(counts, 0, codebook.counts().data(), 0, counts.length);

            codebook.restart(POINTS, new SplittableRandom(seed));

            float[] vectors = codebook.vectors().data();
            assertThat(vectors[4]).as("seed " + seed).isNotEqualTo(vectors[6]);
        }
    }

    @Test
    void codesThatAreUsedStay() {
        codebook.counts().data()[2] = 1;
        codebook.counts().data()[3] = 1;
        float[] before = codebook.vectors().data().clone();

        codebook.restart(POINTS, new SplittableRandom(1));

        assertThat(codebook.vectors().data()).isEqualTo(before);
        assertThat(codebook.counts().data()).containsExactly(5, 2.8f, 1, 1);
    }
}
