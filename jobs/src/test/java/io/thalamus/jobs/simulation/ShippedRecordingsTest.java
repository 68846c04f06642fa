/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.schemas.Annotation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The recordings in {@code pipelines/recordings} are what the simulators make, to the byte: so that
 * neither a formula nor a file changes without the other, on any machine.
 */
class ShippedRecordingsTest {
    private static final Path RECORDINGS = Path.of("../pipelines/recordings");
    private static final LocalDateTime START = LocalDateTime.of(2024, 1, 1, 0, 0);
    private static final MachineSimulator MACHINE = new MachineSimulator(1, 500, 30);
    private static final WordsSimulator READER = new WordsSimulator(2, 1, 1000, 24, 2, 4, 8);

    @TestFactory
    List<DynamicTest> areWhatTheSimulatorsMake() {
        List<DynamicTest> tests = new ArrayList<>();
        Map.of(
                        "load.csv",
                        new LoadSimulator(1, START, 4320, 0.002, 3),
                        "sensor.csv",
                        new SensorSimulator(1, START, 6, 0.002, 3),
                        "machine.csv",
                        new SimulatedRecording(MACHINE, 1, 0),
                        "speech.csv",
                        new SimulatedRecording(new SpeechSimulator(1, 44_100, 0.5), 1, 0),
                        "seeg.csv",
                        new SimulatedRecording(new SeegSimulator(1, 2000, 2.5, 2, 4), 1, 1),
                        "S01.csv",
                        new SimulatedRecording(
                                new CuedSimulator(READER, READER.labels("S01", 0)), 2, 0))
                .forEach((name, simulator) -> tests.add(shipped(name, simulator)));
        for (int number = 0; number < 6; number++) {
            tests.add(
                    shipped(
                            "series/series-%04d.csv".formatted(number),
                            new SeriesSimulator(7, number, START, 336)));
        }
        return tests;
    }

    private static DynamicTest shipped(String name, Simulator simulator) {
        return DynamicTest.dynamicTest(
                name,
                () -> {
                    StringBuilder made = new StringBuilder();
                    simulator.write(made);
                    assertThat(made.toString())
                            .isEqualTo(Files.readString(RECORDINGS.resolve(name)));
                });
    }

    @Test
    void theLabelsOfTheMachineAreItsStates() throws IOException {
        areShipped("machine.labels.jsonl", MACHINE.labels("machine", 0));
    }

    @Test
    void theLabelsOfTheReaderAreTheWords() throws IOException {
        areShipped("S01.labels.jsonl", READER.labels("S01", 0));
    }

    private static void areShipped(String name, List<Annotation> labels) throws IOException {
        List<String> lines = Files.readAllLines(RECORDINGS.resolve(name));
        assertThat(lines).hasSameSizeAs(labels);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i))
                    .contains(
                            "\"streamId\":\"%s\"".formatted(labels.get(i).streamId()),
                            "\"onsetNanos\":%d,\"durationNanos\":%d,\"text\":\"%s\""
                                    .formatted(
                                            labels.get(i).onsetNanos(),
                                            labels.get(i).durationNanos(),
                                            labels.get(i).text()));
        }
    }
}
