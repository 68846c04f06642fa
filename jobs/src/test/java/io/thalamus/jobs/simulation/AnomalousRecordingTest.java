/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnomalousRecordingTest {
    private static final LocalDateTime START = LocalDateTime.of(2024, 1, 1, 0, 0);

    @TempDir private Path folder;

    private Path source;

    @BeforeEach
    void write() throws IOException {
        StringBuilder csv = new StringBuilder();
        new LoadSimulator(3, START, 1000, 0.01, 0).write(csv);
        source = Files.writeString(folder.resolve("load.csv"), csv);
    }

    @Test
    void writesTheSameCellsButForTheAnomalies() throws IOException {
        AnomalousRecording recording = new AnomalousRecording(source, new AnomalyInjector(1, 2));
        StringBuilder written = new StringBuilder();
        recording.write(written);

        List<String> before = Files.readAllLines(source);
        List<String> after = written.toString().lines().toList();
        assertThat(after).hasSameSizeAs(before).startsWith(before.get(0));
        for (int row = 0; row < 1000; row++) {
            String[] was = before.get(row + 1).split(",", -1);
            String[] is = after.get(row + 1).split(",", -1);
            assertThat(is).hasSameSizeAs(was);
            for (int column = 0; column < was.length; column++) {
                if (!isAnomalous(recording, row, column - 1)) {
                    assertThat(is[column]).isEqualTo(was[column]);
                } else if (!is[column].isEmpty()) {
                    assertThat(is[column]).matches("-?\\d+\\.\\d{3}");
                }
            }
        }
        assertThat(after).isNotEqualTo(before);
    }

    private static boolean isAnomalous(AnomalousRecording recording, int row, int channel) {
        return recording.anomalies().stream()
                .anyMatch(
                        anomaly ->
                                row >= anomaly.first()
                                        && row < anomaly.first() + anomaly.samples()
                                        && (channel == anomaly.channel()
                                                || channel == anomaly.other()));
    }

    @Test
    void labelsEachAnomaly() throws IOException {
        AnomalousRecording recording = new AnomalousRecording(source, new AnomalyInjector(1, 1));
        List<Annotation> labels = recording.labels("other");

        assertThat(labels).hasSize(8);
        for (int i = 0; i < 8; i++) {
            InjectedAnomaly anomaly = recording.anomalies().get(i);
            Annotation label = labels.get(i);
            assertThat(label.streamId()).isEqualTo("other");
            assertThat(Instant.EPOCH.plusNanos(label.onsetNanos()))
                    .isEqualTo(START.plusHours(anomaly.first()).toInstant(ZoneOffset.UTC));
            assertThat(Duration.ofNanos(label.durationNanos()))
                    .isEqualTo(Duration.ofHours(anomaly.samples()));
            assertThat(label.text())
                    .startsWith(anomaly.kind() + " of ")
                    .contains(LoadSimulator.CHANNELS.get(anomaly.channel()))
                    .endsWith(LoadSimulator.CHANNELS.get(anomaly.other()));
        }
    }

    @Test
    void takesTimesInSeconds() throws IOException {
        StringBuilder csv = new StringBuilder("t,x\n");
        for (int i = 0; i < 400; i++) {
            csv.append(i * 0.5).append(',').append(i % 9).append('\n');
        }
        AnomalousRecording recording =
                new AnomalousRecording(Files.writeString(source, csv), new AnomalyInjector(2, 1));

        InjectedAnomaly first = recording.anomalies().get(0);
        assertThat(recording.labels("s").get(0).onsetNanos())
                .isEqualTo(first.first() * 500_000_000L);
    }

    @Test
    void aCellThatIsNoDecimalNumberIsMissing() throws IOException {
        String csv = "t,x\n0,1.5f\n1,0x1p3\n" + "2,1.25\n".repeat(400);
        AnomalousRecording recording =
                new AnomalousRecording(Files.writeString(source, csv), new AnomalyInjector(2, 1));

        StringBuilder written = new StringBuilder();
        recording.write(written);
        assertThat(written).startsWith("t,x\n0,1.5f\n1,0x1p3\n2,1.25\n");
    }

    @Test
    void roundsToTheDecimalsOfTheColumn() throws IOException {
        StringBuilder csv = new StringBuilder("t,x\n");
        double[][] values = new double[1][400];
        for (int i = 0; i < 400; i++) {
            values[0][i] = i % 7 / 100.0;
            csv.append(i).append(',').append(values[0][i]).append('\n');
        }
        AnomalyInjector injector = new AnomalyInjector(2, 1);
        AnomalousRecording recording =
                new AnomalousRecording(Files.writeString(source, csv), injector);
        injector.inject(values);

        StringBuilder written = new StringBuilder();
        recording.write(written);
        List<String> rows = written.toString().lines().skip(1).toList();
        for (int i = 0; i < 400; i++) {
            assertThat(Double.parseDouble(rows.get(i).split(",")[1]))
                    .isCloseTo(values[0][i], within(0.005 + 1e-12));
        }
    }

    @Test
    void writesNoMoreDecimalsThanANumberHas() throws IOException {
        String csv = "t,x\n0,1e-200\n" + "1,1.5\n2,1.25\n".repeat(400);
        AnomalousRecording recording =
                new AnomalousRecording(Files.writeString(source, csv), new AnomalyInjector(2, 1));

        StringBuilder written = new StringBuilder();
        recording.write(written);
        assertThat(written.toString().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan("1,-10.".length() + 17));
    }

    @Test
    void saysWhatIsNoRecording() throws IOException {
        assertInvalid("", "has no rows of a time and values, with commas between");
        assertInvalid("time\n1\n2\n", "has no rows of a time and values, with commas between");
        assertInvalid("time,x\n1,2\n2\n", ": line 3 has 1 cells where the header has 2");
        String times = "time,x\n" + "noon,1\n".repeat(400);
        AnomalousRecording recording =
                new AnomalousRecording(Files.writeString(source, times), new AnomalyInjector(1, 1));
        assertThatThrownBy(() -> recording.labels("s"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("has the time 'noon'; write ISO times, or seconds since");
    }

    private void assertInvalid(String csv, String message) throws IOException {
        Files.writeString(source, csv);
        assertThatThrownBy(() -> new AnomalousRecording(source, new AnomalyInjector(1, 1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageEndingWith(message)
                .hasMessageStartingWith(source.toString());
    }
}
