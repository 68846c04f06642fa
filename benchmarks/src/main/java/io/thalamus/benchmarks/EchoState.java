/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.thalamus.connectors.recording.RecordingFolder;
import io.thalamus.connectors.recording.WrittenFormat;
import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.simulation.CallSimulator;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/**
 * What keeping the echo canceller's state costs: windows of the shipped pipeline for a second of
 * the processor, from a call in a file to files, with the state on the heap and in RocksDB. The
 * processor's time, of all threads of the process, does not depend on what else the machine does.
 * The figures come from the difference of a long and a short run, so that starting Flink and the
 * engine does not count. Rounds of both backends take turns, and medians are printed.
 */
public final class EchoState {
    private static final Path PIPELINE = Path.of("pipelines/echo.yaml");
    private static final int SHORT_SECONDS = 4;
    private static final int LONG_SECONDS = 36;
    private static final int HOP = 256;
    private static final int RATE = 16_000;
    private static final int ROUNDS = 3;
    private static final int[] BLOCKS = {1, 8};
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** What is written with each window, and read with it. */
    private static final double STATE_MEGABYTES = 3.94;

    private final Path folder;

    private EchoState(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("thalamus-echo-state-");
        try {
            new EchoState(folder).measure();
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private void measure() throws Exception {
        Path shortCall = call("short", SHORT_SECONDS);
        Path longCall = call("long", LONG_SECONDS);
        System.out.println(
                "| frames a block | heap, windows/s | RocksDB, windows/s | RocksDB costs a window |"
                        + " state moved |");
        System.out.println("| --- | --- | --- | --- | --- |");
        for (int block : BLOCKS) {
            double[] heap = new double[ROUNDS];
            double[] disk = new double[ROUNDS];
            run(shortCall, block, "hashmap");
            for (int round = 0; round < ROUNDS; round++) {
                heap[round] = secondsAWindow(shortCall, longCall, block, "hashmap");
                disk[round] = secondsAWindow(shortCall, longCall, block, "rocksdb");
            }
            double heapSeconds = Rounds.median(heap);
            double diskSeconds = Rounds.median(disk);
            double cost = diskSeconds - heapSeconds;
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %.1f | %.1f | %.1f ms | %.0f MB/s |%n",
                    block,
                    1 / heapSeconds,
                    1 / diskSeconds,
                    1e3 * cost,
                    2 * STATE_MEGABYTES / cost);
        }
    }

    private Path call(String name, int seconds) throws IOException {
        try (RecordingFolder out =
                RecordingFolder.open(folder.toString(), WrittenFormat.WAV16, false)) {
            for (SignalFrame frame : new CallSimulator(1, seconds).frames(name)) {
                out.write(frame);
            }
            out.finish();
        }
        return folder.resolve(name + ".wav");
    }

    private double secondsAWindow(Path shortCall, Path longCall, int block, String backend)
            throws Exception {
        double seconds = run(longCall, block, backend) - run(shortCall, block, backend);
        return seconds * block * HOP / ((LONG_SECONDS - SHORT_SECONDS) * RATE);
    }

    private double run(Path call, int block, String backend) throws Exception {
        Path results = Files.createTempDirectory(folder, "results");
        PipelineSpec spec =
                PipelineSpec.load(
                        PIPELINE,
                        List.of(
                                "source.path=" + call,
                                "window.hop=" + block * HOP,
                                "sink.path=" + results.resolve("voice"),
                                "annotations.path=" + results.resolve("annotations"),
                                "dead-letters.path=" + results.resolve("dead-letters")));
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(
                        1, Configuration.fromMap(Map.of("state.backend.type", backend)));
        PipelineBuilder.build(environment, spec);
        long start = PROCESS.getProcessCpuTime();
        environment.execute("echo-state");
        double seconds = (PROCESS.getProcessCpuTime() - start) / 1e9;
        FileUtils.deleteDirectory(results.toFile());
        return seconds;
    }
}
