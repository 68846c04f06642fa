/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.operators.signal.fourier.Kaiser;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirFilterTest {
    private static final SampleRate RATE = SampleRate.ofHertz(1000);
    private static final StreamShape ONE = new StreamShape(List.of("a"), RATE);

    private static FirFilter lowPass(int taps, boolean align) {
        return new FirFilter(Band.lowPass(0.4), taps, StandardTaper.HAMMING, align);
    }

    static class Direct extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return lowPass(24, false);
        }
    }

    static class DirectAligned extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return lowPass(25, true);
        }
    }

    static class ByFft extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return lowPass(FirFilter.MOST_DIRECT + 1, false);
        }

        @Override
        protected int samples() {
            return 2500;
        }
    }

    static class ByFftAligned extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return lowPass(FirFilter.MOST_DIRECT + 1, true);
        }

        @Override
        protected int samples() {
            return 2500;
        }
    }

    private static FirFilter lowPassAt(double cutoff, int taps) {
        return new FirFilter(Band.lowPass(cutoff), taps, StandardTaper.HAMMING, false);
    }

    /** The gain at frequencies that a filter lets through, and at those that it does not. */
    @ParameterizedTest
    @CsvSource({
        "LOW_PASS, 100, 0, 20, 250",
        "HIGH_PASS, 100, 0, 300, 20",
        "BAND_PASS, 100, 200, 150, 350",
        "BAND_STOP, 100, 200, 400, 150"
    })
    void letsItsBandThrough(Band.Kind kind, double low, double high, double through, double not) {
        List<Double> cutoffs = high == 0 ? List.of(low) : List.of(low, high);
        FirFilter filter = new FirFilter(new Band(kind, cutoffs), 201, new Kaiser(8), false);
        assertThat(gain(filter.response(RATE), through)).isCloseTo(1, within(1e-3));
        assertThat(gain(filter.response(RATE), not)).isLessThan(1e-3);
    }

    private static double gain(double[] response, double hertz) {
        double re = 0;
        double im = 0;
        for (int n = 0; n < response.length; n++) {
            re += response[n] * Math.cos(2 * Math.PI * hertz / 1000 * n);
            im += response[n] * Math.sin(2 * Math.PI * hertz / 1000 * n);
        }
        return Math.hypot(re, im);
    }

    @ParameterizedTest
    @ValueSource(ints = {FirFilter.MOST_DIRECT - 1, FirFilter.MOST_DIRECT + 1, 301})
    void isTheConvolutionHoweverItIsComputed(int taps) {
        double[] in = new double[3000];
        for (int n = 0; n < in.length; n++) {
            in[n] = Math.sin(n * 0.9) + 0.3 * Math.cos(0.001 * n * n);
        }
        FirFilter filter = lowPassAt(80, taps);
        double[] response = filter.response(RATE);
        double[] causal = whole(filter, in);
        double[] aligned = whole(new FirFilter(filter.band(), taps, filter.taper(), true), in);
        assertThat(aligned).hasSameSizeAs(in);
        int lag = (taps - 1) / 2;
        for (int n = 0; n < in.length; n++) {
            assertThat(causal[n]).isCloseTo(convolution(response, in, n), within(1e-12));
            assertThat(aligned[n]).isCloseTo(convolution(response, in, n + lag), within(1e-12));
        }
    }

    private static double convolution(double[] response, double[] in, int at) {
        double sum = 0;
        for (int k = 0; k < response.length; k++) {
            int n = at - k;
            sum += n >= 0 && n < in.length ? response[k] * in[n] : 0;
        }
        return sum;
    }

    private static double[] whole(FirFilter filter, double[] in) {
        return SignalChain.whole(new double[][] {in}, ONE, List.of(filter))[0];
    }

    @Test
    void knowsItsLag() {
        PreparedTransform causal = lowPass(25, false).prepare(ONE);
        PreparedTransform aligned = lowPass(25, true).prepare(ONE);
        assertThat(causal.groupDelay()).isEqualTo(12);
        assertThat(aligned.groupDelay()).isZero();
        assertThat(aligned.latency()).isEqualTo(12);
        // An impulse comes out with its middle where it went in.
        double[][] in = new double[1][60];
        in[0][30] = 1;
        double[] out = SignalChain.whole(in, ONE, List.of(lowPass(25, true)))[0];
        for (int n = 0; n < out.length; n++) {
            assertThat(out[n]).isLessThanOrEqualTo(out[30]);
        }
    }

    @Test
    void givesNothingBeforeTheLagIsOver() {
        PreparedTransform aligned = lowPass(25, true).prepare(ONE);
        TransformState state = aligned.start();
        SampleBlock out = new SampleBlock(1);
        aligned.apply(SampleBlock.of(new double[1][12]), state, out);
        assertThat(out.length()).isZero();
        aligned.apply(SampleBlock.of(new double[1][1]), state, out);
        assertThat(out.length()).isEqualTo(1);
    }

    @Test
    void saysWhatCannotBe() {
        assertThatThrownBy(() -> lowPass(1, false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("fir: taps is 1; give a number from 2 to 65536");
        assertThatThrownBy(() -> lowPass(10, true))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a filter that is aligned takes an odd number of taps");
        assertThatThrownBy(() -> new FirFilter(Band.highPass(1), 10, StandardTaper.HAMMING, false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a high-pass takes an odd number of taps");
        assertThatThrownBy(() -> lowPassAt(500, 11).prepare(ONE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("500.0 Hz");
    }
}
