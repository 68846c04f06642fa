/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.kafka.EmbeddedKafka;
import io.thalamus.jobs.spec.InvalidPipelineException;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.ControlCommand;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that learn while they run, on Flink. */
class AdaptationITCase {
    private static final int WINDOW = BandRecording.WINDOW;
    private static final int WINDOWS = 12;

    @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void writePipeline() throws IOException {
        Files.createDirectory(folder.resolve("recordings"));
        for (int stream = 0; stream < 5; stream++) {
            writeRecording("s" + stream, stream);
        }
        file =
                Files.writeString(
                        folder.resolve("pipeline.yaml"),
                        """
name: digits
source: {type: csv, path: recordings, rate: 125/2, time-format: epoch-seconds}
model: {bundle: '%s'}
adaptation: {preset: homeostat, alpha: 0.05}
sink: {type: jsonl, path: labels}
dead-letters: {type: jsonl, path: refused}
"""
                                .formatted(BandRecording.CLASSIFIER));
    }

    /** Noise, the louder the later the stream. */
    private void writeRecording(String name, int stream) throws IOException {
        SplittableRandom random = new SplittableRandom(stream);
        BandRecording.write(
                folder.resolve("recordings/" + name + ".csv"),
                WINDOWS * WINDOW,
                (n, band) -> random.nextDouble(-1 - stream, 1 + 2 * stream));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{preset: homeostat, alpha: 0.05}",
                "{preset: tent, alpha: 0.05, batch: 1, rate: 0.001}",
                "{preset: nhl, alpha: 0.05, batch: 4}",
                "{preset: nhl-first, alpha: 0.05, batch: 5, hebbian-rate: 0.001}"
            })
    void learningDependsOnTheStreamAlone(String rule) throws Exception {
        String adaptation = "adaptation=" + rule;
        List<String> together = run("together", 1, adaptation);
        assertThat(together).hasSize(5 * WINDOWS);
        assertThat(of("s4", together))
                .as("what the network makes of it without learning")
                .isNotEqualTo(of("s4", run("frozen", 1, "adaptation=")));
        assertThat(run("apart", 2, adaptation, "model.batch.size=1", "source.frame=17"))
                .isEqualTo(together);
        List<String> alone =
                run("alone", 1, adaptation, "source.path=" + folder.resolve("recordings/s3.csv"));
        assertThat(alone)
                .hasSize(WINDOWS)
                .isEqualTo(together.stream().filter(l -> l.contains("\"s3\"")).toList());
    }

    /** Noise that is far from the training is a drift from it. */
    @Test
    void tellsWhatHappensToWhatStreamsLearn() throws Exception {
        String sink =
                "adaptation.events={type: jsonl, path: '%s'}".formatted(folder.resolve("events"));
        run("labels", 2, sink);
        List<String> events = TinyPipeline.lines(folder.resolve("events"));
        assertThat(events)
                .isNotEmpty()
                .anySatisfy(e -> assertThat(e).contains("\"s4\"", "\"DRIFT\""))
                .allSatisfy(e -> assertThat(e).contains("group_norm"));
        assertThat(run("again", 1, "model.batch.size=1", sink.replace("events'", "once'")))
                .isEqualTo(TinyPipeline.lines(folder.resolve("labels")));
        assertThat(TinyPipeline.lines(folder.resolve("once"))).isEqualTo(events);
    }

    @Test
    void takesCommandsFromATopic() throws Exception {
        List<String> plain = run("plain", 1);
        KAFKA.createTopic("control", 2);
        command(new ControlCommand("s3", nanos(6), ControlCommand.Kind.FREEZE, ""));
        command(new ControlCommand("s1", nanos(4), ControlCommand.Kind.RESET, ""));
        KAFKA.send("control", "s0", new byte[] {1, 2, 3});
        String control =
                "control={type: kafka, bootstrap: '%s', topic: control}"
                        .formatted(KAFKA.bootstrapServers());
        for (int parallelism = 1; parallelism <= 2; parallelism++) {
            String events = "events-" + parallelism;
            List<String> controlled =
                    runAll(
                            "controlled-" + parallelism,
                            parallelism,
                            control,
                            "adaptation.events={type: jsonl, path: '%s'}"
                                    .formatted(folder.resolve(events)));
            assertThat(controlled).hasSameSizeAs(plain);
            for (String stream : List.of("s0", "s1", "s2", "s3", "s4")) {
                int same = stream.equals("s3") ? 6 : stream.equals("s1") ? 4 : WINDOWS;
                List<String> before = of(stream, plain);
                List<String> after = of(stream, controlled);
                assertThat(after.subList(0, same)).isEqualTo(before.subList(0, same));
                assertThat(after.equals(before)).as(stream).isEqualTo(same == WINDOWS);
            }
            assertThat(TinyPipeline.lines(folder.resolve(events)))
                    .filteredOn(event -> event.contains("\"command\""))
                    .hasSize(2)
                    .anySatisfy(e -> assertThat(e).contains("\"s1\"", "\"RESET\""))
                    .anySatisfy(e -> assertThat(e).contains("\"s3\"", "\"FREEZE\""));
        }
        assertThat(TinyPipeline.lines(folder.resolve("refused")))
                .hasSize(2)
                .allSatisfy(letter -> assertThat(letter).contains("\"control\""));
    }

    /** The other bundle has the same network, which has learned nothing. */
    @Test
    void swapsTheBundleAtATime() throws Exception {
        Path second = Files.createDirectory(folder.resolve("second"));
        try (var files = Files.list(BandRecording.CLASSIFIER)) {
            for (Path one : files.toList()) {
                Files.copy(one, second.resolve(one.getFileName()));
            }
        }
        Path config = second.resolve("config.json");
        Files.writeString(config, Files.readString(config) + "\n");
        List<String> plain = run("plain", 1);
        List<String> untaught = run("untaught", 1, "adaptation=");
        KAFKA.createTopic("swaps", 2);
        for (String path : List.of("second", "nowhere")) {
            ControlCommand command =
                    new ControlCommand(
                            ControlCommand.ALL_STREAMS,
                            nanos(6),
                            ControlCommand.Kind.SWAP_BUNDLE,
                            path);
            KAFKA.send("swaps", command.key(), WireFormat.encode(command));
        }
        for (int parallelism : List.of(1, 3)) {
            String events = "events-" + parallelism;
            List<String> swapped =
                    runAll(
                            "swapped-" + parallelism,
                            parallelism,
                            "control={type: kafka, bootstrap: '%s', topic: swaps}"
                                    .formatted(KAFKA.bootstrapServers()),
                            "adaptation.events={type: jsonl, path: '%s'}"
                                    .formatted(folder.resolve(events)));
            for (String stream : List.of("s0", "s1", "s2", "s3", "s4")) {
                List<String> after = of(stream, swapped);
                assertThat(after).hasSize(WINDOWS);
                assertThat(after.subList(0, 6)).isEqualTo(of(stream, plain).subList(0, 6));
                assertThat(after.get(6))
                        .isEqualTo(
                                of(stream, untaught)
                                        .get(6)
                                        .replace("\"group_norm\"", "\"second\""));
                assertThat(after.subList(7, WINDOWS))
                        .allSatisfy(line -> assertThat(line).contains("\"second\""));
            }
            assertThat(TinyPipeline.lines(folder.resolve(events)))
                    .filteredOn(event -> event.contains("learned with another bundle"))
                    .hasSize(5)
                    .allSatisfy(e -> assertThat(e).contains("\"RESET\"", "\"second\""));
        }
        assertThat(TinyPipeline.lines(folder.resolve("swapped-3")))
                .isEqualTo(TinyPipeline.lines(folder.resolve("swapped-1")));
        assertThat(TinyPipeline.lines(folder.resolve("refused")))
                .hasSize(2)
                .allSatisfy(
                        letter ->
                                assertThat(letter)
                                        .contains("\"control-check\"", "nowhere is no bundle"));
    }

    private static void command(ControlCommand command) throws Exception {
        KAFKA.send("control", command.key(), WireFormat.encode(command));
    }

    /** The end of a window, by its number. */
    private static long nanos(int window) {
        return (window + 1) * WINDOW * 16_000_000L;
    }

    /** The results of a stream, in their order. */
    private static List<String> of(String stream, List<String> lines) {
        return lines.stream()
                .filter(line -> line.contains('"' + stream + '"'))
                .sorted(
                        Comparator.comparingInt(
                                line -> Integer.parseInt(line.split("\"sequence\":|,")[3])))
                .toList();
    }

    /** A window is judged by what the windows before it have taught. */
    @Test
    void itIsOffUnlessItIsAskedFor() throws Exception {
        List<String> plain = run("plain", 1, "adaptation=");
        List<String> learning = run("learning", 1);
        assertThat(learning).hasSameSizeAs(plain);
        for (String stream : List.of("s0", "s1", "s2", "s3", "s4")) {
            List<String> before = of(stream, plain);
            List<String> after = of(stream, learning);
            assertThat(after.get(0)).isEqualTo(before.get(0));
            assertThat(after).isNotEqualTo(before);
        }
        // The loudest noise is far from the training with its first window.
        List<String> loud = of("s4", plain);
        for (int i = 1; i < loud.size(); i++) {
            assertThat(of("s4", learning).get(i)).isNotEqualTo(loud.get(i));
        }
    }

    @Test
    void sayWhatIsWrong() {
        assertThatThrownBy(() -> load("adaptation.alpha=0"))
                .isInstanceOf(InvalidPipelineException.class)
                .hasMessageContaining("adaptation")
                .hasMessageContaining("alpha is 0.0; give more than 0 and at most 1");
        assertThatThrownBy(() -> load("adaptation.preset=none"))
                .isInstanceOf(InvalidPipelineException.class)
                .hasMessageContaining("adaptation.preset");
        assertThatThrownBy(
                        () ->
                                load(
                                        "adaptation=",
                                        "control={type: kafka, bootstrap: 'b:1', topic: c}"))
                .isInstanceOf(InvalidPipelineException.class)
                .hasMessageContaining("remove control, or add adaptation");
        assertThatThrownBy(() -> load("model="))
                .isInstanceOf(InvalidPipelineException.class)
                .hasMessageContaining("there is no model that could learn");
        assertThatThrownBy(
                        () -> {
                            RepeatLast.bundle(folder.resolve("still"), 4, 2);
                            load(
                                    "source.channels=[mel0, mel1]",
                                    "model={bundle: '"
                                            + folder.resolve("still")
                                            + "', engine: none}");
                        })
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("do not learn at test time; remove adaptation");
    }

    private PipelineSpec load(String... overrides) {
        return PipelineSpec.load(file, new ArrayList<>(List.of(overrides)));
    }

    private List<String> run(String output, int parallelism, String... overrides) throws Exception {
        List<String> results = runAll(output, parallelism, overrides);
        assertThat(TinyPipeline.lines(folder.resolve("refused"))).isEmpty();
        return results;
    }

    private List<String> runAll(String output, int parallelism, String... overrides)
            throws Exception {
        List<String> all = new ArrayList<>(List.of(overrides));
        all.add("sink={type: jsonl, path: '%s'}".formatted(folder.resolve(output)));
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(configuration);
        PipelineBuilder.build(environment, PipelineSpec.load(file, all));
        environment.execute();
        return TinyPipeline.lines(folder.resolve(output));
    }
}
