/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.connectors.file.RecordFiles;
import io.thalamus.connectors.kafka.AvroFrames;
import io.thalamus.connectors.kafka.EmbeddedKafka;
import io.thalamus.connectors.kafka.FrameSource;
import io.thalamus.connectors.kafka.TopicInput;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Examples;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFilesITCase {
    @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();
    @RegisterExtension static final MiniClusterExtension FLINK = new MiniClusterExtension();

    private static final Duration LONG = Duration.ofHours(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    @Test
    void aBoundedRunEndsWithFinishedFiles() throws Exception {
        run(
                IntStream.range(0, 10).mapToObj(i -> frame(i, "a", "b")).toList(),
                RecordFiles.jsonLines(output(), "frames", LONG));
        List<Path> files = files();
        assertThat(files).hasSize(1);
        assertThat(files.get(0).getFileName().toString())
                .startsWith("frames-")
                .endsWith("-0.jsonl");
        assertThat(lines()).hasSize(10).allSatisfy(line -> JSON.readTree(line));
    }

    @Test
    void aCsvFileEndsWhereTheChannelsChange() throws Exception {
        run(
                List.of(frame(0, "a", "b"), frame(1, "a", "b"), frame(2, "c"), frame(3, "c")),
                RecordFiles.csv(SignalFrame.class, output(), "frames", LONG));
        List<Path> files = files();
        assertThat(files).hasSize(2);
        assertThat(Files.readAllLines(files.get(0)))
                .containsExactly(
                        "stream,segment,sequence,time,quality,a,b",
                        "s,0,0,1970-01-01T00:00:00Z,0,0.0,0.5",
                        "s,0,1,1970-01-01T00:00:01Z,0,1.0,1.5");
        assertThat(Files.readAllLines(files.get(1)))
                .containsExactly(
                        "stream,segment,sequence,time,quality,c",
                        "s,0,2,1970-01-01T00:00:02Z,0,2.0",
                        "s,0,3,1970-01-01T00:00:03Z,0,3.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsonl", "csv"})
    void everyFrameIsInAFinishedFileOnceThoughTheJobFails(String format) throws Exception {
        KAFKA.createTopic(format, 1);
        FailOnce failure = new FailOnce("files-" + format, 49, 120, 199);
        StreamExecutionEnvironment environment = Jobs.checkpointed();
        FileSink<SignalFrame> sink =
                format.equals("csv")
                        ? RecordFiles.csv(SignalFrame.class, output(), "frames", LONG)
                        : RecordFiles.jsonLines(output(), "frames", LONG);
        environment
                .fromSource(
                        FrameSource.of(
                                new TopicInput(
                                        KAFKA.bootstrapServers(),
                                        List.of(format),
                                        "test",
                                        new AvroFrames(),
                                        false,
                                        Map.of())),
                        FrameSource.watermarks(Duration.ZERO, Duration.ofSeconds(10)),
                        "frames")
                .uid("source")
                .map(Received::frame)
                .returns(SignalFrame.class)
                .uid("frames")
                .map(failure)
                .uid("failure")
                .sinkTo(sink)
                .uid("sink");
        JobClient job = environment.executeAsync();
        for (int i = 0; i < 50; i++) {
            KAFKA.send(format, "s", WireFormat.encode(frame(i, "a", "b")));
        }
        failure.awaitCheckpoint();
        assertThat(files()).as("an open file is hidden").isEmpty();
        for (int i = 50; i < 200; i++) {
            KAFKA.send(format, "s", WireFormat.encode(frame(i, "a", "b")));
        }
        failure.awaitRecovery();
        job.stopWithSavepoint(
                        true,
                        folder.resolve("savepoints").toString(),
                        SavepointFormatType.CANONICAL)
                .get();

        List<Long> sequences = new ArrayList<>();
        for (String line : lines()) {
            if (format.equals("jsonl")) {
                sequences.add(JSON.readTree(line).get("sequence").longValue());
            } else if (!line.startsWith("stream,")) {
                sequences.add(Long.valueOf(line.split(",")[2]));
            }
        }
        assertThat(sequences)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 200).mapToObj(i -> (long) i).toList());
        if (format.equals("csv")) {
            for (Path file : files()) {
                assertThat(Files.readAllLines(file).get(0)).startsWith("stream,segment,");
            }
        }
    }

    @Test
    void deadLettersAreWrittenToo() throws Exception {
        StreamExecutionEnvironment environment = Jobs.checkpointed();
        DeadLetter letter =
                (DeadLetter)
                        Examples.ALL.stream()
                                .filter(DeadLetter.class::isInstance)
                                .findFirst()
                                .get();
        environment
                .fromData(List.of(letter), TypeInformation.of(DeadLetter.class))
                .uid("letters")
                .sinkTo(RecordFiles.jsonLines(output(), "dead-letters", LONG))
                .uid("sink");
        environment.execute();
        assertThat(lines()).hasSize(1);
        assertThat(JSON.readTree(lines().get(0)).get("payload").binaryValue())
                .isEqualTo(letter.payload());
    }

    private static void run(Collection<SignalFrame> frames, FileSink<SignalFrame> sink)
            throws Exception {
        StreamExecutionEnvironment environment = Jobs.unchecked();
        environment
                .fromData(frames, TypeInformation.of(SignalFrame.class))
                .uid("frames")
                .sinkTo(sink)
                .uid("sink");
        environment.execute();
    }

    private org.apache.flink.core.fs.Path output() {
        return new org.apache.flink.core.fs.Path(folder.resolve("out").toUri());
    }

    /** The finished files, oldest first. */
    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : files()) {
            lines.addAll(Files.readAllLines(file));
        }
        return lines;
    }

    private static SignalFrame frame(int i, String... channels) {
        float[] samples = new float[channels.length];
        for (int channel = 0; channel < channels.length; channel++) {
            samples[channel] = i + channel / 2f;
        }
        return new SignalFrame(
                "s",
                i,
                0,
                i * 1_000_000_000L,
                SampleRate.ofHertz(1),
                List.of(channels),
                samples,
                0);
    }
}
