/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpectralGateTest {
    private static final int RATE = 8000;
    private static final StreamShape MIC =
            new StreamShape(List.of("mic"), SampleRate.ofHertz(RATE));

    static class Streamed extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return gate(16, 12);
        }

        @Override
        protected SampleRate rate() {
            return SampleRate.ofHertz(RATE);
        }
    }

    private static SpectralGate gate(int length, double reduction) {
        return new SpectralGate(
                length, 10, reduction, Duration.ofMillis(5), Duration.ofMillis(50), 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 256, 300, 4000})
    void withoutReductionItIsTheSignal(int samples) {
        double[] in = noise(samples, 1);
        assertThat(whole(gate(256, 0), in)).containsExactly(in, within(1e-12));
    }

    /** Steady noise of any strength is lowered by what was asked for, once it is known. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-6, 1, 1e4})
    void lowersNoise(double strength) {
        double[] in = noise(10 * RATE, strength);
        for (double reduction : new double[] {6, 12, 18}) {
            double[] out = whole(gate(256, reduction), in);
            double lowered = decibels(power(in, RATE, in.length) / power(out, RATE, in.length));
            assertThat(lowered).isCloseTo(reduction, within(0.06 * reduction));
        }
    }

    /** Syllables of five harmonics that swell and fade, a second of them every two. */
    @Test
    void freesBurstsOfNoise() {
        double[] clean = bursts(12 * RATE);
        double[] noise = noise(clean.length, 0.1);
        double[] in = new double[clean.length];
        Arrays.setAll(in, n -> clean[n] + noise[n]);
        double[] out = whole(gate(256, 18), in);
        double[] left = new double[clean.length];
        Arrays.setAll(left, n -> out[n] - clean[n]);
        double before = power(clean, RATE, in.length) / power(noise, RATE, in.length);
        double after = power(clean, RATE, in.length) / power(left, RATE, in.length);
        assertThat(decibels(before)).isBetween(3.0, 12.0);
        assertThat(decibels(after)).isGreaterThan(decibels(before) + 5);
        // The bursts themselves stay as strong as they were.
        double kept = 0;
        for (int n = RATE; n < in.length; n++) {
            kept += out[n] * clean[n];
        }
        kept /= power(clean, RATE, in.length) * (in.length - RATE);
        assertThat(kept).isBetween(0.93, 1.02);
    }

    private static double[] bursts(int length) {
        double[] clean = new double[length];
        for (int n = 0; n < length; n++) {
            double time = (double) n / RATE;
            double swell = Math.max(0, Math.sin(2 * Math.PI * 2.5 * time));
            if (time % 2 >= 1) {
                for (int harmonic = 1; harmonic <= 5; harmonic++) {
                    clean[n] += 0.3 * swell * Math.sin(2 * Math.PI * 190 * harmonic * time);
                }
            }
        }
        return clean;
    }

    /** The estimate follows noise that becomes stronger, at the rate that it was given. */
    @Test
    void adaptsToStrongerNoise() {
        double[] in = noise(20 * RATE, 1);
        for (int n = 5 * RATE; n < in.length; n++) {
            in[n] *= 10;
        }
        double[] out = whole(gate(256, 12), in);
        assertThat(lowered(in, out, 3)).isCloseTo(12, within(0.7));
        assertThat(lowered(in, out, 6)).isLessThan(2);
        assertThat(lowered(in, out, 18)).isCloseTo(12, within(0.7));
    }

    /** In dB, over a second. */
    private static double lowered(double[] in, double[] out, int second) {
        int from = second * RATE;
        return decibels(power(in, from, from + RATE) / power(out, from, from + RATE));
    }

    /** Silence tells nothing of the noise: it does not let the noise behind it through. */
    @Test
    void silenceLeavesTheEstimateAsItIs() {
        double[] in = noise(10 * RATE, 1);
        Arrays.fill(in, 2 * RATE, 7 * RATE, 0);
        double[] out = whole(gate(256, 12), in);
        assertThat(Arrays.copyOfRange(out, 3 * RATE, 6 * RATE)).containsOnly(0);
        assertThat(lowered(in, out, 8)).isCloseTo(12, within(0.7));
    }

    @Test
    void whatIsMissingLeavesTheEstimateAsItIs() {
        double[] in = noise(6 * RATE, 1);
        double[] holed = in.clone();
        Arrays.fill(holed, 2 * RATE, 3 * RATE, Double.NaN);
        double[] out = whole(gate(256, 12), holed);
        for (int n = 0; n < out.length; n++) {
            boolean spoilt = n >= 2 * RATE / 128 * 128 - 128 && n < 3 * RATE + 256;
            assertThat(Double.isNaN(out[n]) && !spoilt).as("sample %d", n).isFalse();
        }
        assertThat(Arrays.stream(out).filter(Double::isNaN).count())
                .isBetween(RATE + 0L, RATE + 384L);
        assertThat(lowered(in, out, 4)).isCloseTo(12, within(0.7));
    }

    @Test
    void hasAFixedLatency() {
        assertThat(gate(256, 12).prepare(MIC).latency()).isEqualTo(255);
        assertThat(gate(256, 12).prepare(MIC).outputShape()).isEqualTo(MIC);
    }

    @Test
    void saysWhatCannotBe() {
        assertThatThrownBy(() -> gate(2, 12))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "spectral-gate: length is 2; give an even number of at least 4 samples");
        assertThatThrownBy(() -> gate(256, -1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("spectral-gate: reduction is -1.0 dB; give a number of at least 0");
        Duration zero = Duration.ZERO;
        assertThatThrownBy(() -> new SpectralGate(256, Double.NaN, 12, zero, zero, 3))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("spectral-gate: threshold is NaN dB; give a number");
        assertThatThrownBy(() -> new SpectralGate(256, 10, 12, zero, Duration.ofMillis(-1), 3))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("give no negative times");
        assertThatThrownBy(() -> new SpectralGate(256, 10, 12, zero, zero, 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("spectral-gate: adaptation is 0.0 dB a second; give a number above 0");
    }

    private static double[] whole(SpectralGate gate, double[] in) {
        return SignalChain.whole(new double[][] {in}, MIC, List.of(gate))[0];
    }

    private static double power(double[] samples, int from, int to) {
        double sum = 0;
        for (int n = from; n < to; n++) {
            sum += samples[n] * samples[n];
        }
        return sum / (to - from);
    }

    private static double decibels(double ratio) {
        return 10 * Math.log10(ratio);
    }

    private static double[] noise(int length, double strength) {
        Random random = new Random(length);
        double[] noise = new double[length];
        Arrays.setAll(noise, n -> strength * random.nextGaussian());
        return noise;
    }
}
