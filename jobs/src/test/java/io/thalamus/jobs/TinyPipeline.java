/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A pipeline of two channels and the model {@link RepeatLast}, in a folder of its own. */
public record TinyPipeline(Path folder) {

    /** Writes the bundle and a pipeline that reads {@code recordings/}. */
    public static TinyPipeline in(Path folder) throws IOException {
        RepeatLast.bundle(folder.resolve("bundle"), 4, 2);
        Files.createDirectories(folder.resolve("recordings"));
        Files.writeString(
                folder.resolve("pipeline.yaml"),
                """
                name: tiny
                source: {type: csv, path: recordings, frame: 5}
                transforms:
                  - {id: fill, type: fill-missing, limit: 2}
                  - {id: scale, type: standardise, statistics: bundle}
                window: {hop: 2}
                model: {bundle: bundle, engine: none, batch: {size: 3, delay: 20ms}}
                sink: {type: jsonl, path: out/forecasts}
                dead-letters: {type: jsonl, path: out/dead-letters}
                """);
        return new TinyPipeline(folder);
    }

    public Path file() {
        return folder.resolve("pipeline.yaml");
    }

    /** Writes an hourly recording whose values are counted up, channel b ten times a. */
    public TinyPipeline withRecording(String stream, int rows) throws IOException {
        StringBuilder csv = new StringBuilder("date,a,b\n");
        LocalDateTime time = LocalDateTime.of(2020, 1, 1, 0, 0);
        for (int row = 0; row < rows; row++) {
            csv.append("%s,%d,%d\n".formatted(time.plusHours(row), row, 10 * row));
        }
        Files.writeString(folder.resolve("recordings").resolve(stream + ".csv"), csv);
        return this;
    }

    /** Adds a line to a recording. */
    public TinyPipeline withLine(String stream, String line) throws IOException {
        Path file = folder.resolve("recordings").resolve(stream + ".csv");
        Files.writeString(file, Files.readString(file) + line + "\n");
        return this;
    }

    /** The lines of all finished files of an output, sorted. */
    public static List<String> lines(Path output) throws IOException {
        if (!Files.isDirectory(output)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(output)) {
            List<String> lines = new ArrayList<>();
            for (Path file :
                    files.filter(f -> !f.getFileName().toString().startsWith(".")).toList()) {
                lines.addAll(Files.readAllLines(file));
            }
            return lines.stream().sorted().toList();
        }
    }
}
