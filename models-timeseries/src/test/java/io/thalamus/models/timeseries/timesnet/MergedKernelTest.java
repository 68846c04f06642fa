/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergedKernelTest {
    private static final Tensor ONE = Tensor.of(new float[] {10, 20}, 1, 2, 1, 1);
    private static final Tensor THREE =
            Tensor.of(
                    new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19},
                    1,
                    2,
                    3,
                    3);
    private static final MergedKernel MERGED =
            MergedKernel.merge(
                    List.of(ONE, THREE),
                    List.of(Tensor.of(new float[] {1}, 1), Tensor.of(new float[] {4}, 1)));

    @Test
    void averagesKernelsAboutTheirCentre() {
        assertThat(MERGED.weight().shape()).containsExactly(1, 2, 3, 3);
        assertThat(MERGED.weight().data())
                .containsExactly(
                        0.5f, 1, 1.5f, 2, 7.5f, 3, 3.5f, 4, 4.5f, 5.5f, 6, 6.5f, 7, 17.5f, 8, 8.5f,
                        9, 9.5f);
        assertThat(MERGED.bias().data()).containsExactly(2.5f);
    }

    @Test
    void cropsAboutTheCentre() {
        assertThat(MERGED.sized(0, 1, 1, 2).shape()).containsExactly(1, 2, 1, 3);
        assertThat(MERGED.sized(0, 1, 1, 2).data()).containsExactly(2, 7.5f, 3, 7, 17.5f, 8);
        assertThat(MERGED.sized(1, 0, 1, 2).data()).containsExactly(1, 7.5f, 4, 6, 17.5f, 9);
        assertThat(MERGED.sized(1, 1, 1, 2).data()).isEqualTo(MERGED.weight().data());
    }

    @Test
    void addsChannelsOfZeros() {
        assertThat(MERGED.sized(0, 1, 2, 3).shape()).containsExactly(2, 3, 1, 3);
        assertThat(MERGED.sized(0, 1, 2, 3).data())
                .startsWith(2, 7.5f, 3, 7, 17.5f, 8, 0, 0, 0)
                .endsWith(new float[9]);
        assertThat(MERGED.bias(3).data()).containsExactly(2.5f, 0, 0);
    }
}
