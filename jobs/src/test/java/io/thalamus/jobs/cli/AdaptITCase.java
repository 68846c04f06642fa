/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.FastWeightsFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pipeline has learned is told from its savepoint, as its streams had it. */
class AdaptITCase {
    private static final Path CLASSIFIER =
            Path.of("../models-audio/src/test/resources/golden/classifier/group_norm")
                    .toAbsolutePath();
    private static final int BANDS = 6;
    private static final int WINDOW = 21;
    private static final int WINDOWS = 4;

    @TempDir private Path folder;
    private Path file;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void writePipeline() throws IOException {
        Files.createDirectory(folder.resolve("recordings"));
        for (int stream = 0; stream < 3; stream++) {
            SplittableRandom random = new SplittableRandom(stream);
            StringBuilder csv = new StringBuilder("time,b0,b1,b2,b3,b4,b5");
            for (int n = 0; n < WINDOWS * WINDOW; n++) {
                csv.append('\n').append(n * 0.016);
                for (int band = 0; band < BANDS; band++) {
                    csv.append(',').append((float) random.nextDouble(-1 - stream, 1));
                }
            }
            Files.writeString(folder.resolve("recordings/s" + stream + ".csv"), csv.append('\n'));
        }
        file =
                Files.writeString(
                        folder.resolve("pipeline.yaml"),
                        """
                        name: bands
                        source: {type: csv, path: recordings, rate: 125/2, time-format: epoch-seconds, speed: 1, loop: true}
                        model: {bundle: '%s', batch: {size: 1}}
                        adaptation: {preset: homeostat, alpha: 0.1}
                        sink: {type: jsonl, path: labels}
                        dead-letters: {type: jsonl, path: refused}
                        """
                                .formatted(CLASSIFIER));
    }
}
