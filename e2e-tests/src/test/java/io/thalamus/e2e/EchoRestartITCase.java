/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.recording.RecordingFolder;
import io.thalamus.connectors.recording.WrittenFormat;
import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.simulation.CallSimulator;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed in the middle of a call, and another that goes on from the last
 * checkpoint, leave behind what one uninterrupted run does, sample for sample: what the network
 * carries from block to block is part of the checkpoint.
 */
class EchoRestartITCase {
    private static final Path PRESET = Checkout.ROOT.resolve("pipelines/echo.yaml");

    /** What the network carries of a call, in bytes. */
    private static final long MEMORY = 3_940_320;

    @TempDir static Path folder;

    @BeforeAll
    static void record() throws IOException {
        for (int seed = 1; seed <= 2; seed++) {
            try (RecordingFolder out =
                    RecordingFolder.open(
                            folder.resolve("calls").toString(), WrittenFormat.WAV16, false)) {
                for (SignalFrame frame : new CallSimulator(seed, 12.1).frames("call-" + seed)) {
                    out.write(frame);
                }
                out.finish();
            }
        }
    }

    @Test
    void aCallGoesOnWhereItWas() throws Exception {
        Path whole = folder.resolve("whole");
        run(Map.of(), settings(whole));
        List<String> expected = ForecastRuns.lines(whole.resolve("voice"));

        Path interrupted = folder.resolve("interrupted");
        List<String> paced = new ArrayList<>(settings(interrupted));
        // The calls last 48 s so, and thirty checkpoints 9 s at least.
        paced.add("source.speed=0.25");
        Path checkpoint = KilledRun.checkpoint(PRESET, paced, folder.resolve("killed"), 30);
        assertThat(bytes(checkpoint)).as("both calls have begun").isGreaterThan(2 * MEMORY);
        Path voice = interrupted.resolve("voice");
        assertThat(ForecastRuns.lines(voice)).hasSizeLessThan(expected.size());
        run(
                Map.of("execution.state-recovery.path", checkpoint.toUri().toString()),
                settings(interrupted));

        assertThat(ForecastRuns.lines(voice)).isEqualTo(expected);
    }

    private static long bytes(Path checkpoint) throws IOException {
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(checkpoint)) {
            for (Path file : files) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private static List<String> settings(Path results) {
        return List.of(
                "source.path=" + folder.resolve("calls"),
                "source.frame=400",
                "sink.path=" + results.resolve("voice"),
                "annotations.path=" + results.resolve("annotations"),
                "dead-letters.path=" + results.resolve("dead-letters"));
    }

    private static void run(Map<String, String> flink, List<String> settings) throws Exception {
        Configuration configuration = Configuration.fromMap(flink);
        configuration.setString("execution.checkpointing.interval", "500ms");
        configuration.setString(
                "execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        PipelineBuilder.build(environment, PipelineSpec.load(PRESET, settings));
        environment.execute("echo");
    }
}
