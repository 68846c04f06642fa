/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.SampleRate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpectrogramTest {
    private static final StreamShape TWO =
            new StreamShape(List.of("a", "b"), SampleRate.ofHertz(200));

    static class Centred extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return new Spectrogram(
                    new Stft(16, 5, StandardTaper.HANN, true), Spectrogram.Scaling.DECIBELS);
        }
    }

    static class NotCentred extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return new Spectrogram(
                    new Stft(9, 4, StandardTaper.HAMMING, false), Spectrogram.Scaling.MAGNITUDE);
        }
    }

    @ParameterizedTest
    @CsvSource({"16, 8", "15, 4", "97, 40"})
    void theDensityOfEachBlockIsThatOfWelch(int length, int hop) {
        double[][] in = Noise.ofTwoChannels(300);
        double[][] found =
                SignalChain.whole(
                        in, TWO, List.of(spectrogram(length, hop, Spectrogram.Scaling.DENSITY)));
        Welch welch =
                new Welch(
                        length,
                        length - hop,
                        StandardTaper.HANN,
                        Welch.Detrend.NONE,
                        Welch.Scaling.DENSITY);
        int bins = length / 2 + 1;
        for (int channel = 0; channel < 2; channel++) {
            double[][] parts = welch.spectrogram(in[channel], 200);
            assertThat(found[0]).hasSameSizeAs(parts);
            for (int m = 0; m < parts.length; m++) {
                for (int bin = 0; bin < bins; bin++) {
                    assertThat(found[channel * bins + bin][m])
                            .isCloseTo(parts[m][bin], within(1e-15));
                }
            }
        }
    }

    @Test
    void theScalingsAreOfTheSameSpectra() {
        double[][] in = Noise.ofTwoChannels(100);
        Stft stft = new Stft(16, 8, StandardTaper.HANN, false);
        double[][] spectra = SignalChain.whole(in, TWO, List.of(stft));
        double[][] magnitude = whole(in, Spectrogram.Scaling.MAGNITUDE);
        double[][] power = whole(in, Spectrogram.Scaling.POWER);
        double[][] density = whole(in, Spectrogram.Scaling.DENSITY);
        double[][] decibels = whole(in, Spectrogram.Scaling.DECIBELS);
        for (int row = 0; row < magnitude.length; row++) {
            for (int m = 0; m < magnitude[row].length; m++) {
                double expected = Math.hypot(spectra[2 * row][m], spectra[2 * row + 1][m]);
                assertThat(magnitude[row][m]).isCloseTo(expected, within(1e-12));
                assertThat(power[row][m]).isCloseTo(expected * expected, within(1e-12));
                assertThat(Math.pow(10, decibels[row][m] / 10))
                        .isCloseTo(density[row][m], within(1e-12));
            }
        }
    }

    @Test
    void silenceHasAFigureInDecibels() {
        assertThat(whole(new double[2][16], Spectrogram.Scaling.DECIBELS)[3]).containsExactly(-200);
    }

    @Test
    void namesItsChannelsAndKnowsItsRate() {
        PreparedTransform prepared = spectrogram(4, 3, Spectrogram.Scaling.DENSITY).prepare(TWO);
        assertThat(prepared.outputShape().channels())
                .containsExactly(
                        "a:density0",
                        "a:density1",
                        "a:density2",
                        "b:density0",
                        "b:density1",
                        "b:density2");
        assertThat(prepared.outputShape().rate()).isEqualTo(new SampleRate(200, 3));
        assertThat(prepared.latency()).isEqualTo(3);
    }

    @Test
    void aMissingValueSpoilsItsBlocksInItsChannel() {
        double[][] in = Noise.ofTwoChannels(64);
        in[0][20] = Double.NaN;
        double[][] found = whole(in, Spectrogram.Scaling.DECIBELS);
        for (int m = 0; m < found[0].length; m++) {
            boolean holds = 20 >= 8 * m && 20 < 8 * m + 16;
            for (int bin = 0; bin < 9; bin++) {
                assertThat(Double.isNaN(found[bin][m])).isEqualTo(holds);
                assertThat(found[9 + bin][m]).isFinite();
            }
        }
    }

    private static double[][] whole(double[][] in, Spectrogram.Scaling scaling) {
        return SignalChain.whole(in, TWO, List.of(spectrogram(16, 8, scaling)));
    }

    private static Spectrogram spectrogram(int length, int hop, Spectrogram.Scaling scaling) {
        return new Spectrogram(new Stft(length, hop, StandardTaper.HANN, false), scaling);
    }
}
