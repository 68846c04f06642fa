/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeriesSimulatorTest {
    private static final LocalDateTime START = LocalDate.of(2024, 1, 1).atStartOfDay();

    @Test
    void theSameSeedAndNumberMakeTheSameFile() throws IOException {
        List<String> rows = rows(new SeriesSimulator(1, 3, START, 50));

        assertThat(rows.subList(0, 4))
                .containsExactly(
                        "date,load",
                        "2024-01-01 00:00:00,1958.13",
                        "2024-01-01 01:00:00,1746.07",
                        "2024-01-01 02:00:00,1608.37");
        assertThat(rows).hasSize(51);
        assertThat(rows(new SeriesSimulator(1, 3, START, 50))).isEqualTo(rows);
        assertThat(rows(new SeriesSimulator(1, 3, START, 20))).isEqualTo(rows.subList(0, 21));
        assertThat(rows(new SeriesSimulator(1, 4, START, 50))).isNotEqualTo(rows);
        assertThat(rows(new SeriesSimulator(2, 3, START, 50))).isNotEqualTo(rows);
    }

    @Test
    void scalesDifferAndEachSeriesRepeatsByTheDay() throws IOException {
        double smallest = Double.MAX_VALUE;
        double largest = 0;
        int daily = 0;
        for (int number = 0; number < 40; number++) {
            double[] load = load(new SeriesSimulator(1, number, START, 840));
            assertThat(Arrays.stream(load).min().orElseThrow()).isPositive();
            double mean = IntStream.range(0, 840).mapToDouble(h -> load[h]).average().orElse(0);
            smallest = Math.min(smallest, mean);
            largest = Math.max(largest, mean);
            double day = 0;
            double half = 0;
            for (int hour = 24; hour < 120; hour++) {
                day += Math.abs(load[hour] - load[hour - 24]);
                half += Math.abs(load[hour] - load[hour - 7]);
            }
            daily += day < half ? 1 : 0;
        }
        assertThat(largest / smallest).isGreaterThan(200);
        assertThat(daily).isGreaterThan(35);
    }

    @Test
    void impossibleParametersAreRefused() {
        assertThatThrownBy(() -> new SeriesSimulator(1, 0, START, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SeriesSimulator(1, 0, START, 2001))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> rows(SeriesSimulator simulator) throws IOException {
        StringBuilder text = new StringBuilder();
        simulator.write(text);
        return text.toString().lines().toList();
    }

    private static double[] load(SeriesSimulator simulator) throws IOException {
        return rows(simulator).stream()
                .skip(1)
                .mapToDouble(row -> Double.parseDouble(row.split(",")[1]))
                .toArray();
    }
}
