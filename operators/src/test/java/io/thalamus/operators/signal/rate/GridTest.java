/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.rate.Grid.Method;
import io.thalamus.operators.signal.rate.Grid.Stretch;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GridTest {
    private static final double N = Double.NaN;
    private static final long SECOND = 1_000_000_000L;
    private static final Duration FIVE = Duration.ofSeconds(5);

    private static Grid perSecond(Method method) {
        return new Grid(SampleRate.ofHertz(1), method, FIVE);
    }

    @Test
    void holdsThePreviousValueOrDrawsALine() {
        long[] times = at(10.5, 12, 14.5);
        double[][] values = {{1, 4, 9}};
        assertThat(perSecond(Method.PREVIOUS).regularise(times, values))
                .singleElement()
                .satisfies(all -> assertThat(all.startNanos()).isEqualTo(11 * SECOND))
                .satisfies(all -> assertThat(all.samples()[0]).containsExactly(1, 4, 4, 4));
        assertThat(perSecond(Method.LINEAR).regularise(times, values))
                .singleElement()
                .satisfies(all -> assertThat(all.startNanos()).isEqualTo(11 * SECOND))
                .satisfies(all -> assertThat(all.samples()[0]).containsExactly(2, 4, 6, 8));
    }

    @Test
    void inventsNothingAcrossAHole() {
        List<Stretch> segments =
                perSecond(Method.LINEAR)
                        .regularise(at(0, 1, 6.001, 7.5), new double[][] {{1, 2, 3, 4}});
        assertThat(segments).map(Stretch::startNanos).containsExactly(0L, 7 * SECOND);
        assertThat(segments.get(0).samples()[0]).containsExactly(1, 2);
        assertThat(segments.get(1).samples()[0]).hasSize(1);
    }

    @Test
    void eachChannelGoesByItsOwnReadings() {
        double[][] values = {{0, N, 4, N, N, N}, {N, 1, N, Double.POSITIVE_INFINITY, 4, 5}};
        long[] times = at(0, 1, 2, 3, 4, 8);
        double[][] lines = only(perSecond(Method.LINEAR).regularise(times, values));
        assertThat(lines[0]).containsExactly(0, 2, 4, N, N, N, N, N, N);
        assertThat(lines[1]).containsExactly(N, 1, 2, 3, 4, 4.25, 4.5, 4.75, 5);
        double[][] held = only(perSecond(Method.PREVIOUS).regularise(times, values));
        assertThat(held[0]).containsExactly(0, 0, 4, 4, 4, 4, 4, 4, N);
        assertThat(held[1]).containsExactly(N, 1, 1, 1, 4, 4, 4, 4, 5);
    }

    @Test
    void pointsAreMultiplesOfThePeriodSinceTheEpochAndBeforeIt() {
        Grid minutes = new Grid(new SampleRate(1, 60), Method.PREVIOUS, Duration.ofMinutes(5));
        assertThat(minutes.regularise(at(-61, -1, 59, 61), new double[][] {{1, 2, 3, 4}}))
                .singleElement()
                .satisfies(all -> assertThat(all.startNanos()).isEqualTo(-60 * SECOND))
                .satisfies(all -> assertThat(all.samples()[0]).containsExactly(1, 2, 3));
    }

    @Test
    void aReadingOrTwoBetweenPointsGiveNothing() {
        assertThat(perSecond(Method.LINEAR).regularise(at(0.2), new double[1][1])).isEmpty();
        assertThat(perSecond(Method.LINEAR).regularise(at(0.2, 0.8), new double[1][2])).isEmpty();
        assertThat(perSecond(Method.LINEAR).regularise(at(), new double[1][0])).isEmpty();
    }

    /** Against the definition, reading for reading. */
    @Property(tries = 300)
    void isAsDefined(
            @ForAll Method method,
            @ForAll @IntRange(min = 1, max = 7) int rate,
            @ForAll @IntRange(min = 1, max = 3) int channels,
            @ForAll @IntRange(min = 1, max = 40) int count,
            @ForAll @IntRange(max = 8) int missing,
            @ForAll long seed) {
        Random random = new Random(seed);
        long[] times = new long[count];
        double[][] values = new double[channels][count];
        long time = random.nextLong() >> 8;
        for (int i = 0; i < count; i++) {
            // Often on a point of some grid, now and then after a hole.
            time += random.nextInt(12) == 0 ? 6 * SECOND : 1 + random.nextInt(2_000_000_000);
            times[i] =
                    random.nextInt(3) == 0 ? Math.floorDiv(time, SECOND) * SECOND + SECOND : time;
            time = times[i];
            for (int channel = 0; channel < channels; channel++) {
                values[channel][i] = random.nextInt(10) < missing ? N : random.nextGaussian();
            }
        }
        SampleRate hertz = SampleRate.ofHertz(rate);
        Grid grid = new Grid(hertz, method, FIVE);
        int next = 0;
        List<Stretch> segments = grid.regularise(times, values);
        for (int from = 0, to; from < count; from = to) {
            to = from + 1;
            while (to < count && times[to] - times[to - 1] <= FIVE.toNanos()) {
                to++;
            }
            long first = hertz.samplesIn(times[from]);
            first += hertz.nanosOf(first) < times[from] ? 1 : 0;
            long start = hertz.nanosOf(first);
            int points = 0;
            while (start + hertz.nanosOf(points) <= times[to - 1]) {
                points++;
            }
            if (points == 0) {
                continue;
            }
            Stretch segment = segments.get(next++);
            assertThat(segment.startNanos()).isEqualTo(start);
            for (int channel = 0; channel < channels; channel++) {
                assertThat(segment.samples()[channel]).hasSize(points);
                for (int n = 0; n < points; n++) {
                    assertThat((Double) segment.samples()[channel][n])
                            .as("channel %d at point %d", channel, n)
                            .isEqualTo(
                                    (Double)
                                            defined(
                                                    method,
                                                    start + hertz.nanosOf(n),
                                                    times,
                                                    values[channel],
                                                    from,
                                                    to));
                }
            }
        }
        assertThat(segments).hasSize(next);
    }

    private static double defined(
            Method method, long point, long[] times, double[] values, int from, int to) {
        int before = -1;
        int after = -1;
        for (int i = from; i < to; i++) {
            if (!Double.isNaN(values[i])) {
                before = times[i] <= point ? i : before;
                after = times[i] >= point && after < 0 ? i : after;
            }
        }
        if (before >= 0 && before == after) {
            return values[before];
        }
        boolean previous = method == Method.PREVIOUS;
        if (before < 0
                || (!previous && after < 0)
                || (previous ? point : times[after]) - times[before] > FIVE.toNanos()) {
            return N;
        }
        return previous
                ? values[before]
                : values[before]
                        + (values[after] - values[before])
                                * ((double) (point - times[before])
                                        / (times[after] - times[before]));
    }

    @Test
    void saysWhatIsWrongWithItsFigures() {
        SampleRate second = SampleRate.ofHertz(1);
        assertThatThrownBy(() -> new Grid(second, Method.LINEAR, Duration.ZERO))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("grid: limit is PT0S; give a time above 0 and of at most a century");
        assertThatThrownBy(() -> new Grid(second, Method.LINEAR, Duration.ofDays(36501)))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new Grid(second, Method.LINEAR, Duration.ofDays(1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "grid: PT24H at 1 Hz are more than 65536 points; give a shorter limit or a"
                                + " lower rate");
        assertThatThrownBy(
                        () ->
                                perSecond(Method.LINEAR)
                                        .regularise(at(1, 2, 2), new double[][] {{1, 2, 3}}))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "grid: reading 3 is not later than the one before; give them in the order"
                                + " of their times, each once");
    }

    private static double[][] only(List<Stretch> segments) {
        assertThat(segments).hasSize(1);
        return segments.get(0).samples();
    }

    private static long[] at(double... seconds) {
        long[] nanos = new long[seconds.length];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = Math.round(seconds[i] * 1e3) * 1_000_000;
        }
        return nanos;
    }
}
