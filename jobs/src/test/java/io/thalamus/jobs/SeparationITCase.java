/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.jobs.spec.PipelineSpec;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeparationITCase {
    @TempDir private Path folder;

    /** Voices are streams of their own, whose keys belong to other tasks than the recording's. */
    @Test
    void voicesAreTheSameAtAnyParallelism() throws Exception {
        assertThat(run(3)).isEqualTo(run(1)).isNotEmpty();
    }

    private List<String> run(int parallelism) throws Exception {
        Path out = folder.resolve("at-" + parallelism);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(parallelism);
        PipelineBuilder.build(
                environment,
                PipelineSpec.load(
                        Path.of("../pipelines/separate.yaml"),
                        List.of(
                                "sink.path=" + out.resolve("voices"),
                                "annotations.path=" + out.resolve("annotations"),
                                "dead-letters.path=" + out.resolve("refused"))));
        environment.execute();
        return TinyPipeline.lines(out.resolve("voices"));
    }
}
