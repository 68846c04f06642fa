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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HebbianEmbeddingTest {
    private static final SampleRate HOURLY = SampleRate.ofPeriod(Duration.ofHours(1));
    private static final int TAPS = 3;

    /** Features of the first are no whole block of the engine; the last has tables of times. */
    @ParameterizedTest
    @ValueSource(
            strings = {"odd-lengths", "wide", "learned-hours", "no-times", "detect", "fill-line"})
    void aStreamsOwnWeightsAreThoseOfItsNetwork(String bundle) {
        TimesNetConfig config =
                TimesNetConfig.of(TestBundles.bundle("/bundles/" + bundle).config());
        TimesNetWeights weights = RandomWeights.of(config, new Random(3));
        float[] delta = delta(config, 5);
        try (GraphEngine engine = TestEngines.open("mxnet");
                Network network = new Network(config, weights, engine, Trace.off());
                Network changed =
                        new Network(config, with(weights, config, delta), engine, Trace.off())) {
            List<SignalFrame> windows =
                    List.of(window(config, 1), window(config, 2), window(config, 3));
            List<FastWeights> learned =
                    List.of(own(delta), FastWeights.none(), own(delta(config, 6)));
            float[][] together = run(network, config, windows, learned);
            for (int i = 0; i < 3; i++) {
                float[][] alone =
                        run(network, config, windows.subList(i, i + 1), learned.subList(i, i + 1));
                assertThat(together[i]).as("window %d", i).isEqualTo(alone[0]);
            }
            float[][] plain =
                    run(
                            changed,
                            config,
                            windows,
                            List.of(FastWeights.none(), FastWeights.none(), FastWeights.none()));
            assertThat(together[0])
                    .containsExactly(plain[0], within(2e-4f))
                    .isNotEqualTo(plain[0].clone());
        }
    }

    static TimesNetWeights with(TimesNetWeights weights, TimesNetConfig config, float[] delta) {
        Tensor merged = weights.tensors().get(TimesNetWeights.EMBEDDING);
        float[] values = merged.data().clone();
        int row = merged.size() / merged.dimension(0);
        int token = config.channels() * TAPS;
        for (int i = 0; i < delta.length; i++) {
            values[i / token * row + i % token] += delta[i];
        }
        Map<String, Tensor> tensors = new HashMap<>(weights.tensors());
        tensors.put(TimesNetWeights.EMBEDDING, Tensor.of(values, merged.shape()));
        return new TimesNetWeights(tensors, weights.inceptions());
    }

    private static float[][] run(
            Network network,
            TimesNetConfig config,
            List<SignalFrame> windows,
            List<FastWeights> learned) {
        float[][] samples = windows.stream().map(SignalFrame::samples).toArray(float[][]::new);
        return network.run(samples, config.timeFeatures(windows), learned);
    }

    /** Equations 2.1, 2.2, 2.4 and 2.5 as they stand, with indices that go round. */
    @Test
    void oneUpdateIsThatOfTheEquationsOnACircularWindow() {
        TimesNetConfig config =
                TimesNetConfig.of(TestBundles.bundle("/bundles/odd-lengths").config());
        TimesNetWeights weights = RandomWeights.of(config, new Random(3));
        HebbianEmbedding embedding = new HebbianEmbedding(config, weights, 0.1);
        SignalFrame window = window(config, 7);
        float[] delta = delta(config, 8);
        float[] expected = updated(config, weights.token(config), delta, window, 1.5 * 0.1);
        assertThat(embedding.after(delta, window, 1.5)).containsExactly(expected, within(1e-6f));
        // nothing stays of a window
        embedding.after(delta, window(config, 9), 2);
        assertThat(embedding.after(delta, window, 1.5)).containsExactly(expected, within(1e-6f));
    }

    /** What a stream's weights differ after a window of which {@code rate} is learned. */
    static float[] updated(
            TimesNetConfig config, float[] source, float[] delta, SignalFrame window, double rate) {
        int channels = config.channels();
        int length = config.inputLength();
        int width = config.width();
        double[][] x = new double[channels][length];
        for (int c = 0; c < channels; c++) {
            double mean = 0;
            double square = 0;
            for (int t = 0; t < length; t++) {
                mean += window.sample(c, t) / (double) length;
            }
            for (int t = 0; t < length; t++) {
                square += Math.pow(window.sample(c, t) - mean, 2) / length;
            }
            for (int t = 0; t < length; t++) {
                x[c][t] =
                        (window.sample(c, t) - mean)
                                / Math.sqrt(square + config.normalisationEpsilon());
            }
        }
        int size = channels * TAPS;
        double[] change = new double[width * size];
        for (int t = 0; t < length; t++) {
            double[] u = new double[width];
            double all = 0;
            for (int k = 0; k < width; k++) {
                for (int i = 0; i < size; i++) {
                    u[k] += (source[k * size + i] + delta[k * size + i]) * seen(x, i, t);
                }
                all += Math.exp(u[k]);
            }
            for (int k = 0; k < width; k++) {
                double norm = 0;
                for (int i = 0; i < size; i++) {
                    norm += Math.pow(source[k * size + i], 2);
                }
                norm = Math.sqrt(norm);
                double y = Math.exp(u[k]) / all;
                for (int i = 0; i < size; i++) {
                    double w = source[k * size + i] + delta[k * size + i];
                    change[k * size + i] += y * (norm * seen(x, i, t) - u[k] * w / norm) / length;
                }
            }
        }
        float[] after = new float[delta.length];
        for (int i = 0; i < after.length; i++) {
            after[i] = (float) (delta[i] + rate * change[i]);
        }
        return after;
    }

    private static double seen(double[][] x, int i, int t) {
        int length = x[0].length;
        return x[i / TAPS][(t + i % TAPS - 1 + length) % length];
    }

    static FastWeights own(float[] delta) {
        return new FastWeights(1, Map.of(TimesNetWeights.TOKEN, delta));
    }

    static float[] delta(TimesNetConfig config, long seed) {
        int values = config.width() * config.channels() * TAPS;
        return RandomWeights.normal(new Random(seed), 0.2, values).data();
    }

    private static SignalFrame window(TimesNetConfig config, long seed) {
        List<String> channels =
                IntStream.range(0, config.channels()).mapToObj(c -> "c" + c).toList();
        float[] samples =
                RandomWeights.normal(new Random(seed), 1, config.channels() * config.inputLength())
                        .data();
        return new SignalFrame("s", 0, 0, 1_700_000_000_000_000_000L, HOURLY, channels, samples, 0);
    }
}
