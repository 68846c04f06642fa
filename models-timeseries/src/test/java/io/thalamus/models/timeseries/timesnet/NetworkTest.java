/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ReferenceEngine;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks of sizes at which engines change their ways. */
class NetworkTest {
    private static final int WINDOWS = 18;

    @ParameterizedTest
    @CsvSource({
        // window, horizon, channels, width, hidden, layers, periods, kernels
        "2, 1, 1, 2, 1, 1, 1, 1",
        "5, 9, 3, 4, 6, 1, 7, 4",
        "12, 6, 1, 8, 3, 2, 3, 6",
        "13, 10, 2, 14, 18, 1, 4, 5",
        "36, 45, 4, 32, 64, 1, 5, 6",
    })
    void resultsAreRightAndTheSameInAnyBatch(
            int input,
            int horizon,
            int channels,
            int width,
            int hidden,
            int layers,
            int periods,
            int kernels) {
        TimesNetConfig config =
                new TimesNetConfig(
                        TimesNetConfig.Task.LONG_TERM_FORECAST,
                        input,
                        horizon,
                        channels,
                        List.of(),
                        width,
                        hidden,
                        layers,
                        periods,
                        kernels,
                        TimeMarks.of(TimeMarks.Embedding.TIME_F, TimeMarks.Frequency.T),
                        input,
                        1e-5,
                        1e-5);
        Random random = new Random(input);
        TimesNetWeights weights = RandomWeights.of(config, random);
        float[][] windows = random(random, channels * input);
        float[][] marks = random(random, input * config.marks().count());
        try (GraphEngine exact = new ReferenceEngine();
                GraphEngine fast = TestBundles.engine("mxnet");
                Network slow = new Network(config, weights, exact, Trace.off());
                Network network = new Network(config, weights, fast, Trace.off())) {
            float[][] expected = slow.run(windows, marks, false);
            float[][] together = network.run(windows, marks, false);
            for (int i = 0; i < WINDOWS; i++) {
                assertThat(together[i]).containsExactly(expected[i], within(2e-4f));
            }
            for (int size : new int[] {1, 2, 3, 7, 16}) {
                for (int first = 0; first + size <= WINDOWS; first += size) {
                    float[][] some =
                            network.run(
                                    Arrays.copyOfRange(windows, first, first + size),
                                    Arrays.copyOfRange(marks, first, first + size),
                                    false);
                    for (int i = 0; i < size; i++) {
                        assertThat(some[i])
                                .as("window %d in a batch of %d", first + i, size)
                                .isEqualTo(together[first + i]);
                    }
                }
            }
        }
    }

    private static float[][] random(Random random, int size) {
        float[][] all = new float[WINDOWS][];
        for (int i = 0; i < WINDOWS; i++) {
            all[i] = RandomWeights.normal(random, 1, size).data();
        }
        return all;
    }
}
