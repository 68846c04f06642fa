/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SensorSimulatorTest {
    private static final LocalDateTime START = LocalDate.of(2024, 1, 1).atStartOfDay();
    private static final int HOURS = 20;

    @Test
    void theSameSeedMakesTheSameFile() throws IOException {
        List<String> rows = rows(new SensorSimulator(1, START, 1, 0.1, 0));

        assertThat(rows.subList(0, 4))
                .containsExactly(
                        "time,temperature,humidity,pressure",
                        "2024-01-01T00:00:02.123Z,21.12,,",
                        "2024-01-01T00:00:02.559Z,,,1012.93",
                        "2024-01-01T00:00:02.875Z,,54.69,");
        assertThat(rows(new SensorSimulator(1, START, 1, 0.1, 0))).isEqualTo(rows);
        assertThat(rows(new SensorSimulator(2, START, 1, 0.1, 0))).isNotEqualTo(rows);
    }

    @Test
    void eachSensorIsReadAtItsOwnPaceAndNeverOnTheSecond() throws IOException {
        List<String> rows = rows(new SensorSimulator(1, START, HOURS, 0, 0));

        int[] periods = {10_000, 20_000, 60_000};
        for (int sensor = 0; sensor < periods.length; sensor++) {
            List<Long> times = times(rows, sensor);
            assertThat(times).hasSize(HOURS * 3_600_000 / periods[sensor]).isSorted();
            for (int k = 0; k < times.size(); k++) {
                assertThat(times.get(k) - (long) k * periods[sensor])
                        .isBetween(0L, (long) (0.4 * periods[sensor]));
            }
            assertThat(times.stream().distinct().count()).isEqualTo(times.size());
        }
        assertThat(times(rows, 0).stream().filter(time -> time % 1000 == 0).count()).isLessThan(60);
    }

    @Test
    void readingsAreLostAsOftenAsAskedFor() throws IOException {
        List<String> whole = rows(new SensorSimulator(5, START, HOURS, 0, 0));
        List<String> dropped = rows(new SensorSimulator(5, START, HOURS, 0.1, 0));
        List<String> outages = rows(new SensorSimulator(5, START, HOURS, 0, 2));

        assertThat(times(dropped, 0).size() / (double) times(whole, 0).size())
                .isBetween(0.88, 0.92);
        assertThat(whole).containsAll(outages);
        List<Long> times = times(outages, 0);
        int pauses = 0;
        for (int i = 1; i < times.size(); i++) {
            Duration pause = Duration.ofMillis(times.get(i) - times.get(i - 1));
            if (pause.compareTo(Duration.ofSeconds(20)) > 0) {
                pauses++;
                assertThat(pause).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(31));
                assertThat(times.get(i - 1)).isGreaterThan(3_500_000L);
            }
        }
        assertThat(pauses).isBetween(1, 2);
    }

    @Test
    void impossibleParametersAreRefused() {
        assertThatThrownBy(() -> new SensorSimulator(1, START, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SensorSimulator(1, START, 5, 1.1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SensorSimulator(1, START, 1, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> rows(SensorSimulator simulator) throws IOException {
        StringBuilder text = new StringBuilder();
        simulator.write(text);
        return text.toString().lines().toList();
    }

    /** When a sensor was read, in milliseconds since the start. */
    private static List<Long> times(List<String> rows, int sensor) {
        List<Long> times = new ArrayList<>();
        for (String row : rows.subList(1, rows.size())) {
            String[] fields = row.split(",", -1);
            if (!fields[1 + sensor].isEmpty()) {
                times.add(
                        Instant.parse(fields[0]).toEpochMilli()
                                - Instant.parse("2024-01-01T00:00:00Z").toEpochMilli());
            }
        }
        return times;
    }
}
