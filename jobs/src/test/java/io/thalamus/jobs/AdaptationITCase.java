/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.jobs.spec.InvalidPipelineException;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams that learn while they run, on Flink. */
class AdaptationITCase {
    private static final Path CLASSIFIER =
            Path.of("../models-audio/src/test/resources/golden/classifier/group_norm")
                    .toAbsolutePath();
    private static final int BANDS = 6;
    private static final int WINDOW = 21;
    private static final int WINDOWS = 12;

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
                                .formatted(CLASSIFIER));
    }

    /** Noise, the louder the later the stream. */
    private void writeRecording(String name, int stream) throws IOException {
        SplittableRandom random = new SplittableRandom(stream);
        StringBuilder csv = new StringBuilder("time");
        for (int band = 0; band < BANDS; band++) {
            csv.append(",mel").append(band);
        }
        for (int n = 0; n < WINDOWS * WINDOW; n++) {
            csv.append('\n').append(n * 0.016);
            for (int band = 0; band < BANDS; band++) {
                csv.append(',').append((float) random.nextDouble(-1 - stream, 1 + 2 * stream));
            }
        }
        Files.writeString(folder.resolve("recordings/" + name + ".csv"), csv.append('\n'));
    }

    @Test
    void learningDependsOnTheStreamAlone() throws Exception {
        List<String> together = run("together", 1);
        assertThat(together).hasSize(5 * WINDOWS);
        assertThat(run("apart", 2, "model.batch.size=1", "source.frame=17")).isEqualTo(together);
        List<String> alone = run("alone", 1, "source.path=" + folder.resolve("recordings/s3.csv"));
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

    /** A window is judged by what the windows before it have taught. */
    @Test
    void itIsOffUnlessItIsAskedFor() throws Exception {
        List<String> plain = run("plain", 1, "adaptation=");
        List<String> learning = run("learning", 1);
        assertThat(learning).hasSameSizeAs(plain);
        for (int i = 0; i < plain.size(); i++) {
            if (plain.get(i).contains("\"sequence\":0,")) {
                assertThat(learning.get(i)).isEqualTo(plain.get(i));
            } else {
                assertThat(learning.get(i)).isNotEqualTo(plain.get(i));
            }
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
        List<String> all = new ArrayList<>(List.of(overrides));
        all.add("sink={type: jsonl, path: '%s'}".formatted(folder.resolve(output)));
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(configuration);
        PipelineBuilder.build(environment, PipelineSpec.load(file, all));
        environment.execute();
        assertThat(TinyPipeline.lines(folder.resolve("refused"))).isEmpty();
        return TinyPipeline.lines(folder.resolve(output));
    }
}
