/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.connectors.Received;
import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/**
 * Ten thousand streams through the forecast pipeline in one process: its memory as it goes on, and
 * the size of a checkpoint, which is the state of all streams. Each stream brings frames of a day
 * in turn, and is forecast from every fourth day on.
 */
public final class ManyStreams {
    private static final int STREAMS = 10_000;
    private static final int FRAME = 24;
    private static final int FRAMES = 24;
    private static final Duration CHECKPOINTS = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final double MEGABYTE = 1 << 20;
    private static final SampleRate HOURLY = new SampleRate(1, 3600);

    private ManyStreams() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("thalamus-streams-");
        try {
            run(folder);
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private static void run(Path folder) throws Exception {
        Path checkpoints = folder.resolve("checkpoints");
        PipelineSpec spec =
                PipelineSpec.load(
                        Path.of("pipelines/forecast.yaml"),
                        List.of(
                                "window.hop=96",
                                "sink.path=" + folder.resolve("forecasts"),
                                "dead-letters.path=" + folder.resolve("dead-letters")));
        Configuration configuration = new Configuration();
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINTS);
        configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        PipelineBuilder.build(
                environment, spec, frames(environment, spec.model().orElseThrow().signature()));
        System.out.println(
                "| seconds | heap in use, MB | process, MB | checkpoint, bytes a stream |");
        System.out.println("| --- | --- | --- | --- |");
        long start = System.nanoTime();
        CompletableFuture<?> end = environment.executeAsync("many-streams").getJobExecutionResult();
        while (!isOver(end)) {
            look(start, checkpoints);
        }
        System.out.printf(
                Locale.ROOT,
                "%n%,d streams, %,d frames, %.0f s%n",
                STREAMS,
                (long) STREAMS * FRAMES,
                Rounds.secondsSince(start));
    }

    /** Waits for the end, but no longer than until the next look. */
    private static boolean isOver(CompletableFuture<?> end) throws Exception {
        try {
            end.get(LOOK.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private static DataStream<Received> frames(
            StreamExecutionEnvironment environment, ModelSignature signature) {
        List<String> channels = signature.channelNames();
        return environment
                .fromSequence(0, (long) STREAMS * FRAMES - 1)
                .uid("numbers")
                .map(number -> Received.frame(frame(number, channels)))
                .returns(TypeInformation.of(Received.class))
                .name("source")
                .uid("source");
    }

    private static SignalFrame frame(long number, List<String> channels) {
        long stream = number % STREAMS;
        long first = number / STREAMS * FRAME;
        float[] samples = new float[channels.size() * FRAME];
        for (int i = 0; i < samples.length; i++) {
            double hour = first + i % FRAME + stream;
            samples[i] = (float) (5 * Math.sin(2 * Math.PI * hour / 24) + i / FRAME);
        }
        return new SignalFrame(
                "stream-" + stream, first, 0, HOURLY.nanosOf(first), HOURLY, channels, samples, 0);
    }

    private static void look(long start, Path checkpoints) throws IOException {
        System.gc();
        double heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEGABYTE;
        System.out.printf(
                Locale.ROOT,
                "| %.0f | %.0f | %.0f | %s |%n",
                Rounds.secondsSince(start),
                heap,
                Memory.resident(),
                lastCheckpoint(checkpoints)
                        .map(bytes -> "%,d".formatted(bytes / STREAMS))
                        .orElse(""));
    }

    /** The bytes of a checkpoint that is complete now; empty if none is. */
    private static Optional<Long> lastCheckpoint(Path checkpoints) throws IOException {
        if (!Files.isDirectory(checkpoints)) {
            return Optional.empty();
        }
        try (Stream<Path> found = Files.walk(checkpoints)) {
            return found.filter(file -> file.endsWith("_metadata"))
                    .max(Path::compareTo)
                    .map(file -> size(file.getParent()));
        } catch (UncheckedIOException e) {
            // Flink has removed an old one while it was looked at; the next look finds a newer.
            return Optional.empty();
        }
    }

    private static long size(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
