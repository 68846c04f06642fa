/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunningStandardiseTest extends SignalTransformContract {
    /** At the 10 Hz of the values. */
    private static final RunningStandardise FOUR_SAMPLES =
            new RunningStandardise(Duration.ofMillis(400));

    @Override
    protected SignalTransform transform() {
        return new RunningStandardise(Duration.ofSeconds(4));
    }

    @Test
    void weighsTheSamplesOfThePast() {
        double[] values = {3, 5, 4, -1, 2, 10, 2.5, 2.5};
        double[] out = Values.through(FOUR_SAMPLES, values);
        assertThat(out[0]).isZero();
        for (int n = 1; n < values.length; n++) {
            assertThat(out[n]).as("sample %d", n).isCloseTo(weighed(values, n), within(1e-12));
        }
    }

    /** From the definition: the weights {@code exp(-k / 4)}, divided by their sum. */
    private static double weighed(double[] values, int n) {
        double sum = 0;
        double mean = 0;
        for (int k = 0; k <= n; k++) {
            double weight = Math.exp(-k / 4.0);
            sum += weight;
            mean += weight * values[n - k];
        }
        mean /= sum;
        double variance = 0;
        for (int k = 0; k <= n; k++) {
            variance += Math.exp(-k / 4.0) / sum * Math.pow(values[n - k] - mean, 2);
        }
        return (values[n] - mean) / Math.sqrt(variance);
    }

    /** Figures of NumPy for the same weights. */
    @Test
    void agreesWithNumPy() {
        double[] wanted = {
            0,
            0.8824969025845952,
            -0.09519578717973295,
            -1.3213898235802297,
            -0.09874519858165967,
            1.4179529352127722,
            -0.4060275928112634,
            -0.34310271305154566
        };
        double[] out = Values.through(FOUR_SAMPLES, 3, 5, 4, -1, 2, 10, 2.5, 2.5);
        assertThat(out).containsExactly(wanted, within(1e-13));
    }

    @Test
    void forgetsAScaleThatIsLongPast() {
        Random random = new Random(3);
        double[] values =
                DoubleStream.concat(
                                DoubleStream.generate(() -> 1e6 + 1e3 * random.nextGaussian())
                                        .limit(500),
                                DoubleStream.generate(() -> random.nextGaussian()).limit(5500))
                        .toArray();
        double[] end =
                Arrays.copyOfRange(
                        Values.through(new RunningStandardise(Duration.ofSeconds(10)), values),
                        5500,
                        6000);
        double mean = Arrays.stream(end).average().orElseThrow();
        double variance = Arrays.stream(end).map(x -> (x - mean) * (x - mean)).sum() / end.length;
        assertThat(mean).isCloseTo(0, within(0.1));
        assertThat(variance).isCloseTo(1, within(0.15));
    }

    @Test
    void whatIsMissingHasNoPart() {
        double[] out = Values.through(FOUR_SAMPLES, 3, Double.NaN, 5, Double.NEGATIVE_INFINITY, 4);
        double[] without = Values.through(FOUR_SAMPLES, 3, 5, 4);
        assertThat(out).containsExactly(without[0], Double.NaN, without[1], Double.NaN, without[2]);
    }

    @Test
    void aChannelThatDoesNotVaryGivesZero() {
        assertThat(Values.through(FOUR_SAMPLES, 7.1, 7.1, 7.1)).containsOnly(0);
        double[] settling =
                IntStream.range(0, 2000).mapToDouble(n -> n < 5 ? n * 0.1 : 0.3).toArray();
        assertThat(Values.through(FOUR_SAMPLES, settling)[1999]).isZero();
    }

    @Test
    void wantsATimeConstantOfASampleAtLeast() {
        assertThatThrownBy(() -> new RunningStandardise(Duration.ZERO))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("standardise-running: time-constant is PT0S; give more than nothing");
        RunningStandardise brief = new RunningStandardise(Duration.ofMillis(50));
        assertThatThrownBy(() -> brief.prepare(Values.SHAPE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "standardise-running: time-constant PT0.05S is shorter than a sample at 10"
                                + " Hz; give at least one sample's time");
    }
}
