/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DctBandsTest {
    private static final StreamShape TWO =
            new StreamShape(List.of("a", "b"), SampleRate.ofHertz(1000));

    static class ByNumber extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return new DctBands(16, 5, 2, 1);
        }
    }

    static class ByShare extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return new DctBands(10, 10, 10, 0.8);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "16, 1, 100",
        "16, 5, 97",
        "6, 6, 50",
        "4, 2, 9",
        "64, 8, 30",
        "64, 8, 1",
        "8, 3, 8"
    })
    void allBandsAreTheSignal(int length, int bands, int samples) {
        double[][] in = Noise.ofTwoChannels(samples);
        double[][] out = whole(new DctBands(length, bands, bands, 1), in);
        for (int channel = 0; channel < 2; channel++) {
            assertThat(out[channel]).containsExactly(in[channel], within(1e-14));
        }
    }

    /** By the definition, on tapered blocks that begin half a block before the signal. */
    @ParameterizedTest
    @CsvSource({"16, 5, 2, 1", "16, 16, 3, 1", "20, 7, 7, 0.7", "12, 4, 3, 0.5"})
    void theStrongestBandsAreKept(int length, int bands, int keep, double share) {
        int samples = 101;
        double[][] in = Noise.ofTwoChannels(samples);
        double[][] out = whole(new DctBands(length, bands, keep, share), in);
        double[] weights = StandardTaper.SQRT_HANN.periodic(length);
        for (int channel = 0; channel < 2; channel++) {
            double[] expected = new double[samples];
            for (int first = -length / 2; first < samples; first += length / 2) {
                double[] block = new double[length];
                for (int i = 0; i < length; i++) {
                    int n = first + i;
                    block[i] = n >= 0 && n < samples ? in[channel][n] * weights[i] : 0;
                }
                double[] kept = strongest(block, bands, keep, share);
                for (int i = 0; i < length; i++) {
                    int n = first + i;
                    if (n >= 0 && n < samples) {
                        expected[n] += kept[i] * weights[i];
                    }
                }
            }
            assertThat(out[channel]).containsExactly(expected, within(1e-12));
        }
    }

    private static double[] strongest(double[] block, int bands, int keep, double share) {
        int length = block.length;
        Dct dct = Dct.orthonormal(length);
        double[] coefficients = new double[length];
        dct.type2(block, coefficients);
        double[] energies = new double[bands];
        for (int k = 0; k < length; k++) {
            energies[bandOf(k, bands, length)] += coefficients[k] * coefficients[k];
        }
        double[] falling = Arrays.stream(energies).map(e -> -e).sorted().map(e -> -e).toArray();
        double total = Arrays.stream(energies).sum();
        double held = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < keep && held < share * total; i++) {
            held += falling[i];
            least = falling[i];
        }
        for (int k = 0; k < length; k++) {
            if (energies[bandOf(k, bands, length)] < least) {
                coefficients[k] = 0;
            }
        }
        dct.type3(coefficients, coefficients);
        return coefficients;
    }

    private static int bandOf(int coefficient, int bands, int length) {
        int band = 0;
        while ((band + 1) * length / bands <= coefficient) {
            band++;
        }
        return band;
    }

    @Test
    void aWaveIsFreedOfNoise() {
        double[][] in = Noise.ofTwoChannels(4000);
        double[][] clean = new double[2][4000];
        for (int n = 0; n < 4000; n++) {
            clean[0][n] = Math.sin(2 * Math.PI * 47 * n / 1000);
            clean[1][n] = Math.sin(2 * Math.PI * 391 * n / 1000);
            in[0][n] += clean[0][n];
            in[1][n] += clean[1][n];
        }
        double[][] out = whole(new DctBands(128, 16, 1, 1), in);
        for (int channel = 0; channel < 2; channel++) {
            assertThat(distance(out[channel], clean[channel]))
                    .isLessThan(distance(in[channel], clean[channel]) / 6);
        }
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int n = 0; n < a.length; n++) {
            sum += (a[n] - b[n]) * (a[n] - b[n]);
        }
        return sum;
    }

    @Test
    void aMissingValueSpoilsItsBlocksInItsChannel() {
        double[][] in = Noise.ofTwoChannels(80);
        in[0][30] = Double.NEGATIVE_INFINITY;
        double[][] out = whole(new DctBands(16, 4, 4, 1), in);
        for (int n = 0; n < 80; n++) {
            // In the blocks from 16 and from 24 on.
            assertThat(Double.isNaN(out[0][n])).as("sample %d", n).isEqualTo(n >= 16 && n < 40);
            assertThat(out[1][n]).isCloseTo(in[1][n], within(1e-14));
        }
    }

    @Test
    void hasAFixedLatency() {
        PreparedTransform prepared = new DctBands(16, 4, 2, 1).prepare(TWO);
        assertThat(prepared.latency()).isEqualTo(15);
        assertThat(prepared.groupDelay()).isZero();
        assertThat(prepared.outputShape()).isEqualTo(TWO);
    }

    @Test
    void saysWhatCannotBe() {
        assertThatThrownBy(() -> new DctBands(15, 4, 2, 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("dct-bands: length is 15; give an even number of at least 4 samples");
        assertThatThrownBy(() -> new DctBands(16, 17, 2, 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("dct-bands: bands is 17; give a number from 1 to the length, 16");
        assertThatThrownBy(() -> new DctBands(16, 4, 5, 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("dct-bands: keep is 5; give a number from 1 to the bands, 4");
        assertThatThrownBy(() -> new DctBands(16, 4, 2, 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("dct-bands: share is 0.0; give a number above 0 and up to 1");
    }

    private static double[][] whole(DctBands transform, double[][] in) {
        return SignalChain.whole(in, TWO, List.of(transform));
    }
}
