/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.fourier.AnalyticSignal;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
    private static final StreamShape ONE =
            new StreamShape(List.of("LA1"), SampleRate.ofHertz(1000));

    static class Plain extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return new Envelope(13, StandardTaper.HAMMING);
        }
    }

    static class Smoothed extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return new Envelope(11, StandardTaper.HAMMING, 0.5);
        }
    }

    /**
     * Within 0.5 % from {@code 2 rate / taps} Hz on, up to as far below half the rate: of the
     * largest value, as two waves beat.
     */
    @ParameterizedTest
    @CsvSource({"65, 31, 50", "65, 250, 267", "65, 440, 469", "63, 32, 468", "129, 16, 30"})
    void isNearTheExactOneInThePassBand(int taps, double first, double second) {
        double[] in = new double[2000];
        for (int n = 0; n < in.length; n++) {
            double swell = 1 + 0.4 * Math.cos(2 * Math.PI * 1.5 * n / 1000);
            in[n] =
                    swell * Math.sin(2 * Math.PI * first * n / 1000 + 0.2)
                            + 0.5 * Math.cos(2 * Math.PI * second * n / 1000);
        }
        double[] exact = AnalyticSignal.of(in).envelope();
        double[] found = whole(new Envelope(taps, StandardTaper.HAMMING), in);
        assertThat(found).hasSameSizeAs(in);
        for (int n = taps; n < in.length - taps; n++) {
            assertThat(found[n]).as("sample %d", n).isCloseTo(exact[n], within(0.005 * 1.9));
        }
    }

    /** By the definition, so that each tap stands where it should. */
    @ParameterizedTest
    @ValueSource(ints = {3, 5, 13, 15})
    void isTheMagnitudeOfTheSignalAndItsConvolution(int taps) {
        double[] in = new double[50];
        for (int n = 0; n < in.length; n++) {
            in[n] = (7 * n * n + 3 * n) % 11 / 4.0 - 1;
        }
        double[] found = whole(new Envelope(taps, StandardTaper.BLACKMAN), in);
        double[] weights = StandardTaper.BLACKMAN.symmetric(taps);
        int middle = (taps - 1) / 2;
        for (int m = 0; m < in.length; m++) {
            double im = 0;
            for (int k = -middle; k <= middle; k++) {
                boolean odd = k % 2 != 0;
                if (odd && m - k >= 0 && m - k < in.length) {
                    im += 2 / (Math.PI * k) * weights[middle + k] * in[m - k];
                }
            }
            assertThat(found[m]).isCloseTo(Math.hypot(in[m], im), within(1e-12));
        }
    }

    @Test
    void smoothingIsALowPassBehindIt() {
        double[] in = new double[300];
        for (int n = 0; n < in.length; n++) {
            in[n] = Math.sin(0.8 * n) * (n < 150 ? 1 : 3);
        }
        SignalTransform plain = new Envelope(31, StandardTaper.HAMMING);
        double[] expected =
                SignalChain.whole(
                        new double[][] {in},
                        ONE,
                        List.of(plain, new Butterworth(Band.lowPass(20), 2)))[0];
        assertThat(whole(new Envelope(31, StandardTaper.HAMMING, 20), in))
                .containsExactly(expected);
        assertThat(plain.prepare(ONE).groupDelay()).isZero();
        assertThat(new Envelope(31, StandardTaper.HAMMING, 20).prepare(ONE).latency())
                .isEqualTo(15);
    }

    @Test
    void aMissingValueIsMissingAtItsTimeAlone() {
        double[] in = new double[60];
        for (int n = 0; n < in.length; n++) {
            in[n] = Math.sin(n);
        }
        in[30] = Double.NaN;
        double[] found = whole(new Envelope(11, StandardTaper.HAMMING), in);
        for (int n = 0; n < in.length; n++) {
            assertThat(Double.isNaN(found[n])).isEqualTo(n == 30);
        }
    }

    @Test
    void saysWhatCannotBe() {
        assertThatThrownBy(() -> new Envelope(10, StandardTaper.HAMMING))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("envelope: taps is 10; give an odd number from 3 to 65535");
        assertThatThrownBy(() -> new Envelope(11, StandardTaper.HAMMING, 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("envelope: smoothing is 0.0 Hz; give a positive frequency");
        assertThatThrownBy(() -> new Envelope(11, StandardTaper.HAMMING, 500).prepare(ONE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("500.0 Hz");
    }

    private static double[] whole(Envelope envelope, double[] in) {
        return SignalChain.whole(new double[][] {in}, ONE, List.of(envelope))[0];
    }
}
