/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.jobs.spec.PipelineSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineBuilderITCase {
    private static final int ROWS = 400;
    private static final int WINDOWS = 199 + 16;
    private static final int STOPPED_AFTER = 25;

    /** The line of the pipeline that is not always there. */
    private static final String FILL = "  - \\{id: fill,.*\n";

    /** So that a run takes some seconds: a stop after the first windows is in its middle. */
    private static final String SLOWLY = "source.speed=180000";

    @TempDir private Path folder;

    private TinyPipeline pipeline;

    @BeforeEach
    void writePipeline() throws IOException {
        pipeline = TinyPipeline.in(folder).withRecording("s", ROWS).withRecording("t", 31);
        // one of two missing values is at the end of a frame, and both are filled
        pipeline.withLine("t", "2020-01-02T07:00,,").withLine("t", "2020-01-02T08:00,,2");
        pipeline.withLine("t", "2020-01-02T09:00,4,3").withLine("t", "2020-01-03T09:00,4");
    }

    @ParameterizedTest(name = "parallelism {0}, batch {1}, frame {2}")
    @CsvSource({"1, 1, 1", "1, 8, 256", "2, 64, 7", "2, 3, 5"})
    void nothingButTheStreamItselfDecidesWhatComesOut(int parallelism, int batch, int frame)
            throws Exception {
        run("reference", 1);

        run("other", parallelism, "model.batch.size=" + batch, "source.frame=" + frame);

        assertThat(results("reference")).hasSize(WINDOWS);
        assertThat(results("other")).isEqualTo(results("reference"));
        assertThat(TinyPipeline.lines(folder.resolve("other/dead-letters")))
                .isEqualTo(TinyPipeline.lines(folder.resolve("reference/dead-letters")))
                .hasSize(1);
    }

    /** As of a source that does not end: the errors come while it goes on, and once each. */
    @Test
    void tellsTheErrorsOfForecasts() throws Exception {
        Files.writeString(
                pipeline.file(),
                Files.readString(pipeline.file())
                        + "errors: {type: jsonl, path: out/errors, over: 4}\n");
        run("reference", 1, "errors.path=" + folder.resolve("reference/errors"));
        run("other", 2, "errors.path=" + folder.resolve("other/errors"), "source.frame=7");

        assertThat(TinyPipeline.lines(folder.resolve("reference/errors")))
                .isEqualTo(TinyPipeline.lines(folder.resolve("other/errors")))
                .hasSizeGreaterThan(190)
                .allSatisfy(line -> assertThat(line).startsWith("{\"type\":\"ForecastError\""));
    }

    @Test
    void aStepCanBeAddedBetweenSavepointAndRestore() throws Exception {
        nothingMissing();
        run("reference", 1);

        String savepoint = stopInTheMiddle("changed", withoutFill());
        restore("changed", pipeline.file(), savepoint);

        assertThat(results("changed")).isEqualTo(results("reference"));
    }

    @Test
    void aStepCanBeRemovedBetweenSavepointAndRestore() throws Exception {
        nothingMissing();
        run("reference", 1);

        String savepoint = stopInTheMiddle("changed", pipeline.file());
        restore("changed", withoutFill(), savepoint);

        assertThat(results("changed")).isEqualTo(results("reference"));
    }

    /** So that the results do not depend on the step that comes or goes, only on the others. */
    private void nothingMissing() throws IOException {
        pipeline.withRecording("t", 35);
    }

    private Path withoutFill() throws IOException {
        return Files.writeString(
                folder.resolve("without-fill.yaml"),
                Files.readString(pipeline.file()).replaceFirst(FILL, ""));
    }

    private void run(String output, int parallelism, String... overrides) throws Exception {
        StreamExecutionEnvironment environment = environment(parallelism, new Configuration());
        PipelineBuilder.build(environment, spec(pipeline.file(), output, overrides));
        environment.execute();
    }

    private String stopInTheMiddle(String output, Path file) throws Exception {
        StreamExecutionEnvironment environment = environment(1, new Configuration());
        PipelineBuilder.build(environment, spec(file, output, SLOWLY));
        RepeatLast.INFERRED.drainPermits();
        JobClient job = environment.executeAsync();
        RepeatLast.INFERRED.acquire(STOPPED_AFTER);
        return job.stopWithSavepoint(
                        false,
                        folder.resolve("savepoints").toUri().toString(),
                        SavepointFormatType.CANONICAL)
                .get();
    }

    private void restore(String output, Path file, String savepoint) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        // The state of a step that was removed is left behind on purpose.
        configuration.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
        StreamExecutionEnvironment environment = environment(1, configuration);
        PipelineBuilder.build(environment, spec(file, output));
        RepeatLast.INFERRED.drainPermits();
        environment.execute();
        assertThat(RepeatLast.INFERRED.availablePermits()).isBetween(1, WINDOWS - STOPPED_AFTER);
    }

    private static StreamExecutionEnvironment environment(
            int parallelism, Configuration configuration) {
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return StreamExecutionEnvironment.createLocalEnvironment(configuration);
    }

    private PipelineSpec spec(Path file, String output, String... overrides) {
        List<String> all = new ArrayList<>(List.of(overrides));
        all.add("sink.path=" + folder.resolve(output).resolve("results"));
        all.add("dead-letters.path=" + folder.resolve(output).resolve("dead-letters"));
        return PipelineSpec.load(file, all);
    }

    private List<String> results(String output) throws IOException {
        return TinyPipeline.lines(folder.resolve(output).resolve("results"));
    }
}
