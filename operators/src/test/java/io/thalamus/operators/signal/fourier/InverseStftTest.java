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

class InverseStftTest {
    private static final StreamShape TWO =
            new StreamShape(List.of("a", "b"), SampleRate.ofHertz(100));

    /** On two channels, whatever the channels of the test's stream are called. */
    private static SignalTransform inverse(Stft stft) {
        return input ->
                new InverseStft(stft)
                        .prepare(
                                new StreamShape(
                                        SpectrumChannels.of(
                                                TWO.channels(),
                                                SpectrumChannels.parts(stft.bins())),
                                        input.rate()));
    }

    static class Centred extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return inverse(new Stft(8, 2, StandardTaper.HANN, true));
        }

        @Override
        protected int channels() {
            return 2 * 2 * 5;
        }
    }

    /** With a hop of more than half a block, what is certain limits what may be given. */
    static class FewOverlap extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return inverse(new Stft(6, 5, StandardTaper.HAMMING, true));
        }

        @Override
        protected int channels() {
            return 2 * 2 * 4;
        }
    }

    static class NotCentred extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return inverse(new Stft(7, 3, new Kaiser(5), false));
        }

        @Override
        protected int channels() {
            return 2 * 2 * 4;
        }
    }

    /** Of a stream, up to a hop less one is cut off, and nothing beyond its end is made up. */
    @ParameterizedTest
    @CsvSource({"8, 2", "8, 4", "8, 5", "8, 7", "9, 2", "9, 5", "9, 8", "2, 1", "3, 1"})
    void givesNoMoreThanTheSignalHad(int length, int hop) {
        Stft stft = new Stft(length, hop, StandardTaper.HAMMING, true);
        for (int samples = length; samples < length + 2 * hop + 2; samples++) {
            double[][] in = Noise.ofTwoChannels(samples);
            double[][] back = SignalChain.whole(in, TWO, List.of(stft, new InverseStft(stft)));
            assertThat(back[0].length).isBetween(samples - hop + 1, samples);
            for (int channel = 0; channel < 2; channel++) {
                for (int n = 0; n < back[0].length; n++) {
                    assertThat(back[channel][n]).isCloseTo(in[channel][n], within(1e-12));
                }
            }
        }
    }

    /** Under a Hann taper the first sample of the first block has no weight, and no other block. */
    @Test
    void whatNoTaperReachesIsMissing() {
        Stft stft = new Stft(8, 2, StandardTaper.HANN, false);
        double[][] in = Noise.ofTwoChannels(20);
        double[][] back = SignalChain.whole(in, TWO, List.of(stft, new InverseStft(stft)));
        assertThat(back[1]).hasSize(20);
        assertThat(back[1][0]).isNaN();
        for (int n = 1; n < 20; n++) {
            assertThat(back[1][n]).isCloseTo(in[1][n], within(1e-10));
        }
    }

    /** A missing value spoils the blocks it lies in, of its channel, and no sample beyond them. */
    @ParameterizedTest
    @CsvSource({"NaN", "Infinity"})
    void aMissingValueStaysInItsBlocksAndItsChannel(double missing) {
        Stft stft = new Stft(8, 4, StandardTaper.HANN, true);
        double[][] in = Noise.ofTwoChannels(60);
        in[0][30] = missing;
        double[][] spectra = SignalChain.whole(in, TWO, List.of(stft));
        double[][] back = SignalChain.whole(in, TWO, List.of(stft, new InverseStft(stft)));
        for (int m = 0; m < spectra[0].length; m++) {
            boolean holds = 30 >= 4 * m - 4 && 30 < 4 * m + 4;
            assertThat(Double.isNaN(spectra[0][m])).as("spectrum %d", m).isEqualTo(holds);
            assertThat(spectra[10][m]).isFinite();
        }
        for (int n = 0; n < back[0].length; n++) {
            // Blocks 7 and 8 hold the sample: from 24 to 36.
            assertThat(Double.isNaN(back[0][n])).as("sample %d", n).isEqualTo(n >= 24 && n < 36);
            assertThat(back[1][n]).isCloseTo(in[1][n], within(1e-12));
        }
    }

    @Test
    void refusesSpectraThatDoNotReachSoFar() {
        Stft stft = new Stft(8, 4, StandardTaper.HANN, true);
        double[][] spectra = SignalChain.whole(Noise.ofTwoChannels(20), TWO, List.of(stft));
        StreamShape shape = stft.prepare(TWO).outputShape();
        InverseStft inverse = new InverseStft(stft);
        assertThat(inverse.whole(spectra, shape, 24)[0]).hasSize(24);
        assertThatThrownBy(() -> inverse.whole(spectra, shape, 25))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("istft: 6 spectra are of a signal of 20 to 24 samples, not of 25");
    }
}
