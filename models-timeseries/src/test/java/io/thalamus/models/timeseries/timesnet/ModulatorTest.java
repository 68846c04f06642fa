/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TestEngines;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ModulatorTest {
    private static final SampleRate HOURLY = SampleRate.ofPeriod(Duration.ofHours(1));
    private static final TimesNetConfig CONFIG =
            TimesNetConfig.of(TestBundles.bundle("/bundles/wide").config());
    private static final TimesNetWeights WEIGHTS = RandomWeights.of(CONFIG, new Random(3));
    private static final Modulator MODULATOR = new Modulator(CONFIG, WEIGHTS);

    private static GraphEngine engine;

    @BeforeAll
    static void open() {
        engine = TestEngines.open("mxnet");
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    /** A network whose embedding was changed by hand is the same network. */
    @Test
    void multipliesAndShiftsEachFeatureOfTheEmbedding() {
        float[] values = values();
        SignalFrame window = window(1);
        float[] expected;
        try (Network changed = new Network(CONFIG, changed(values), engine, Trace.off())) {
            expected = run(changed, window, FastWeights.none());
        }
        try (Network network = new Network(CONFIG, WEIGHTS, engine, Trace.off())) {
            float[] found = run(network, window, learned(values));
            assertThat(found).containsExactly(expected, within(1e-4f));
            assertThat(found).isNotEqualTo(run(network, window, FastWeights.none()));
        }
    }

    private static TimesNetWeights changed(float[] values) {
        int width = CONFIG.width();
        Map<String, Tensor> tensors = new HashMap<>(WEIGHTS.tensors());
        Tensor kernels = tensors.get(TimesNetWeights.EMBEDDING);
        Tensor code = tensors.get(TimesNetWeights.POSITION);
        float[] scaled = kernels.data().clone();
        int row = kernels.size() / kernels.dimension(0);
        for (int i = 0; i < width * row; i++) {
            scaled[i] *= 1 + values[i / row];
        }
        float[] shifted = code.data().clone();
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] = shifted[i] * (1 + values[i % width]) + values[width + i % width];
        }
        tensors.put(TimesNetWeights.EMBEDDING, Tensor.of(scaled, kernels.shape()));
        tensors.put(TimesNetWeights.POSITION, Tensor.of(shifted, code.shape()));
        return new TimesNetWeights(tensors, WEIGHTS.inceptions());
    }

    @Test
    void theGradientIsThatOfCentralDifferences() {
        float[] values = values();
        SignalFrame window = window(2);
        float[] truth = normal(CONFIG.channels() * CONFIG.horizon(), 3);
        try (ModulatorGradient gradient = new ModulatorGradient(CONFIG, WEIGHTS, engine)) {
            ModulatorGradient.Value value = gradient.of(window, embedded(values), truth);
            assertThat(value.gradient()).hasSize(2 * CONFIG.width());
            double largest =
                    IntStream.range(0, values.length)
                            .mapToDouble(i -> Math.abs(value.gradient()[i]))
                            .max()
                            .orElseThrow();
            for (int i = 0; i < values.length; i++) {
                float step = 4e-3f;
                float[] more = values.clone();
                float[] less = values.clone();
                more[i] += step;
                less[i] -= step;
                double slope =
                        (gradient.of(window, embedded(more), truth).mean()
                                        - gradient.of(window, embedded(less), truth).mean())
                                / (2 * step);
                assertThat(value.gradient()[i])
                        .as("value %d", i)
                        .isCloseTo(slope, within(0.01 * largest));
            }
        }
    }

    /** Its loss is of what the network makes of a stream with all that it has learned. */
    @Test
    void theGradientIsOfTheStreamsOwnNetwork() {
        FastWeights learned = embedded(values());
        SignalFrame window = window(2);
        float[] truth = normal(CONFIG.channels() * CONFIG.horizon(), 3);
        try (Network network = new Network(CONFIG, WEIGHTS, engine, Trace.off());
                ModulatorGradient gradient = new ModulatorGradient(CONFIG, WEIGHTS, engine)) {
            double squares = 0;
            float[] forecast = run(network, window, learned);
            for (int i = 0; i < truth.length; i++) {
                squares += Math.pow(forecast[i] - truth[i], 2) / truth.length;
            }
            assertThat(gradient.of(window, learned, truth).mean())
                    .isCloseTo(squares, within(1e-5 * squares));
        }
    }

    @Test
    void theGradientOfAWindowDoesNotDependOnThoseBeforeIt() {
        float[] truth = normal(CONFIG.channels() * CONFIG.horizon(), 3);
        try (ModulatorGradient gradient = new ModulatorGradient(CONFIG, WEIGHTS, engine)) {
            double[] first = gradient.of(window(2), learned(values()), truth).gradient();
            gradient.of(window(4), embedded(values()), truth);
            assertThat(gradient.of(window(2), learned(values()), truth).gradient())
                    .isEqualTo(first);
        }
    }

    private static float[] run(Network network, SignalFrame window, FastWeights learned) {
        float[][] windows = {window.samples()};
        return network.run(windows, CONFIG.timeFeatures(List.of(window)), List.of(learned))[0];
    }

    private static FastWeights learned(float[] values) {
        return new FastWeights(1, MODULATOR.deltas(values));
    }

    /** The same in front of token weights of the stream's own. */
    private static FastWeights embedded(float[] values) {
        Map<String, float[]> deltas = new HashMap<>(MODULATOR.deltas(values));
        deltas.put(TimesNetWeights.TOKEN, HebbianEmbeddingTest.delta(CONFIG, 11));
        return new FastWeights(1, deltas);
    }

    private static float[] values() {
        float[] values = normal(2 * CONFIG.width(), 7);
        for (int i = 0; i < values.length; i++) {
            values[i] *= 0.2f;
        }
        return values;
    }

    private static SignalFrame window(long seed) {
        List<String> channels =
                IntStream.range(0, CONFIG.channels()).mapToObj(c -> "c" + c).toList();
        float[] samples = normal(CONFIG.channels() * CONFIG.inputLength(), seed);
        return new SignalFrame("s", 0, 0, 1_700_000_000_000_000_000L, HOURLY, channels, samples, 0);
    }

    private static float[] normal(int count, long seed) {
        return RandomWeights.normal(new Random(seed), 1, count).data();
    }
}
