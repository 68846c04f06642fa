/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RealFftTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 12, 54, 97, 192, 210, 211, 1009})
    void agreesWithTheDefinition(int length) {
        float[] series = new float[2 * length];
        Random random = new Random(length);
        for (int i = 0; i < series.length; i++) {
            series[i] = (float) random.nextGaussian();
        }
        RealFft fft = new RealFft(length);
        double[] sums = new double[fft.bins()];
        fft.addAmplitudes(series, 0, 2, sums);
        fft.addAmplitudes(series, 1, 2, sums);
        assertThat(fft.bins()).isEqualTo(length / 2 + 1);
        for (int f = 0; f < sums.length; f++) {
            double expected = amplitude(series, 0, length, f) + amplitude(series, 1, length, f);
            assertThat(sums[f]).as("bin %d of %d", f, length).isCloseTo(expected, within(1e-9));
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 54, 97, 120, 128, 210, 211, 243, 323, 720, 1000,
                1001, 1009
            })
    void transformsForwardAndBack(int length) {
        Random random = new Random(length);
        double[] series = random.doubles(length, -1, 1).toArray();
        double[] given = series.clone();
        RealFft fft = new RealFft(length);
        double[] re = new double[fft.bins()];
        double[] im = new double[fft.bins()];
        fft.forward(series, re, im);
        for (int f = 0; f < re.length; f++) {
            double real = 0;
            double imaginary = 0;
            for (int t = 0; t < length; t++) {
                double angle = -2 * Math.PI * ((long) f * t % length) / length;
                real += series[t] * Math.cos(angle);
                imaginary += series[t] * Math.sin(angle);
            }
            assertThat(re[f]).as("bin %d of %d", f, length).isCloseTo(real, within(1e-11));
            assertThat(im[f]).as("bin %d of %d", f, length).isCloseTo(imaginary, within(1e-11));
        }
        assertThat(series).isEqualTo(given);

        double[] back = new double[length];
        double[] re0 = re.clone();
        double[] im0 = im.clone();
        fft.inverse(re, im, back);
        assertThat(back).containsExactly(series, within(1e-12));
        assertThat(re).isEqualTo(re0);
        assertThat(im).isEqualTo(im0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 6, 8, 320, 646})
    void takesImaginaryPartsThatNoSeriesHasAsZero(int length) {
        RealFft fft = new RealFft(length);
        double[] re = new Random(1).doubles(fft.bins()).toArray();
        double[] im = new double[fft.bins()];
        double[] plain = new double[length];
        fft.inverse(re, im, plain);
        im[0] = 3;
        im[fft.bins() - 1] = -4;
        double[] odd = new double[length];
        fft.inverse(re, im, odd);
        assertThat(odd).isEqualTo(plain);
    }

    private static double amplitude(float[] series, int first, int length, int f) {
        double real = 0;
        double imaginary = 0;
        for (int t = 0; t < length; t++) {
            double angle = -2 * Math.PI * ((long) f * t % length) / length;
            real += series[first + 2 * t] * Math.cos(angle);
            imaginary += series[first + 2 * t] * Math.sin(angle);
        }
        return Math.hypot(real, imaginary);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 97, 320, 720, 4099})
    void allocatesNothingFromCallToCall(int length) {
        RealFft fft = new RealFft(length);
        double[] series = new Random(1).doubles(length).toArray();
        double[] re = new double[fft.bins()];
        double[] im = new double[fft.bins()];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            fft.forward(series, re, im);
            fft.inverse(re, im, series);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isZero();
    }

    /** Rounding grows with the logarithm of the length, as that of a fast transform does. */
    @ParameterizedTest
    @ValueSource(ints = {65536, 65537, 100_000, 118_098})
    void isExactForLongSeries(int length) {
        RealFft fft = new RealFft(length);
        int cycles = length / 3;
        double[] series = new double[length];
        for (int t = 0; t < length; t++) {
            series[t] = Math.cos(2 * Math.PI * ((long) cycles * t % length) / length + 0.5);
        }
        double[] re = new double[fft.bins()];
        double[] im = new double[fft.bins()];
        fft.forward(series, re, im);
        re[cycles] -= length / 2.0 * Math.cos(0.5);
        im[cycles] -= length / 2.0 * Math.sin(0.5);
        double worst = 0;
        for (int f = 0; f < re.length; f++) {
            worst = Math.max(worst, Math.hypot(re[f], im[f]) / length);
        }
        assertThat(worst).isLessThan(1e-14);
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 17, 100_003})
    void staysOnTheCallingThread(int length) {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        RealFft fft = new RealFft(length);
        fft.addAmplitudes(new float[fft.length()], 0, 1, new double[fft.bins()]);
        assertThat(before).containsAll(Thread.getAllStackTraces().keySet());
    }
}
