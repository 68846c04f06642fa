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

class BandPowerTest {
    private static final StreamShape TWO =
            new StreamShape(List.of("LA1", "LA2"), SampleRate.ofHertz(200));
    private static final FrequencyBand LOW = new FrequencyBand("low", 0, 20);
    private static final FrequencyBand MIDDLE = new FrequencyBand("middle", 20, 60);
    private static final FrequencyBand HIGH = new FrequencyBand("high", 60, 100);

    static class Streamed extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return bandPower(20, 7, StandardTaper.HANN);
        }

        @Override
        protected SampleRate rate() {
            return SampleRate.ofHertz(200);
        }
    }

    private static BandPower bandPower(int length, int hop, Taper taper) {
        return new BandPower(new Stft(length, hop, taper, false), List.of(LOW, MIDDLE, HIGH));
    }

    @Test
    void aSineHasHalfItsSquaredAmplitude() {
        double[][] in = new double[2][400];
        for (int n = 0; n < 400; n++) {
            in[0][n] = 3 * Math.sin(2 * Math.PI * 40 * n / 200 + 0.4);
            in[1][n] = 2 * Math.sin(2 * Math.PI * 76.3 * n / 200);
        }
        double[][] power =
                SignalChain.whole(in, TWO, List.of(bandPower(100, 50, StandardTaper.HANN)));
        assertThat(power).hasDimensions(6, 7);
        for (int m = 0; m < 7; m++) {
            assertThat(power[0][m]).isCloseTo(0, within(1e-12));
            assertThat(power[1][m]).isCloseTo(4.5, within(1e-12));
            assertThat(power[2][m]).isCloseTo(0, within(1e-12));
            assertThat(power[5][m]).isCloseTo(2, within(0.01));
        }
    }

    /** Bands that have all frequencies add up to the mean square, of odd and of even lengths. */
    @ParameterizedTest
    @CsvSource({"64, BOXCAR", "50, HANN", "97, BLACKMAN"})
    void allBandsAddUpToTheMeanSquare(int length, StandardTaper taper) {
        double[][] in = Noise.ofTwoChannels(2 * length);
        double[][] power = SignalChain.whole(in, TWO, List.of(bandPower(length, length, taper)));
        double[] weights = taper.periodic(length);
        for (int channel = 0; channel < 2; channel++) {
            for (int m = 0; m < 2; m++) {
                double squares = 0;
                double weight = 0;
                for (int n = 0; n < length; n++) {
                    double value = weights[n] * in[channel][m * length + n];
                    squares += value * value;
                    weight += weights[n] * weights[n];
                }
                double sum = 0;
                for (int band = 0; band < 3; band++) {
                    sum += power[3 * channel + band][m];
                }
                assertThat(sum).isCloseTo(squares / weight, within(1e-12));
            }
        }
    }

    /** What lies on the edge of two bands belongs to the upper one. */
    @Test
    void neighboursShareNothing() {
        double[][] in = new double[2][100];
        for (int n = 0; n < 100; n++) {
            in[0][n] = Math.cos(2 * Math.PI * 20 * n / 200);
            in[1][n] = n % 2 == 0 ? 1 : -1;
        }
        double[][] power =
                SignalChain.whole(in, TWO, List.of(bandPower(100, 100, StandardTaper.BOXCAR)));
        assertThat(power[0][0]).isCloseTo(0, within(1e-12));
        assertThat(power[1][0]).isCloseTo(0.5, within(1e-12));
        assertThat(power[5][0]).isCloseTo(1, within(1e-12));
    }

    @Test
    void namesItsChannels() {
        assertThat(bandPower(20, 10, StandardTaper.HANN).prepare(TWO).outputShape())
                .isEqualTo(
                        new StreamShape(
                                List.of(
                                        "LA1:low",
                                        "LA1:middle",
                                        "LA1:high",
                                        "LA2:low",
                                        "LA2:middle",
                                        "LA2:high"),
                                SampleRate.ofHertz(20)));
    }

    @Test
    void saysWhatCannotBe() {
        Stft stft = new Stft(20, 10, StandardTaper.HANN, false);
        assertThatThrownBy(() -> new FrequencyBand("alpha", 12, 8))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("band alpha: it is from 12.0 to 8.0 Hz");
        assertThatThrownBy(() -> new BandPower(stft, List.of(LOW, LOW)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "band-power: the bands are [low, low]; give at least one, and no name"
                                + " twice");
        assertThatThrownBy(() -> band(stft, 90, 101))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("it must end at 100.0 Hz or below");
        assertThatThrownBy(() -> band(stft, 11, 19))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "band x: none of the frequencies, which are 10.0 Hz apart, lies in it; give"
                                + " a wider band or longer blocks");
    }

    private static void band(Stft stft, double low, double high) {
        new BandPower(stft, List.of(new FrequencyBand("x", low, high))).prepare(TWO);
    }
}
