/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.connectors.recording.AnnotationFiles;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The records that a run has left in a folder, one JSON object a line.
 *
 * @param folder where they lie; a folder that is not there holds none
 */
record ResultFiles(Path folder) {
    private static final ObjectMapper JSON = new ObjectMapper();

    List<Forecast> forecasts() throws IOException {
        return read(
                json ->
                        new Forecast(
                                json.path("streamId").asText(),
                                json.path("sequence").longValue(),
                                json.path("segment").intValue(),
                                json.path("startNanos").longValue(),
                                rate(json),
                                channels(json),
                                values(json.path("values")),
                                json.path("model").asText()));
    }

    List<SignalFrame> frames() throws IOException {
        return read(
                json ->
                        new SignalFrame(
                                json.path("streamId").asText(),
                                json.path("sequence").longValue(),
                                json.path("segment").intValue(),
                                json.path("startNanos").longValue(),
                                rate(json),
                                channels(json),
                                values(json.path("samples")),
                                json.path("quality").intValue()));
    }

    List<Annotation> annotations() throws IOException {
        return Files.isDirectory(folder)
                ? AnnotationFiles.read(new org.apache.flink.core.fs.Path(folder.toUri()))
                : List.of();
    }

    private <T> List<T> read(Function<JsonNode, T> record) throws IOException {
        List<T> records = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return records;
        }
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.sorted().toList();
        }
        for (Path file : files) {
            for (String line : Files.readAllLines(file)) {
                records.add(record.apply(JSON.readTree(line)));
            }
        }
        return records;
    }

    private static SampleRate rate(JsonNode json) {
        return new SampleRate(
                json.path("rate").path("numerator").longValue(),
                json.path("rate").path("denominator").longValue());
    }

    private static List<String> channels(JsonNode json) {
        List<String> channels = new ArrayList<>();
        json.path("channels").forEach(channel -> channels.add(channel.asText()));
        return channels;
    }

    /** One row a channel; what is missing is null. */
    private static float[] values(JsonNode rows) {
        int length = rows.path(0).size();
        float[] values = new float[rows.size() * length];
        for (int i = 0; i < values.length; i++) {
            JsonNode value = rows.path(i / length).path(i % length);
            values[i] = value.isNull() ? Float.NaN : value.floatValue();
        }
        return values;
    }
}
