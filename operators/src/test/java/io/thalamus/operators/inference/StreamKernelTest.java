/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.adaptation.FastWeights;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamKernelTest {
    private static final float[] LEFT = {1, 2};
    private static final float[] RIGHT = {3};

    private int formed;
    private final StreamKernel kernel =
            new StreamKernel(
                    Map.of("left", LEFT, "right", RIGHT),
                    new int[] {3},
                    own -> {
                        formed++;
                        float[] left = own.get("left");
                        return new float[] {left[0], left[1], own.get("right")[0]};
                    });

    private static FastWeights learned(float[] left, float[] gains) {
        return new FastWeights(1, Map.of("left", left, "gains", gains));
    }

    @Test
    void streamsThatHaveLearnedOtherThingsHaveTheBundlesWeights() {
        float[] bundle = kernel.of(FastWeights.none());
        assertThat(bundle).containsExactly(1, 2, 3);
        assertThat(kernel.of(new FastWeights(1, Map.of("gains", new float[] {7}))))
                .isSameAs(bundle);
    }

    @Test
    void theWeightsOfAWindowAreFormedOnceForItsProbes() {
        float[] left = {10, 20};
        float[] own = kernel.of(learned(left, new float[] {1}));
        assertThat(own).containsExactly(11, 22, 3);
        assertThat(kernel.of(learned(left, new float[] {2}))).isSameAs(own);
        assertThat(formed).isEqualTo(2); // the bundle's, and these
    }

    @Test
    void noStreamHasTheWeightsOfAnother() {
        float[] left = {10, 20};
        kernel.of(learned(left, new float[] {1}));
        assertThat(kernel.of(learned(new float[] {30, 40}, new float[] {1})))
                .containsExactly(31, 42, 3);
        FastWeights more = new FastWeights(1, Map.of("left", left, "right", new float[] {50}));
        kernel.of(learned(left, new float[] {1}));
        assertThat(kernel.of(more)).containsExactly(11, 22, 53);
        assertThat(kernel.of(FastWeights.none())).containsExactly(1, 2, 3);
        assertThat(kernel.of(learned(left, new float[] {1}))).containsExactly(11, 22, 3);
    }
}
