/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.schemas.SampleRate;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpectrogramTest {
    private static final int RATE = 200;

    /** A sine of amplitude 3 at 25 Hz upon an offset of 100, in its second half one at 50 Hz. */
    private static Series sines() {
        float[] values = new float[1000];
        for (int n = 0; n < values.length; n++) {
            double hertz = n < 500 ? 25 : 50;
            values[n] = (float) (100 + 3 * Math.sin(2 * Math.PI * hertz * n / RATE));
        }
        return new Series(List.of("c"), 0, SampleRate.ofHertz(RATE), new float[][] {values});
    }

    @Test
    void showsEachSineAtItsFrequencyAndItsTime() {
        Spectrogram spectrogram = Spectrogram.of(sines(), 0, 80, 20);

        assertThat(spectrogram.stepHertz()).isEqualTo(2.5);
        assertThat(spectrogram.stepSeconds()).isEqualTo(0.1);
        double[][] decibels = spectrogram.decibels(60);
        assertThat(decibels).hasDimensions(25, (1000 - 80) / 20 + 1);
        for (int m = 0; m < decibels[0].length; m++) {
            boolean first = m * 20 + 80 <= 500;
            boolean second = m * 20 >= 500;
            if (first) {
                assertThat(decibels[10][m]).isGreaterThan(0);
                assertThat(decibels[20][m] > -60).isFalse();
            } else if (second) {
                assertThat(decibels[20][m]).isGreaterThan(0);
                assertThat(decibels[10][m] > -60).isFalse();
            }
        }
    }

    @Test
    void theDensityIntegratesToThePower() {
        double[] mean = Spectrogram.of(sines(), 0, 100, 50).meanDecibels();

        double power = 0;
        for (double decibels : mean) {
            power += Double.isNaN(decibels) ? 0 : Math.pow(10, decibels / 10) * 2;
        }

        assertThat(power).isCloseTo(4.5, within(0.15)); // the offset does not count
    }

    @Test
    void aMissingValueIsAHoleInTimeAndNotInTheMean() {
        Series series = sines();
        double[] whole = Spectrogram.of(series, 0, 100, 100).meanDecibels();
        series.values()[0][150] = Float.NaN;

        Spectrogram spectrogram = Spectrogram.of(series, 0, 100, 100);

        assertThat(spectrogram.decibels(100)[12]).satisfies(row -> assertThat(row[1]).isNaN());
        assertThat(spectrogram.decibels(100)[13][0]).isFinite();
        assertThat(spectrogram.meanDecibels()[25]).isCloseTo(whole[25], within(1.0));
    }
}
