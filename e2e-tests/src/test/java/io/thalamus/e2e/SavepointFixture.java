/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.connectors.kafka.EmbeddedKafka;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A savepoint that some version took of a pipeline in the middle of its recording, as it is kept in
 * {@code src/test/resources/savepoints/VERSION/PIPELINE}: what Flink wrote, and {@code
 * committed.json} with how many records of each stream the run had committed by then; where streams
 * learn, {@code learned.json} too, which is what {@code adapt inspect} told of it.
 *
 * @param version that took it
 * @param preset the pipeline
 */
record SavepointFixture(String version, Preset preset) {
    /** Of the run, so that its topics have the names that the state has. */
    static final String RUN = "savepoint";

    /** Of {@link PresetRun#PARTS}, how much of the recording it has taken in. */
    static final int PARTS = 6;

    private static final Path FOLDER =
            Checkout.ROOT.resolve("e2e-tests/src/test/resources/savepoints");
    private static final String LEARNED = "learned.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Takes a savepoint of each pipeline.
     *
     * @param arguments the version
     */
    public static void main(String[] arguments) throws Exception {
        for (Preset preset : Preset.chosen(Preset.values())) {
            EmbeddedKafka kafka = new EmbeddedKafka();
            kafka.beforeAll(null);
            try {
                new SavepointFixture(arguments[0], preset).take(kafka);
            } finally {
                kafka.afterAll(null);
            }
        }
    }

    /** All that are kept. */
    static List<SavepointFixture> all() throws IOException {
        try (Stream<Path> versions = Files.list(FOLDER)) {
            return versions.sorted()
                    .flatMap(
                            version ->
                                    Stream.of(Preset.values())
                                            .map(
                                                    preset ->
                                                            new SavepointFixture(
                                                                    version.getFileName()
                                                                            .toString(),
                                                                    preset)))
                    .filter(fixture -> Files.isDirectory(fixture.folder()))
                    .toList();
        }
    }

    private Path folder() {
        return FOLDER.resolve(version).resolve(preset.toString());
    }

    /** Where a job goes on from. */
    String path() {
        return folder().toUri().toString();
    }

    /** How many records of a stream were committed before it. */
    int committed(String sink, String stream) throws IOException {
        JsonNode counts = JSON.readTree(folder().resolve("committed.json").toFile());
        return counts.path(sink).path(stream).asInt();
    }

    /** What each stream had learned, as it was told when the savepoint was taken. */
    List<Map<String, Object>> learned() throws IOException {
        return streams(Files.readString(folder().resolve(LEARNED)));
    }

    /** What each stream had learned, as it is told now. */
    List<Map<String, Object>> inspected() throws Exception {
        return streams(inspect());
    }

    private static List<Map<String, Object>> streams(String told) throws IOException {
        return JSON.convertValue(JSON.readTree(told).required("streams"), new TypeReference<>() {});
    }

    private String inspect() throws Exception {
        Launcher.Outcome outcome =
                Launcher.thalamus(Checkout.ROOT, "adapt", "inspect", path(), "--json");
        if (outcome.exitCode() != 0) {
            throw new IOException(outcome.toString());
        }
        return outcome.out();
    }

    private void take(EmbeddedKafka kafka) throws Exception {
        Path folder = Files.createDirectories(folder());
        try (EmbeddedHost host = new EmbeddedHost(kafka, Files.createTempDirectory("savepoints"))) {
            PresetRun run = PresetRun.of(host, preset, RUN, 1);
            run.start(1, "");
            run.write(PARTS);
            run.awaitTaken();
            Path taken = Path.of(URI.create(run.stop()).getPath());
            try (Stream<Path> files = Files.list(taken)) {
                for (Path file : files.toList()) {
                    Files.move(file, folder.resolve(file.getFileName()));
                }
            }
            ObjectNode counts = JSON.createObjectNode();
            run.committed()
                    .forEach(
                            (sink, streams) -> {
                                ObjectNode count = counts.putObject(sink);
                                streams.forEach(
                                        (stream, values) -> count.put(stream, values.size()));
                            });
            Files.writeString(folder.resolve("committed.json"), counts.toPrettyString() + "\n");
            if (preset.learns()) {
                Files.writeString(folder.resolve(LEARNED), inspect());
            }
        }
    }

    @Override
    public String toString() {
        return version + " " + preset;
    }
}
