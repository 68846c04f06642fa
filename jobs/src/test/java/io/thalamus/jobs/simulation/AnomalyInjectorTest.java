/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.jobs.simulation.InjectedAnomaly.Kind;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnomalyInjectorTest {
    private static final int SAMPLES = 3000;

    /** Three channels of deviation 1, whose every value is another. */
    private static double[][] series() {
        double[][] values = new double[3][SAMPLES];
        for (int channel = 0; channel < 3; channel++) {
            for (int n = 0; n < SAMPLES; n++) {
                values[channel][n] =
                        Math.sqrt(2) * Math.sin(0.1 * n + channel) + 1e-6 * n + 10 * channel;
            }
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void changesTheSeriesWhereItSaysAndNowhereElse(long seed) {
        double[][] before = series();
        double[][] values = series();

        List<InjectedAnomaly> anomalies = new AnomalyInjector(seed, 2).inject(values);

        boolean[][] said = new boolean[3][SAMPLES];
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        int end = SAMPLES / 4;
        for (InjectedAnomaly anomaly : anomalies) {
            counts.merge(anomaly.kind(), 1, Integer::sum);
            assertThat(anomaly.first()).isGreaterThanOrEqualTo(end);
            end = anomaly.first() + anomaly.samples();
            for (int n = anomaly.first(); n < end; n++) {
                said[anomaly.channel()][n] = true;
                said[anomaly.other()][n] = true;
            }
            if (anomaly.kind() == Kind.SPIKE) {
                assertThat(anomaly.samples()).isBetween(1, 3);
            } else {
                assertThat(anomaly.samples()).isBetween(12, 48);
            }
            check(anomaly, before, values);
        }
        assertThat(counts).hasSize(8).allSatisfy((kind, count) -> assertThat(count).isEqualTo(2));
        for (int channel = 0; channel < 3; channel++) {
            for (int n = 0; n < SAMPLES; n++) {
                assertThat(values[channel][n] != before[channel][n])
                        .as("channel %d, sample %d", channel, n)
                        .isEqualTo(said[channel][n]);
            }
        }
    }

    private static void check(InjectedAnomaly anomaly, double[][] before, double[][] values) {
        double[] was = before[anomaly.channel()];
        double[] is = values[anomaly.channel()];
        int first = anomaly.first();
        int last = first + anomaly.samples() - 1;
        double step = is[last] - was[last];
        switch (anomaly.kind()) {
            case SPIKE -> assertThat(Math.abs(step)).isBetween(3.9, 8.1);
            case LEVEL_SHIFT -> {
                assertThat(Math.abs(step)).isBetween(1.4, 3.1);
                assertThat(is[first] - was[first]).isCloseTo(step, within(1e-9));
            }
            case DRIFT -> {
                assertThat(Math.abs(step)).isBetween(1.9, 4.1);
                assertThat(is[first] - was[first])
                        .isCloseTo(step / anomaly.samples(), within(1e-9));
            }
            case FLAT_LINE -> {
                assertThat(is[first]).isEqualTo(was[first - 1]);
                assertThat(is[last]).isEqualTo(was[first - 1]);
            }
            case NOISE_BURST -> {
                double squares = 0;
                for (int n = first; n <= last; n++) {
                    squares += (is[n] - was[n]) * (is[n] - was[n]);
                }
                assertThat(Math.sqrt(squares / anomaly.samples())).isBetween(0.4, 3.5);
            }
            case CHANGED_PERIOD ->
                    assertThat(is[last]).isEqualTo(was[first + 2 * anomaly.samples() - 1]);
            case PHASE_SHIFT -> {
                int shift = 1;
                while (was[last - shift] != is[last]) {
                    shift++;
                }
                assertThat(shift)
                        .isBetween(anomaly.samples() / 4, Math.max(1, anomaly.samples() / 2));
                assertThat(is[first]).isEqualTo(was[first - shift]);
            }
            case CHANNEL_SWAP -> {
                assertThat(anomaly.other()).isNotEqualTo(anomaly.channel());
                assertThat(is[first]).isEqualTo(before[anomaly.other()][first]);
                assertThat(values[anomaly.other()][last]).isEqualTo(was[last]);
            }
        }
    }

    @Test
    void theSeedDecides() {
        double[][] one = series();
        double[][] again = series();
        List<InjectedAnomaly> anomalies = new AnomalyInjector(7, 1).inject(one);

        assertThat(new AnomalyInjector(7, 1).inject(again)).isEqualTo(anomalies);
        assertThat(Arrays.deepEquals(one, again)).isTrue();
        assertThat(new AnomalyInjector(8, 1).inject(series())).isNotEqualTo(anomalies);
    }

    @Test
    void whatIsMissingStaysMissing() {
        double[][] values = {new double[SAMPLES]};
        Arrays.fill(values[0], Double.NaN);

        List<InjectedAnomaly> anomalies = new AnomalyInjector(1, 1).inject(values);

        assertThat(values[0]).containsOnly(Double.NaN);
        assertThat(anomalies)
                .hasSize(7)
                .extracting(InjectedAnomaly::kind)
                .doesNotContain(Kind.CHANNEL_SWAP);
    }

    @Test
    void missingValuesNeitherAppearNorDisappear() {
        for (int seed = 1; seed <= 5; seed++) {
            double[][] values = series();
            for (int n = 0; n < SAMPLES; n++) {
                values[n % 3][n] = Double.NaN;
            }

            new AnomalyInjector(seed, 2).inject(values);

            for (int n = 0; n < SAMPLES; n++) {
                for (int channel = 0; channel < 3; channel++) {
                    assertThat(Double.isNaN(values[channel][n]))
                            .as("channel %d, sample %d", channel, n)
                            .isEqualTo(channel == n % 3);
                }
            }
        }
    }

    @Test
    void aFlatLineHoldsTheLastValueThatIsThere() {
        for (int seed = 1; seed <= 5; seed++) {
            double[][] before = series();
            for (int n = 0; n < SAMPLES; n++) {
                if (n % 4 != 0) {
                    before[n % 3][n] = Double.NaN;
                }
            }
            double[][] values = Arrays.stream(before).map(double[]::clone).toArray(double[][]::new);

            List<InjectedAnomaly> anomalies = new AnomalyInjector(seed, 4).inject(values);

            for (InjectedAnomaly anomaly : anomalies) {
                if (anomaly.kind() == Kind.FLAT_LINE) {
                    double[] was = before[anomaly.channel()];
                    int last = anomaly.first() - 1;
                    while (Double.isNaN(was[last])) {
                        last--;
                    }
                    for (int k = 0; k < anomaly.samples(); k++) {
                        int n = anomaly.first() + k;
                        if (!Double.isNaN(was[n])) {
                            assertThat(values[anomaly.channel()][n]).isEqualTo(was[last]);
                        }
                    }
                }
            }
        }
    }

    @Test
    void theDeviationOfASeriesThatNeverChangesIsOne() {
        double[][] values = new double[1][SAMPLES];

        List<InjectedAnomaly> anomalies = new AnomalyInjector(1, 1).inject(values);

        InjectedAnomaly spike =
                anomalies.stream()
                        .filter(one -> one.kind() == Kind.SPIKE)
                        .findFirst()
                        .orElseThrow();
        assertThat(Math.abs(values[0][spike.first()])).isBetween(4.0, 8.0);
    }

    @Test
    void refusesMoreThanFit() {
        assertThatThrownBy(() -> new AnomalyInjector(1, 20).inject(series()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("20 anomalies of each kind do not fit in 3000 samples");
        assertThatThrownBy(() -> new AnomalyInjector(1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is 1 anomaly of each kind or more, not 0");
    }
}
