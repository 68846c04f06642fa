/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.schemas.SampleRate;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriftCorrectionTest {
    private static final SampleRate RATE = SampleRate.ofHertz(1000);
    private static final int FRAME = 100;

    /** The true time of a sample of a clock that strays, in seconds. */
    private static double trueTime(int sample, double ppm) {
        return sample / RATE.hertz() * (1 + ppm * 1e-6);
    }

    private static double tone(double seconds) {
        return Math.sin(2 * Math.PI * 10 * seconds);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-150, 0, 80, 400})
    void aToneComesOutAtItsTrueTime(double ppm) {
        Random random = new Random(5);
        DriftCorrection correction = new DriftCorrection(1, RATE);
        TransformState state = correction.start();
        DriftEstimate drift = DriftEstimate.none();
        SampleBlock out = new SampleBlock(1);
        int samples = 120_000;
        for (int from = 0; from < samples; from += FRAME) {
            double now = from / RATE.hertz();
            double jitter = 2e-4 * (random.nextDouble() - 0.5);
            drift = drift.with(now, trueTime(from, ppm) - now + jitter, FRAME / RATE.hertz());
            double[][] frame = new double[1][FRAME];
            for (int n = 0; n < FRAME; n++) {
                frame[0][n] = tone(trueTime(from + n, ppm));
            }
            correction.apply(SampleBlock.of(frame), drift, state, out);
        }
        correction.finish(drift, state, out);

        double expected = trueTime(samples, ppm) * RATE.hertz();
        assertThat((double) out.length()).isCloseTo(expected, within(1.0));
        for (int m = 70_000; m < out.length() - 100; m++) {
            assertThat(out.value(0, m)).isCloseTo(tone(m / RATE.hertz()), within(3e-3));
        }
    }

    /** Before anything is known of the clock, and however the segment is cut. */
    @Property(tries = 50)
    void passesToTheBitWhatNeedsNoCorrection(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 90) Integer> lengths,
            @ForAll long seed) {
        Random random = new Random(seed);
        double[][] samples = new double[2][400];
        for (double[] channel : samples) {
            for (int n = 0; n < channel.length; n++) {
                channel[n] = random.nextInt(20) == 0 ? Double.NaN : random.nextGaussian();
            }
        }
        SampleBlock whole = SampleBlock.of(samples);
        DriftCorrection correction = new DriftCorrection(2, RATE);
        TransformState state = correction.start();
        SampleBlock out = new SampleBlock(2);
        int from = 0;
        for (int i = 0; from < 400; i++) {
            int to = Math.min(400, from + lengths.get(i % lengths.size()));
            SampleBlock part = new SampleBlock(2);
            part.append(whole, from, to);
            correction.apply(part, DriftEstimate.none(), state, out);
            assertThat(out.length()).isEqualTo(Math.max(0, to - correction.latency()));
            from = to;
        }
        correction.finish(DriftEstimate.none(), state, out);
        for (int channel = 0; channel < 2; channel++) {
            assertThat(out.toArrays()[channel]).containsExactly(samples[channel]);
        }
    }

    @Test
    void aMissingValueDoesNotSpoilItsNeighbours() {
        DriftEstimate drift = DriftEstimate.none();
        for (int i = 0; i < 100; i++) {
            drift = drift.with(i, 3e-4 * i, 1);
        }
        double[][] samples = new double[1][4000];
        for (int n = 0; n < 4000; n++) {
            samples[0][n] = tone(n / RATE.hertz());
        }
        samples[0][2000] = Double.NaN;
        DriftCorrection correction = new DriftCorrection(1, RATE);
        TransformState state = correction.start();
        SampleBlock out = new SampleBlock(1);
        correction.apply(SampleBlock.of(samples), drift, state, out);
        correction.finish(drift, state, out);
        int missing = 0;
        for (int m = 0; m < out.length(); m++) {
            missing += Double.isNaN(out.value(0, m)) ? 1 : 0;
        }
        assertThat(missing).isEqualTo(1);
    }
}
