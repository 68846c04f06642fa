/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ReferenceEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TestEngines;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldConvolutionsTest {

    /**
     * Every width about the kernel's, in which engines treat the edges by cases of their own; and
     * widths and heights that kernels are cropped to.
     */
    @ParameterizedTest
    @CsvSource({"16, 16, 5", "3, 64, 5", "32, 32, 6", "8, 96, 6", "16, 5, 3"})
    void engineAndDefinitionAgreeOnImagesOfAnySize(int width, int hidden, int kernels) {
        Random random = new Random(width);
        TimesNetWeights.Inceptions weights =
                RandomWeights.inceptions(random, width, hidden, kernels);
        for (String name : new String[] {"mxnet", "mxnet-interpreter"}) {
            try (GraphEngine engine = TestEngines.open(name);
                    FoldConvolutions fast = fold(engine, weights);
                    FoldConvolutions exact = fold(new ReferenceEngine(), weights)) {
                for (int columns = 1; columns <= 2 * kernels; columns++) {
                    for (int rows : new int[] {1, 2, 7}) {
                        check(random, fast, exact, rows, columns);
                    }
                }
            }
        }
    }

    private static FoldConvolutions fold(GraphEngine engine, TimesNetWeights.Inceptions weights) {
        return new FoldConvolutions(engine, "block0", weights, Trace.off());
    }

    private static void check(
            Random random, FoldConvolutions fast, FoldConvolutions exact, int rows, int columns) {
        Tensor images = RandomWeights.normal(random, 1, 3, fast.imageChannels(), rows, columns);
        Tensor alone =
                Tensor.of(
                        Arrays.copyOf(images.data(), images.size() / 3),
                        1,
                        fast.imageChannels(),
                        rows,
                        columns);
        Tensor found = Tensor.empty();
        Tensor expected = Tensor.empty();
        Tensor first = Tensor.empty();
        fast.run(images, found);
        fast.run(alone, first);
        exact.run(images, expected);
        assertThat(found.shape()).isEqualTo(images.shape());
        assertThat(values(found))
                .as("%d x %d", rows, columns)
                .containsExactly(values(expected), within(1e-4f));
        assertThat(values(first))
                .as("%d x %d alone", rows, columns)
                .isEqualTo(Arrays.copyOf(found.data(), alone.size()));
    }

    private static float[] values(Tensor tensor) {
        return Arrays.copyOf(tensor.data(), tensor.size());
    }
}
