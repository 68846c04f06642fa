/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.schemas.InvalidInputException;
import java.lang.management.ManagementFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SincInterpolatorTest {
    private static final int LENGTH = 1200;
    private static final SincInterpolator FULL_BAND = new SincInterpolator(1);

    @Property(tries = 300)
    void readsASineBetweenItsSamples(
            @ForAll @DoubleRange(max = 0.45) double frequency,
            @ForAll @DoubleRange(max = 6) double phase,
            @ForAll @IntRange(min = 40, max = 1100) int sample,
            @ForAll @DoubleRange(max = 0.99) double fraction) {
        double[] out = new double[1];
        FULL_BAND.interpolate(sine(frequency, phase), sample, fraction, out, 0);
        assertThat(out[0]).isCloseTo(wave(frequency, phase, sample + fraction), within(3e-5));
    }

    /** At 2 samples for 5, what is below 0.45 of the lower rate stays; from 0.55 on it goes. */
    @ParameterizedTest
    @ValueSource(doubles = {0.9, 0.4, 0.1, 0.01})
    void removesWhatTheLowerRateCannotCarry(double ratio) {
        Fixture fixture = new Fixture(ratio);
        int width = fixture.interpolator.halfWidth();
        for (double share : new double[] {0.001, 0.2, 0.45}) {
            assertThat(fixture.worst(share * ratio, true)).as("pass %s", share).isLessThan(3e-5);
        }
        for (double share : new double[] {0.55, 0.7, 1}) {
            if (share * ratio <= 0.5) {
                assertThat(fixture.worst(share * ratio, false))
                        .as("stop %s", share)
                        .isLessThan(3.2e-5);
            }
        }
        assertThat(width).isEqualTo((int) Math.ceil(32 / ratio));
    }

    @Test
    void readsSamplesThemselves() {
        SampleBlock in = sine(0.31, 1);
        double[] out = new double[1];
        new SincInterpolator(1).interpolate(in, 500, 0, out, 0);
        assertThat(out[0]).isCloseTo(in.value(0, 500), within(1e-12));
        new SincInterpolator(1).interpolate(in, 499, Math.nextDown(1.0), out, 0);
        assertThat(out[0]).isCloseTo(in.value(0, 500), within(1e-12));
    }

    /** A value depends on the samples within the half width alone, to the bit. */
    @Property(tries = 50)
    void dependsOnTheSamplesAroundAlone(
            @ForAll @IntRange(min = 60, max = 1000) int sample,
            @ForAll @DoubleRange(max = 0.99) double fraction,
            @ForAll @DoubleRange(min = 0.6, max = 1.5) double ratio) {
        SincInterpolator interpolator = new SincInterpolator(ratio);
        SampleBlock in = sine(0.2, 0.3);
        double[] whole = new double[1];
        interpolator.interpolate(in, sample, fraction, whole, 0);

        int first = sample - interpolator.halfWidth() + 1;
        SampleBlock around = new SampleBlock(1);
        around.append(in, first, sample + interpolator.halfWidth() + 1);
        double[] cut = new double[1];
        interpolator.interpolate(around, sample - first, fraction, cut, 0);
        assertThat(cut).isEqualTo(whole);
    }

    @Test
    void outsideTheBlockIsZero() {
        SampleBlock ones = SampleBlock.of(new double[][] {{1, 1, 1}});
        double[] out = {9, 9, 9};
        SincInterpolator interpolator = new SincInterpolator(1);
        interpolator.interpolate(ones, -1, 0, out, 0);
        interpolator.interpolate(ones, 3, 0, out, 1);
        interpolator.interpolate(ones, -500, 0.5, out, 2);
        assertThat(out[0]).isCloseTo(0, within(1e-12));
        assertThat(out[1]).isCloseTo(0, within(1e-12));
        assertThat(out[2]).isZero();
    }

    @Test
    void channelsLieSideBySide() {
        double[][] samples = new double[3][200];
        for (int n = 0; n < 200; n++) {
            samples[0][n] = 1;
            samples[1][n] = wave(0.1, 0, n);
            samples[2][n] = -2;
        }
        double[] out = new double[5];
        new SincInterpolator(1).interpolate(SampleBlock.of(samples), 100, 0.25, out, 1);
        double[] alone = new double[1];
        new SincInterpolator(1)
                .interpolate(SampleBlock.of(new double[][] {samples[1]}), 100, 0.25, alone, 0);
        assertThat(out).containsExactly(new double[] {0, 1, alone[0], -2, 0}, within(3e-5));
        assertThat(out[2]).isEqualTo(alone[0]);
    }

    @Test
    void allocatesNothing() {
        SincInterpolator interpolator = new SincInterpolator(0.9);
        SampleBlock in = sine(0.2, 0);
        double[] out = new double[1];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int n = 0; n < 1000; n++) {
            interpolator.interpolate(in, n, 0.3, out, 0);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1000);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 1e-5, Double.NaN})
    void refusesAnAbsurdRatio(double ratio) {
        assertThatThrownBy(() -> new SincInterpolator(ratio))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "interpolation: %s samples out for each one in; give at least 1/32768"
                                .formatted(ratio));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void refusesAFractionThatIsNone(double fraction) {
        assertThatThrownBy(
                        () ->
                                new SincInterpolator(1)
                                        .interpolate(sine(0, 0), 9, fraction, new double[1], 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private record Fixture(SincInterpolator interpolator) {
        Fixture(double ratio) {
            this(new SincInterpolator(ratio));
        }

        /** The largest error over positions in the middle of a sine that passes, or not. */
        double worst(double frequency, boolean passes) {
            int width = interpolator.halfWidth();
            SampleBlock in = new SampleBlock(1);
            in.extend(2 * width + 200);
            for (int n = 0; n < in.length(); n++) {
                in.values()[n] = wave(frequency, 0.7, n);
            }
            double[] out = new double[1];
            double worst = 0;
            for (int i = 0; i < 100; i++) {
                double fraction = i * 0.618034 % 1;
                interpolator.interpolate(in, width + i, fraction, out, 0);
                double wanted = passes ? wave(frequency, 0.7, width + i + fraction) : 0;
                worst = Math.max(worst, Math.abs(out[0] - wanted));
            }
            return worst;
        }
    }

    private static SampleBlock sine(double frequency, double phase) {
        double[][] samples = new double[1][LENGTH];
        for (int n = 0; n < LENGTH; n++) {
            samples[0][n] = wave(frequency, phase, n);
        }
        return SampleBlock.of(samples);
    }

    private static double wave(double frequency, double phase, double n) {
        return Math.sin(2 * Math.PI * frequency * n + phase);
    }
}
