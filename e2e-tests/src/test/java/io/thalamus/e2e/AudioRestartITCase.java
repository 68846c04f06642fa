/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.recording.RecordingFolder;
import io.thalamus.connectors.recording.WrittenFormat;
import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.simulation.CallSimulator;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.SignalFrame;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A process that is killed in the middle of recordings, and another that goes on from the last
 * checkpoint, leave behind what one uninterrupted run does, sample for sample and stream for
 * stream: what a network carries from window to window is part of the checkpoint.
 */
class AudioRestartITCase {
    /** What the echo canceller carries of a call, in bytes. */
    private static final long CALL = 3_940_320;

    /** What the separator carries of a recording: a window of 4 s at 8 kHz for each of two. */
    private static final long VOICES = 2 * 32_000 * Float.BYTES;

    @TempDir private Path folder;

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aCallGoesOnWhereItWas() throws Exception {
        Path calls = folder.resolve("calls");
        for (int seed = 1; seed <= 2; seed++) {
            try (RecordingFolder out =
                    RecordingFolder.open(calls.toString(), WrittenFormat.WAV16, false)) {
                for (SignalFrame frame : new CallSimulator(seed, 12.1).frames("call-" + seed)) {
                    out.write(frame);
                }
                out.finish();
            }
        }
        assertGoesOn("echo.yaml", calls, 2 * CALL);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void voicesGoOnWhereTheyWere() throws Exception {
        Path shipped = Checkout.ROOT.resolve("pipelines/recordings/voices.wav");
        Path recordings = Files.createDirectories(folder.resolve("recordings"));
        for (int copy = 1; copy <= 2; copy++) {
            Files.copy(shipped, recordings.resolve("voices-" + copy + ".wav"));
        }
        assertGoesOn("separate.yaml", recordings, 2 * VOICES);
    }

    /**
     * Compares an interrupted run with a whole one.
     *
     * @param carried what the checkpoint holds at the least, in bytes, if all streams have begun
     */
    private void assertGoesOn(String preset, Path recordings, long carried) throws Exception {
        Path pipeline = Checkout.ROOT.resolve("pipelines").resolve(preset);
        Path whole = folder.resolve("whole");
        run(pipeline, Map.of(), settings(recordings, whole));
        List<String> expected = ForecastRuns.lines(whole.resolve("voice"));

        Path interrupted = folder.resolve("interrupted");
        List<String> paced = new ArrayList<>(settings(recordings, interrupted));
        paced.add("source.speed=0.5"); // so that most is still to come when it is killed
        Path voice = interrupted.resolve("voice");
        Path checkpoint =
                KilledRun.checkpoint(
                        pipeline,
                        paced,
                        folder.resolve("killed"),
                        any -> bytes(voice) >= bytes(whole.resolve("voice")) / 4);
        assertThat(bytes(checkpoint)).as("all streams have begun").isGreaterThan(carried);
        assertThat(ForecastRuns.lines(voice)).hasSizeLessThan(expected.size());
        run(
                pipeline,
                Map.of("execution.state-recovery.path", checkpoint.toUri().toString()),
                settings(recordings, interrupted));

        assertThat(ForecastRuns.lines(voice)).isEqualTo(expected);
    }

    /** What is in a folder, hidden files too; nothing if there is none yet. */
    private static long bytes(Path folder) {
        File[] files = folder.toFile().listFiles();
        return files == null ? 0 : Stream.of(files).mapToLong(File::length).sum();
    }

    private static List<String> settings(Path recordings, Path results) {
        return List.of(
                "source.path=" + recordings,
                "source.frame=400",
                "sink.path=" + results.resolve("voice"),
                "annotations.path=" + results.resolve("annotations"),
                "dead-letters.path=" + results.resolve("dead-letters"));
    }

    private void run(Path pipeline, Map<String, String> flink, List<String> settings)
            throws Exception {
        Configuration configuration = Configuration.fromMap(flink);
        configuration.setString("execution.checkpointing.interval", "5s");
        configuration.setString(
                "execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        PipelineBuilder.build(environment, PipelineSpec.load(pipeline, settings));
        environment.execute("audio");
    }
}
