/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrendCorrectionTest {
    private static final int LENGTH = 48;
    private static final int HORIZON = 24;

    private static final float[] NO_LEVEL = {0};

    private final TrendCorrection trend = new TrendCorrection(1, LENGTH, HORIZON);

    @Test
    void changesNothingUntilThereAreErrors() {
        float[] map = TrendCorrection.map(TrendCorrection.Sums.none());
        assertThat(map).hasSize(TrendCorrection.values()).containsOnly(0);
        float[] forecast = wave(LENGTH, HORIZON, 0);
        assertThat(trend.added(map, wave(0, LENGTH, 0), NO_LEVEL, forecast)).isEqualTo(forecast);
    }

    /** A network that says that a wave stops, on a stream of waves of any phase and size. */
    @Test
    void learnsHowAWaveGoesOn() {
        Random random = new Random(5);
        TrendCorrection.Sums sums = TrendCorrection.Sums.none();
        for (int i = 0; i < 400; i++) {
            double phase = 2 * Math.PI * random.nextDouble();
            double size = Math.exp(random.nextGaussian());
            sums =
                    trend.after(
                            sums,
                            scaled(size, wave(0, LENGTH, phase)),
                            NO_LEVEL,
                            last(scaled(size, wave(0, LENGTH, phase))),
                            scaled(size, wave(LENGTH, HORIZON, phase)),
                            0.5);
        }
        float[] map = TrendCorrection.map(sums);
        for (double phase = 0; phase < 6; phase += 0.7) {
            float[] window = wave(0, LENGTH, phase);
            float[] truth = wave(LENGTH, HORIZON, phase);
            float[] corrected = trend.added(map, window, NO_LEVEL, last(window));
            assertThat(error(corrected, truth))
                    .as("phase %s", phase)
                    .isLessThan(0.25 * error(last(window), truth) + 0.01);
        }
    }

    /** Noise whose level jumps about, and a network that says that it stays where it is. */
    @Test
    void learnsThatALevelComesBack() {
        Random random = new Random(5);
        TrendCorrection.Sums sums = TrendCorrection.Sums.none();
        float[] truth = scaled(0, random(HORIZON, 1));
        for (int i = 0; i < 400; i++) {
            double level = 6 * random.nextGaussian();
            float[] window = lifted(level, random(LENGTH, i));
            sums = trend.after(sums, window, NO_LEVEL, lifted(level, truth), truth, 0.5);
        }
        float[] map = TrendCorrection.map(sums);
        for (double level : new double[] {-6, 3, 8}) {
            float[] stays = lifted(level, truth);
            float[] corrected = trend.added(map, lifted(level, random(LENGTH, 7)), NO_LEVEL, stays);
            assertThat(error(corrected, truth))
                    .as("level %s", level)
                    .isLessThan(0.2 * error(stays, truth));
        }
        // beyond ten deviations it counts as ten
        float[] window = random(LENGTH, 7);
        float[] far = {1000};
        float[] farther = {10_000};
        assertThat(trend.added(map, window, far, truth))
                .isEqualTo(trend.added(map, window, farther, truth));
    }

    private static float[] lifted(double level, float[] values) {
        float[] lifted = values.clone();
        for (int i = 0; i < lifted.length; i++) {
            lifted[i] += level;
        }
        return lifted;
    }

    @Test
    void sumsOfAnotherMapAreNone() {
        assertThat(TrendCorrection.Sums.of(null, null)).isSameAs(TrendCorrection.Sums.none());
        assertThat(TrendCorrection.Sums.of(new float[16], new float[12]))
                .isSameAs(TrendCorrection.Sums.none());
    }

    @Test
    void aCorrectionCanBeTakenBack() {
        float[] map = random(TrendCorrection.values(), 1);
        float[] window = random(LENGTH, 2);
        float[] forecast = random(HORIZON, 3);
        float[] corrected = trend.added(map, window, NO_LEVEL, forecast);
        assertThat(error(corrected, forecast)).isGreaterThan(0.01);
        assertThat(trend.removed(map, window, NO_LEVEL, corrected))
                .containsExactly(forecast, within(1e-6f));
    }

    /** So that the level and the scale of a channel have no say. */
    @Test
    void correctionsAreInUnitsOfTheWindow() {
        float[] map = random(TrendCorrection.values(), 1);
        float[] window = random(LENGTH, 2);
        float[] zeros = new float[HORIZON];
        float[] moved = scaled(8, window);
        for (int t = 0; t < LENGTH; t++) {
            moved[t] += 100;
        }
        assertThat(trend.added(map, moved, new float[] {100}, zeros))
                .containsExactly(
                        scaled(8, trend.added(map, window, NO_LEVEL, zeros)), within(1e-3f));
    }

    @Test
    void aChannelThatDoesNotMoveIsNotCorrected() {
        float[] map = random(TrendCorrection.values(), 1);
        float[] flat = scaled(0, random(LENGTH, 2));
        assertThat(trend.added(map, flat, NO_LEVEL, new float[HORIZON])).containsOnly(0);
    }

    @Test
    void whatIsFarFromTheWindowTeachesNothing() {
        TrendCorrection.Sums before =
                trend.after(
                        TrendCorrection.Sums.none(),
                        wave(0, LENGTH, 1),
                        NO_LEVEL,
                        random(HORIZON, 4),
                        wave(LENGTH, HORIZON, 1),
                        1);
        float[] broken = wave(LENGTH, HORIZON, 1);
        for (float value : new float[] {100, Float.NaN, Float.POSITIVE_INFINITY}) {
            broken[HORIZON - 1] = value;
            float[] forecast = random(HORIZON, 4);
            TrendCorrection.Sums after =
                    trend.after(before, wave(0, LENGTH, 1), NO_LEVEL, forecast, broken, 1);
            float[] faded = scaled(0.98, before.squares());
            assertThat(after.squares()).containsExactly(faded, within(1e-6f));
        }
    }

    /** Twice as many forecasts, each with half of the weight, teach the same. */
    @Test
    void howOftenForecastsAreMadeDoesNotMatter() {
        TrendCorrection.Sums once = TrendCorrection.Sums.none();
        TrendCorrection.Sums twice = TrendCorrection.Sums.none();
        for (int i = 0; i < 50; i++) {
            float[] window = random(LENGTH, i);
            float[] truth = random(HORIZON, -i);
            once = trend.after(once, window, NO_LEVEL, new float[HORIZON], truth, 1);
            twice = trend.after(twice, window, NO_LEVEL, new float[HORIZON], truth, 0.5);
            twice = trend.after(twice, window, NO_LEVEL, new float[HORIZON], truth, 0.5);
        }
        assertThat(TrendCorrection.map(twice))
                .containsExactly(TrendCorrection.map(once), within(2e-3f));
    }

    private static float[] wave(int from, int count, double phase) {
        float[] wave = new float[count];
        for (int t = 0; t < count; t++) {
            wave[t] = (float) Math.sin(2 * Math.PI * (from + t) / 110 + phase);
        }
        return wave;
    }

    private static float[] last(float[] window) {
        float[] last = new float[HORIZON];
        Arrays.fill(last, window[LENGTH - 1]);
        return last;
    }

    private static float[] random(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] scaled(double factor, float[] values) {
        float[] scaled = new float[values.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (factor * values[i]);
        }
        return scaled;
    }

    private static double error(float[] some, float[] others) {
        double sum = 0;
        for (int i = 0; i < some.length; i++) {
            sum += (some[i] - others[i]) * (double) (some[i] - others[i]);
        }
        return sum / some.length;
    }
}
