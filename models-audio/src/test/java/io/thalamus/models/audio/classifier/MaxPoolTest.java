/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaxPoolTest {

    private static float[] back(int size, int channels, float[] maps, float... gradient) {
        var pool = new MaxPool(size);
        int length = maps.length / channels;
        // of an earlier run, of which nothing may be left
        float[] others = new float[maps.length];
        Arrays.fill(others, 9);
        pool.forward(Tensor.of(others, 1, channels, 1, length), List.of());
        float[] ones = new float[gradient.length];
        Arrays.fill(ones, 1);
        pool.backward(Tensor.of(ones, 1, channels, 1, length / size));
        pool.forward(Tensor.of(maps, 1, channels, 1, length), List.of());
        Tensor slope = pool.backward(Tensor.of(gradient, 1, channels, 1, length / size));
        float[] places = new float[maps.length];
        for (int i = 0; i < places.length; i++) {
            places[i] = i;
        }
        Tensor gathered = pool.gather(Tensor.of(places, 1, channels, 1, length));
        assertThat(gathered.shape()).isEqualTo(pool.result().shape());
        for (int i = 0; i < gradient.length; i++) {
            assertThat(slope.data()[(int) gathered.data()[i]]).isEqualTo(gradient[i]);
        }
        assertThat(slope.shape()).containsExactly(1, channels, 1, length);
        return Arrays.copyOf(slope.data(), slope.size());
    }

    @Test
    void theFirstOfTheLargestOfTwoHasTheGradient() {
        float[] maps = {1, 2, 4, 3, 5, 5, 8, 0, 1, -2, -2, 9, 7, 7};
        assertThat(back(2, 2, maps, 10, 20, 30, 40, 50, 60))
                .containsExactly(0, 10, 20, 0, 30, 0, 0, 0, 40, 50, 0, 60, 0, 0);
    }

    @Test
    void theFirstOfTheLargestOfThreeHasTheGradient() {
        float[] maps = {1, 2, 0, 4, 3, 4, 8, -1, -2, -1, 0, 6, 6, 7};
        assertThat(back(3, 2, maps, 10, 20, 30, 40))
                .containsExactly(0, 10, 0, 20, 0, 0, 0, 30, 0, 0, 0, 40, 0, 0);
    }
}
