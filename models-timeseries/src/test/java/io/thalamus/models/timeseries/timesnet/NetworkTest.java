/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.models.timeseries.timesnet.TimeMarks.Embedding;
import io.thalamus.models.timeseries.timesnet.TimeMarks.Frequency;
import io.thalamus.models.timeseries.timesnet.TimesNetConfig.Task;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ReferenceEngine;
import io.thalamus.operators.inference.TestEngines;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks of sizes at which engines change their ways. */
class NetworkTest {
    private static final Embedding[] ALL = Embedding.values();
    private static final Embedding[] TIME_F = {Embedding.TIME_F};
    private static final int WINDOWS = 33;

    @ParameterizedTest
    @CsvSource({
        // task, window, horizon, channels, width, hidden, layers, periods, kernels
        "LONG_TERM_FORECAST, 2, 1, 1, 2, 1, 1, 1, 1",
        "LONG_TERM_FORECAST, 5, 9, 3, 4, 6, 1, 7, 4",
        "LONG_TERM_FORECAST, 12, 6, 1, 8, 3, 2, 3, 6",
        "LONG_TERM_FORECAST, 13, 10, 2, 14, 18, 1, 4, 5",
        "LONG_TERM_FORECAST, 36, 45, 4, 32, 64, 1, 5, 6",
        // 17 samples into features that are no whole block
        "SHORT_TERM_FORECAST, 17, 5, 2, 6, 7, 1, 2, 4",
        "IMPUTATION, 2, 0, 1, 2, 3, 1, 1, 2",
        "IMPUTATION, 29, 0, 5, 10, 6, 2, 5, 3",
        "ANOMALY_DETECTION, 3, 0, 2, 4, 4, 1, 1, 3",
        // images of 7 and 14 columns with 64 channels
        "ANOMALY_DETECTION, 21, 0, 21, 64, 22, 1, 9, 5",
        "ANOMALY_DETECTION, 14, 0, 1, 16, 64, 1, 7, 6",
        "CLASSIFICATION, 2, 0, 14, 30, 4, 1, 1, 3",
        "CLASSIFICATION, 15, 0, 8, 36, 1, 1, 5, 5",
        "CLASSIFICATION, 32, 0, 1, 44, 20, 2, 3, 2",
    })
    void resultsAreRightAndTheSameInAnyBatch(
            Task task,
            int input,
            int horizon,
            int channels,
            int width,
            int hidden,
            int layers,
            int periods,
            int kernels) {
        for (Embedding embedding : task.takesTimeMarks() ? ALL : TIME_F) {
            check(
                    new TimesNetConfig(
                            task,
                            input,
                            horizon,
                            channels,
                            task.classifies() ? List.of("a", "b", "c") : List.of(),
                            width,
                            hidden,
                            layers,
                            periods,
                            kernels,
                            /* linear= */ false,
                            task.takesTimeMarks()
                                    ? TimeMarks.of(embedding, Frequency.T)
                                    : TimeMarks.none(),
                            input,
                            1e-5,
                            1e-5));
        }
    }

    private static void check(TimesNetConfig config) {
        int input = config.inputLength();
        Random random = new Random(input);
        TimesNetWeights weights = RandomWeights.of(config, random);
        float[][] windows = random(random, config.channels() * input);
        float[][] marks = random(random, input * Math.max(1, config.marks().count()));
        try (GraphEngine exact = new ReferenceEngine();
                GraphEngine fast = TestEngines.open("mxnet");
                Network slow = new Network(config, weights, exact, Trace.off());
                Network network = new Network(config, weights, fast, Trace.off())) {
            float[][] expected = slow.run(windows, marks, false);
            float[][] together = network.run(windows, marks, false);
            for (int i = 0; i < WINDOWS; i++) {
                assertThat(together[i]).containsExactly(expected[i], within(2e-4f));
            }
            for (int size : new int[] {1, 2, 3, 8, 16, 32}) {
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
