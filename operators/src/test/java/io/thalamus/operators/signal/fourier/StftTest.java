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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StftTest {
    private static final StreamShape ONE = new StreamShape(List.of("mic"), SampleRate.ofHertz(100));

    static class Centred extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return new Stft(16, 5, StandardTaper.HANN, true);
        }
    }

    static class NotCentred extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return new Stft(9, 4, StandardTaper.HAMMING, false);
        }
    }

    @Test
    void aSpectrumIsThatOfATaperedBlock() {
        double[] in = signal(40);
        double[][] spectra =
                SignalChain.whole(
                        new double[][] {in},
                        ONE,
                        List.of(new Stft(8, 3, StandardTaper.HANN, false)));
        double[] weights = StandardTaper.HANN.periodic(8);
        assertThat(spectra).hasNumberOfRows(10);
        assertThat(spectra[0]).hasSize(11);
        for (int m = 0; m < 11; m++) {
            for (int bin = 0; bin < 5; bin++) {
                double re = 0;
                double im = 0;
                for (int n = 0; n < 8; n++) {
                    double angle = -2 * Math.PI * bin * n / 8;
                    re += in[3 * m + n] * weights[n] * Math.cos(angle);
                    im += in[3 * m + n] * weights[n] * Math.sin(angle);
                }
                assertThat(spectra[2 * bin][m]).isCloseTo(re, within(1e-12));
                assertThat(spectra[2 * bin + 1][m]).isCloseTo(im, within(1e-12));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"12, 5, 60", "12, 5, 63", "9, 4, 50", "16, 16, 70", "7, 1, 30", "97, 31, 400"})
    void theWayBackGivesTheSignalAgain(int length, int hop, int samples) {
        Taper taper = hop == length ? StandardTaper.BOXCAR : StandardTaper.HANN;
        Stft stft = new Stft(length, hop, taper, true);
        double[] in = signal(samples);
        StreamShape spectra = new SignalChain(ONE, List.of(stft)).outputShape();
        double[][] of = SignalChain.whole(new double[][] {in}, ONE, List.of(stft));
        double reach = (of[0].length - 1) * hop - length / 2 + length;
        int known = (int) Math.min(samples, reach);
        double[][] back = new InverseStft(stft).whole(of, spectra, known);
        for (int n = 0; n < known; n++) {
            assertThat(back[0][n]).as("sample %d", n).isCloseTo(in[n], within(1e-12));
        }
        double[][] streamed =
                SignalChain.whole(new double[][] {in}, ONE, List.of(stft, new InverseStft(stft)));
        assertThat(streamed[0].length).isBetween(samples - hop, samples);
        for (int n = 0; n < streamed[0].length; n++) {
            assertThat(streamed[0][n]).as("sample %d", n).isCloseTo(in[n], within(1e-12));
        }
    }

    @Test
    void saysWhatCannotBe() {
        assertThatThrownBy(() -> new Stft(1, 1, StandardTaper.HANN, true))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("stft: length is 1 and hop is 1; give at least 2 samples and 1 sample");
        assertThatThrownBy(() -> new InverseStft(new Stft(8, 9, StandardTaper.BOXCAR, true)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "istft: blocks of 8 samples every 9 leave samples out under this taper;"
                                + " give a shorter hop, such as 4");
        InverseStft inverse = new InverseStft(new Stft(4, 2, StandardTaper.HANN, true));
        assertThatThrownBy(() -> inverse.prepare(ONE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("channel 1 is mic where a name such as mic:re0 is due");
    }

    private static double[] signal(int length) {
        double[] in = new double[length];
        for (int n = 0; n < length; n++) {
            in[n] = Math.sin(n * 0.9) + 0.3 * Math.cos(n * n * 0.1);
        }
        return in;
    }
}
