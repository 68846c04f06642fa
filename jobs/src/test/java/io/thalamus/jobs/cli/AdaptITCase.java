/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.jobs.BandRecording;
import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.TinyPipeline;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.FastWeightsFile;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.schemas.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pipeline has learned is told from its savepoint, as its streams had it. */
class AdaptITCase {
    private static final int WINDOW = BandRecording.WINDOW;
    private static final int WINDOWS = 4;

    /** So many that every stream has learned. */
    private static final int STOPPED_AFTER = 60;

    @TempDir private Path folder;
    private Path file;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void writePipeline() throws IOException {
        Files.createDirectory(folder.resolve("recordings"));
        for (int stream = 0; stream < 3; stream++) {
            SplittableRandom random = new SplittableRandom(stream);
            int id = stream;
            BandRecording.write(
                    folder.resolve("recordings/s" + stream + ".csv"),
                    WINDOWS * WINDOW,
                    (n, band) -> random.nextDouble(-1 - id, 1));
        }
        file =
                Files.writeString(
                        folder.resolve("pipeline.yaml"),
                        """
name: bands
source: {type: csv, path: recordings, rate: 125/2, time-format: epoch-seconds, loop: true}
model: {bundle: '%s', batch: {size: 1}}
adaptation: {preset: homeostat, alpha: 0.1}
sink: {type: jsonl, path: labels}
dead-letters: {type: jsonl, path: refused}
"""
                                .formatted(BandRecording.CLASSIFIER));
    }

    @Test
    void tellsWhatASavepointHolds() throws Exception {
        String savepoint = stopInTheMiddle();

        JsonNode found = json("adapt", "inspect", savepoint);
        assertThat(found.path("streams").findValuesAsText("stream"))
                .containsExactly("s0", "s1", "s2");
        long bytes = 0;
        long updates = 0;
        for (JsonNode stream : found.path("streams")) {
            assertThat(stream.path("norm").asDouble()).isPositive();
            assertThat(stream.path("norms").size()).isPositive();
            assertThat(stream.path("file").isNull()).isTrue();
            assertThat(stream.path("bundle").asText())
                    .isEqualTo(ModelBundle.open(BandRecording.CLASSIFIER).digest());
            assertThat(stream.path("preset").asText()).isEqualTo("homeostat");
            bytes += stream.path("bytes").asLong();
            updates += stream.path("updates").asLong();
        }
        assertThat(updates).isGreaterThanOrEqualTo(STOPPED_AFTER);
        assertThat(found.path("bytes").asLong()).isEqualTo(bytes);

        Path folder = this.folder.resolve("learned");
        JsonNode only =
                json("adapt", "export", savepoint, "--stream", "s1", "--out", folder.toString());
        assertThat(only.path("streams")).hasSize(1);
        Path exported = folder.resolve("s1.safetensors");
        assertThat(folder).isDirectoryContaining(exported::equals);
        FastWeights weights = FastWeightsFile.read(exported).weights();
        JsonNode second = found.path("streams").get(1);
        assertThat(weights.updates()).isEqualTo(second.path("updates").asLong());
        double squares = 0;
        for (float[] delta : weights.deltas().values()) {
            for (float value : delta) {
                squares += (double) value * value;
            }
        }
        assertThat(Math.sqrt(squares)).isCloseTo(second.path("norm").asDouble(), within(1e-9));
        assertThat(json("adapt", "inspect", exported.toString()).path("streams").get(0))
                .isEqualTo(second);

        out.reset();
        assertThat(thalamus("adapt", "inspect", savepoint)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("stream +updates +norm +bytes")
                .contains("3 streams, %,d bytes".formatted(bytes));
        assertThat(thalamus("adapt", "export", savepoint, "--stream", "s7")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("holds nothing that stream s7 has learned");
    }

    @Test
    void whatWasExportedIsWhereOthersBegin() throws Exception {
        Path learned = folder.resolve("learned");
        json("adapt", "export", stopInTheMiddle(), "--stream", "s1", "--out", learned.toString());
        String initial = "adaptation.initial=" + learned;
        List<String> fresh = firstLabels("fresh");
        List<String> taught = firstLabels("taught", initial);
        assertThat(taught).hasSize(3);
        for (int stream = 0; stream < 3; stream++) {
            assertThat(taught.get(stream).equals(fresh.get(stream))).isEqualTo(stream != 1);
        }
        assertThatThrownBy(
                        () -> PipelineSpec.load(file, List.of(initial, "adaptation.preset=tent")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("s1.safetensors was learned by homeostat");
        Files.delete(learned.resolve("s1.safetensors"));
        assertThatThrownBy(() -> PipelineSpec.load(file, List.of(initial)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("holds no file that ends in .safetensors");
    }

    /** What is made of the first window of each stream, before it has taught anything. */
    private List<String> firstLabels(String name, String... overrides) throws Exception {
        List<String> all = new ArrayList<>(List.of(overrides));
        all.add("source.loop=false");
        all.add("sink.path=" + folder.resolve(name));
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1);
        PipelineBuilder.build(environment, PipelineSpec.load(file, all));
        environment.execute();
        return TinyPipeline.lines(folder.resolve(name)).stream()
                .filter(line -> line.contains("\"sequence\":0,"))
                .sorted()
                .toList();
    }

    @Test
    void saysWhatIsNoSavepoint() {
        assertThat(thalamus("adapt", "inspect", folder.toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("holds no _metadata; give");
        assertThat(thalamus("adapt", "forget", folder.toString())).isEqualTo(2);
    }

    private String stopInTheMiddle() throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1);
        counted(
                PipelineBuilder.observe(
                                environment, PipelineSpec.load(file, List.of()), frame -> frame)
                        .results());
        CountingSink.COUNTED.drainPermits();
        JobClient job = environment.executeAsync();
        CountingSink.COUNTED.acquire(STOPPED_AFTER);
        return job.stopWithSavepoint(
                        false,
                        folder.resolve("savepoints").toUri().toString(),
                        SavepointFormatType.CANONICAL)
                .get();
    }

    private static <T> void counted(DataStream<T> results) {
        results.sinkTo(new CountingSink<>()).uid("sink");
    }

    private JsonNode json(String... arguments) throws IOException {
        out.reset();
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        assertThat(thalamus(all)).as("%s", err).isZero();
        return new ObjectMapper().readTree(out.toByteArray());
    }

    private int thalamus(String... arguments) {
        return ThalamusCommand.execute(
                new Console(Console.inUtf8(new PrintStream(out)), new PrintStream(err), false),
                arguments);
    }

    /** Tells the test how many results have come. */
    private static final class CountingSink<T> implements Sink<T> {
        static final Semaphore COUNTED = new Semaphore(0);

        @Override
        public SinkWriter<T> createWriter(WriterInitContext context) {
            return new SinkWriter<>() {
                @Override
                public void write(T record, Context context) {
                    COUNTED.release();
                }

                @Override
                public void flush(boolean endOfInput) {
                    // Nothing is held.
                }

                @Override
                public void close() {
                    // Nothing is open.
                }
            };
        }
    }
}
