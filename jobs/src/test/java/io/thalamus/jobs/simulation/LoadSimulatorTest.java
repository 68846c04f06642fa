/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadSimulatorTest {
    private static final LocalDateTime START = LocalDateTime.of(2024, 1, 1, 0, 0);
    private static final int YEAR = 8766;
    private static final double[] MEANS = {7.94, 2.02, 5.08, 0.75, 2.78, 0.79, 17.13};
    private static final double[] DEVIATIONS = {5.81, 2.09, 5.52, 1.93, 1.02, 0.63, 9.18};

    @Test
    void theSameSeedMakesTheSameBytesEverywhere() throws IOException {
        List<String> lines = lines(new LoadSimulator(7, START, 4, 0.1, 0));

        assertThat(lines)
                .containsExactly(
                        "date,HUFL,HULL,MUFL,MULL,LUFL,LULL,OT",
                        "2024-01-01 00:00:00,,0.794,,-2.387,2.299,0.522,16.106",
                        "2024-01-01 01:00:00,5.345,,0.798,-0.552,,0.865,17.044",
                        "2024-01-01 02:00:00,8.571,4.198,2.039,1.275,2.469,0.847,16.341",
                        "2024-01-01 03:00:00,10.030,3.689,1.835,,2.335,0.871,16.439");
        assertThat(lines(new LoadSimulator(8, START, 4, 0.1, 0))).isNotEqualTo(lines);
    }

    @Test
    void columnsAreOnTheScaleOfTheForecastersTraining() throws IOException {
        double[][] columns = columns(new LoadSimulator(1, START, 2 * YEAR, 0, 0));

        for (int c = 0; c < columns.length; c++) {
            double mean = mean(columns[c]);
            assertThat(mean).isBetween(MEANS[c] - DEVIATIONS[c] / 2, MEANS[c] + DEVIATIONS[c] / 2);
            double deviation = deviation(columns[c]);
            assertThat(deviation / DEVIATIONS[c]).isBetween(0.7, 1.3);
        }
    }

    @Test
    void loadsRepeatByDayAndByWeek() throws IOException {
        double[] load = columns(new LoadSimulator(1, START, YEAR, 0, 0))[0];

        assertThat(correlation(load, 24)).isGreaterThan(correlation(load, 6) + 0.3);
        double[] weekdays =
                IntStream.range(0, YEAR)
                        .filter(h -> h / 24 % 7 < 5)
                        .mapToDouble(h -> load[h])
                        .toArray();
        double[] weekends =
                IntStream.range(0, YEAR)
                        .filter(h -> h / 24 % 7 > 4)
                        .mapToDouble(h -> load[h])
                        .toArray();
        assertThat(mean(weekdays)).isGreaterThan(mean(weekends) + 0.2 * deviation(load));
    }

    @Test
    void cellsAndRowsAreMissingAsOftenAsAskedFor() throws IOException {
        List<String> whole = lines(new LoadSimulator(5, START, 2000, 0, 0));
        List<String> holed = lines(new LoadSimulator(5, START, 2000, 0.02, 0));
        List<String> gapped = lines(new LoadSimulator(5, START, 2000, 0, 4));

        long empty =
                holed.stream()
                        .flatMap(line -> List.of(line.split(",", -1)).stream())
                        .filter(String::isEmpty)
                        .count();
        assertThat(empty / (2000.0 * 7)).isBetween(0.016, 0.024);
        assertThat(whole).hasSize(2001).containsAll(gapped);
        assertThat(gapped.size()).isBetween(2001 - 4 * 30, 2001 - 4);
        assertThat(gapped.subList(0, 49)).isEqualTo(whole.subList(0, 49));
        Set<String> times =
                whole.stream()
                        .skip(1)
                        .map(line -> line.substring(0, 19))
                        .collect(Collectors.toSet());
        assertThat(times).hasSize(2000);
        LocalDateTime last =
                LocalDateTime.parse(
                        whole.get(2000).substring(0, 19),
                        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss"));
        assertThat(last).isEqualTo(START.plusHours(1999));
    }

    @Test
    void impossibleParametersAreRefused() {
        assertThatThrownBy(() -> new LoadSimulator(1, START, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LoadSimulator(1, START, 100, 1.1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LoadSimulator(1, START, 48, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> lines(LoadSimulator simulator) throws IOException {
        StringBuilder text = new StringBuilder();
        simulator.write(text);
        return text.toString().lines().toList();
    }

    private static double[][] columns(LoadSimulator simulator) throws IOException {
        List<String> rows = new ArrayList<>(lines(simulator));
        rows.remove(0);
        double[][] columns = new double[LoadSimulator.CHANNELS.size()][rows.size()];
        for (int row = 0; row < rows.size(); row++) {
            String[] fields = rows.get(row).split(",");
            for (int c = 0; c < columns.length; c++) {
                columns[c][row] = Double.parseDouble(fields[c + 1]);
            }
        }
        return columns;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double deviation(double[] values) {
        return Math.sqrt(covariance(values, 0));
    }

    private static double correlation(double[] values, int lag) {
        return covariance(values, lag) / covariance(values, 0);
    }

    private static double covariance(double[] values, int lag) {
        double mean = mean(values);
        double sum = 0;
        for (int i = lag; i < values.length; i++) {
            sum += (values[i] - mean) * (values[i - lag] - mean);
        }
        return sum / (values.length - lag);
    }
}
