/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.simulation.LoadSimulator;
import io.thalamus.jobs.spec.PipelineSpec;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Runs of the shipped forecast pipeline, in this process, on recordings of the test's own. */
final class ForecastRuns {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final LocalDateTime START = LocalDateTime.of(2024, 1, 1, 0, 0);

    private ForecastRuns() {}

    /** Writes some streams with missing values and gaps, each with a seed of its own. */
    static Path recordings(Path folder, int streams, int hours) throws IOException {
        Files.createDirectories(folder);
        for (int seed = 1; seed <= streams; seed++) {
            try (Writer file =
                    Files.newBufferedWriter(folder.resolve("transformer-" + seed + ".csv"))) {
                new LoadSimulator(seed, START, hours, 0.002, 2).write(file);
            }
        }
        return folder;
    }

    /** The settings of a run from recordings to files. */
    static List<String> fileToFile(Path recordings, Path results, String... more) {
        List<String> settings = new ArrayList<>();
        settings.add("source.path=" + recordings);
        settings.add("sink.path=" + results.resolve("forecasts"));
        settings.add("dead-letters.path=" + results.resolve("dead-letters"));
        settings.addAll(List.of(more));
        return settings;
    }

    /** Runs the pipeline to its end. */
    static void run(int parallelism, List<String> settings) throws Exception {
        run(parallelism, Map.of(), settings);
    }

    /** Runs the pipeline to its end, with settings of Flink's own. */
    static void run(int parallelism, Map<String, String> flink, List<String> settings)
            throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(
                        parallelism, Configuration.fromMap(flink));
        PipelineBuilder.build(environment, PipelineSpec.load(Checkout.FORECAST, settings));
        environment.execute("forecast");
    }

    /**
     * The lines of all finished result files, those of each stream in the order of its samples; a
     * line that was written twice is there twice.
     */
    static List<String> forecasts(Path results) throws IOException {
        return lines(results.resolve("forecasts"));
    }

    /** The same of the files in a folder. */
    static List<String> lines(Path folder) throws IOException {
        record Line(String stream, long sequence, String text) {}
        List<Line> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> !f.getFileName().toString().startsWith(".")).toList()) {
                for (String text : Files.readAllLines(file)) {
                    JsonNode json = JSON.readTree(text);
                    lines.add(
                            new Line(
                                    json.get("streamId").textValue(),
                                    json.get("sequence").longValue(),
                                    text));
                }
            }
        }
        return lines.stream()
                .sorted(Comparator.comparing(Line::stream).thenComparingLong(Line::sequence))
                .map(Line::text)
                .toList();
    }
}
