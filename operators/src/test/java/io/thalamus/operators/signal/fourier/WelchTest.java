/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.schemas.InvalidInputException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WelchTest {

    /** Summed over frequencies, the density is the power. */
    @ParameterizedTest
    @ValueSource(ints = {64, 97, 100})
    void theDensityAddsUpToThePower(int segment) {
        double[] noise = new double[segment];
        double power = 0;
        Random random = new Random(segment);
        for (int n = 0; n < segment; n++) {
            noise[n] = random.nextGaussian();
            power += noise[n] * noise[n] / segment;
        }
        Welch welch =
                new Welch(
                        segment,
                        0,
                        StandardTaper.BOXCAR,
                        Welch.Detrend.NONE,
                        Welch.Scaling.DENSITY);
        double sum = 0;
        for (double density : welch.spectra(new double[][] {noise}, 250)[0]) {
            sum += density * 250 / segment;
        }
        assertThat(sum).isCloseTo(power, within(1e-12));
    }

    @Test
    void theSpectrumOfASineIsHalfItsSquaredAmplitude() {
        double[] sine = new double[640];
        for (int n = 0; n < sine.length; n++) {
            sine[n] = 5 + 3 * Math.sin(2 * Math.PI * n / 8);
        }
        Welch welch =
                new Welch(
                        64, 48, StandardTaper.HANN, Welch.Detrend.CONSTANT, Welch.Scaling.SPECTRUM);
        double[] spectrum = welch.spectra(new double[][] {sine}, 800)[0];
        assertThat(welch.frequencies(800)[8]).isEqualTo(100);
        assertThat(spectrum[8]).isCloseTo(4.5, within(1e-12));
        assertThat(spectrum[0]).isCloseTo(0, within(1e-12));
        assertThat(spectrum[20]).isCloseTo(0, within(1e-12));
    }

    /**
     * From {@code scipy.signal.welch(x, 50, window, segment, overlap, detrend=detrend,
     * scaling=scaling)}.
     */
    @Test
    void hasTheFiguresOfSciPy() {
        double[] x = new double[23];
        for (int n = 0; n < x.length; n++) {
            x[n] = (7 * n * n + 3 * n) % 11 / 4.0 - 1;
        }
        Welch odd =
                new Welch(7, 3, StandardTaper.BLACKMAN, Welch.Detrend.NONE, Welch.Scaling.SPECTRUM);
        assertThat(odd.spectra(new double[][] {x}, 50)[0])
                .containsExactly(
                        new double[] {
                            0.005156788307133087,
                            0.08909338049625767,
                            0.38315615938264774,
                            0.9880165874402076
                        },
                        within(1e-14));
        Welch even =
                new Welch(
                        8, 5, StandardTaper.HAMMING, Welch.Detrend.CONSTANT, Welch.Scaling.DENSITY);
        assertThat(even.spectra(new double[][] {x}, 50)[0])
                .containsExactly(
                        new double[] {
                            0.002388585151641295,
                            0.008265024487314367,
                            0.01132189188514351,
                            0.04489421477160758,
                            0.049157585720711196
                        },
                        within(1e-14));
    }

    @Test
    void wantsAWholePart() {
        assertThatThrownBy(() -> Welch.density(64).spectra(new double[1][63], 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "welch: segment is 64, but there are only 63 samples; give a shorter"
                                + " segment");
        assertThatThrownBy(
                        () ->
                                new Welch(
                                        8,
                                        8,
                                        StandardTaper.HANN,
                                        Welch.Detrend.NONE,
                                        Welch.Scaling.DENSITY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("an overlap from 0 to below the segment");
    }
}
